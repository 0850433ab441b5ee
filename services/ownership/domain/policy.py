"""The ownership section of a policy pack."""

from typing import ClassVar, Literal

from chassis.conditions import FactTypes
from chassis.rules import (
    AdministratorPermission,
    Condition,
    Parameter,
    Permission,
    PermissionParameter,
    PolicySection,
    Rule,
    Strict,
)
from services.ownership.domain.departure_rules import DepartureRules, ReallocationRules
from services.ownership.domain.dispute_policy import DisputeRules
from services.ownership.domain.lead_rules import InboundRules, RotaRules
from services.ownership.domain.run_policy import DistributionRules, ReclaimRules, RunRules


class QuotaLimit(Condition):
    """A limit for the people of whom `when` is true."""

    fact_types: ClassVar[FactTypes] = {
        "department": "string",
        "team": "string",
        "roles": "strings",
        "tenure_months": "int",
    }
    limit: Parameter[int]


class QuotaRules(Strict):
    """How many customers a person may hold: a personal limit, else the first that applies."""

    personal: Rule
    limits: tuple[QuotaLimit, ...]
    otherwise: Parameter[int]
    excluded_categories: Parameter[tuple[str, ...]]
    on_overflow: Parameter[Literal["keep"]]


class LibraryRules(Strict):
    """What may lie in a private library, and who may look into it besides its holder."""

    allowed_categories: Parameter[tuple[str, ...]]
    readers: PermissionParameter
    admitted: Rule


class PoolRules(Strict):
    """Who may see and claim what nobody holds."""

    unheld: Rule
    list: Permission
    enter: Rule


class ClaimRules(Strict):
    """Who may claim, and what stands against a claim."""

    permission: Permission
    review: Parameter[bool]
    already_protected: Rule
    same_organisation: Rule
    cooldown_days: Parameter[int]
    blocked: Rule


class ReleaseRules(Strict):
    """Where a released customer goes."""

    collected: Rule
    route: Parameter[Literal["awaiting_distribution", "public_pool"]]
    pool_after_releasers: Parameter[int]
    statistics: Permission


class StaffRules(Strict):
    """Who keeps the staff directory."""

    manage: AdministratorPermission
    read: AdministratorPermission


class OwnershipPolicy(PolicySection):
    """Everything ownership decides by."""

    quota: QuotaRules
    library: LibraryRules
    pool: PoolRules
    claim: ClaimRules
    release: ReleaseRules
    staff: StaffRules
    inbound: InboundRules
    rota: RotaRules
    departure: DepartureRules
    reallocation: ReallocationRules
    frozen: Rule
    dispute: DisputeRules
    reclaim: ReclaimRules
    distribution: DistributionRules
    runs: RunRules
