"""How every world begins: the haixin pack with small numbers, people and customers."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from crm.customers.v1 import customers_pb2 as customers
from crm.review.v1 import review_pb2 as review

from chassis.kernel import Identity
from chassis.policies import PolicyStore
from chassis.rules import PolicySection
from cli.pack_file import Pack
from tests import shelf
from tests.platform import SERVICES, Platform, haixin
from tests.simulation.companies import COMPANIES

SMALL = {"quota.tenure_lt_3m": 3, "quota.tenure_ge_3m": 2, "quota.ka": 4, "reclaim.days": 2}
VARIANTS: tuple[dict[str, Any], ...] = (
    SMALL,
    SMALL | {"claim.review": False, "reclaim.breaker_share": 30, "reclaim.breaker_from": 2},
    SMALL | {"release.needs_supervisor": False, "release.route": "public_pool"},
    SMALL
    | {
        "claim.review": False,
        "release.route": "public_pool",
        "pool.reclaim_cooldown_days": 1,
        "release.pool_after_releasers": 2,
    },
)


def with_values(values: Mapping[str, Any]) -> Pack:
    """Return the haixin pack with other values of some parameters."""
    pack = copy.deepcopy(haixin())
    for section in pack.sections.values():
        for name in values.keys() & section.parameters.keys():
            section.parameters[name]["value"] = values[name]
    return pack


def hire_everybody(platform: Platform) -> None:
    """Hire reps of different tenure, limit, department and team, reviewers and supervisors."""
    platform.hire("li", "李雷", hired="2024-01-01", team="1")
    platform.hire("wang", "王芳", hired="2025-12-03", team="1")
    platform.hire("zhao", "赵敏", hired="2025-12-02", team="2", limit=1)
    platform.hire("ma", "马丽", hired="2025-01-01", department="KA", team="1")
    platform.hire("qian", "钱多", ("sales_rep", "supervisor"), hired="2026-02-01", team="2")
    platform.hire("zhou", "周舟", ("customer_service",), department="cs")
    platform.hire("wu", "吴用", ("customer_service",), department="cs")
    platform.hire("sun", "孙权", ("supervisor",), team="1")
    platform.hire("hu", "胡适", ("supervisor", "customer_service"), team="2")
    platform.hire("hr", "何瑞", ("hr",), department="hr")
    platform.hire("marketing", "马凯", ("marketing_centre",), department="marketing")
    platform.hire("boss", "刘总", ("general_manager",), department="management")
    platform.hire("mo", "莫言", ("manager", "sales_manager"), department="sales")
    platform.hire("kong", "孔明", ("supervisor",), department="KA", team="1")


def fill(platform: Platform) -> None:
    """Put a few customers into the pool and into libraries, by the doors that everybody uses."""
    forms = [company.form(platform.random, "intended") for company in COMPANIES[:6]]
    request = customers.ImportCustomersRequest()
    for form in forms[:3]:
        request.rows.add(**form)
    platform.call(platform.customers.ImportCustomers, request, "zhou")
    for form, who in zip(forms[3:], ("li", "ma", "qian"), strict=True):
        check = platform.call(
            platform.customers.CheckDuplicates,
            customers.CheckDuplicatesRequest(full_name=form["full_name"]),
            who,
        )
        submit = review.SubmitCaseRequest(
            case_type="new_customer", check_id=check.duplicate_check.check_id
        )
        submit.form.update(form)
        case_id = platform.call(platform.review.SubmitCase, submit, who).case.case_id
        platform.call(platform.review.TakeCase, review.TakeCaseRequest(case_id=case_id), "zhou")
        decide = review.DecideCaseRequest(
            case_id=case_id,
            verdict=review.VERDICT_APPROVE,
            reason="已核实",
            checks={"not_duplicate": True, "complete": True},
        )
        platform.call(platform.review.DecideCase, decide, "zhou")
    platform.settle()


@cache
def changed_pack(variant: int, limit: int) -> Pack:
    """Return a variant with other limits and another term before customers are reclaimed."""
    values = {"quota.tenure_ge_3m": limit, "quota.ka": 2 * limit, "reclaim.days": limit}
    return with_values(VARIANTS[variant] | values)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What every world of a variant begins with."""

    images: dict[str, bytes]
    """The database of each service, with the pack in force and everybody hired."""
    rules: dict[str, PolicySection]
    people: dict[str, Identity]


@cache
def beginning(variant: int) -> Beginning:
    """Return the beginning of the worlds of a variant."""
    platform = Platform()
    platform.apply(with_values(VARIANTS[variant]))
    hire_everybody(platform)
    fill(platform)
    images, rules = {}, {}
    for service in SERVICES:
        parts = platform.parts[service.name]
        images[service.name] = shelf.image(parts.database)
        with parts.database.read() as connection:
            rules[service.name] = parts.policies.version(connection, 1)
        parts.database.close()
    return Beginning(images, rules, platform.people)


class KnownPolicies(PolicyStore):
    """A service's policies, the first of which need not be read again for every seed."""

    def __init__(self, model: type[PolicySection], first: PolicySection) -> None:
        super().__init__(model)
        self.parsed[1] = first
