"""The vocabulary of a policy pack: rules, parameters, permissions, conditions.

Pure types, shared by the services' policy models (`services/*/domain/policy.py`)
and by the loader of pack files.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chassis.conditions import FactTypes, check_condition, holds
from chassis.kernel import ADMINISTRATOR, FORBIDDEN, Identity, Refused, Sentence

Scope = Literal["company", "department", "team"]
ClauseId = Annotated[str, StringConstraints(pattern=r"^[A-Z]-\d+(\.[A-Za-z0-9]+)*[a-z0-9]*$")]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""The widest first."""
Value = TypeVar("Value")


class Wrong(ValueError):
    """What a validator of a pack finds wrong, said in the two languages that people read."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.say = Sentence(zh, en)


class Strict(BaseModel):
    """A part of a pack. An unknown key is an error; nothing can be changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Strict):
    """A statement of the rule book: its clause ids and one sentence of ours in two languages."""

    clauses: tuple[ClauseId, ...] = Field(min_length=1)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def clause(self) -> str:
        """The clause ids as decisions quote them, e.g. `H-2.2a, H-2.2b`."""
        return ", ".join(self.clauses)

    @property
    def say(self) -> Sentence:
        """The rule's sentence."""
        return Sentence(self.zh, self.en)


class Parameter(Rule, Generic[Value]):
    """A rule with a tunable value. `ours` marks a reading that the source does not state."""

    name: str
    value: Value
    unit: str
    ours: bool = False


class Grant(Strict):
    """A role, and how far it reaches: the whole company, the own department, or the own team."""

    role: str
    scope: Scope = "company"

    def covers(self, actor: Identity, department: str, team: str) -> bool:
        """Whether `actor` has the role, and `department` and `team` lie in its reach."""
        if not actor.has(self.role):
            return False
        if self.scope == "company":
            return True
        if actor.department != department:
            return False
        return self.scope == "department" or (actor.team == team and team != "")


class Granting(Rule):
    """A rule that lets some people do something."""

    def _who(self) -> tuple[Grant, ...]:
        raise NotImplementedError

    def allows(self, actor: Identity, department: str = "", team: str = "") -> bool:
        """Whether `actor` may do it to something of `department` and `team`."""
        return any(grant.covers(actor, department, team) for grant in self._who())

    def reach(self, actor: Identity) -> Scope | None:
        """How far `actor` may do it, by the widest of the actor's grants; None: nowhere."""
        here = actor.department, actor.team
        reaches = {grant.scope for grant in self._who() if grant.covers(actor, *here)}
        return next((scope for scope in SCOPES if scope in reaches), None)

    def refusal(self) -> Refused:
        """The refusal for someone who may not: it quotes the rule and discloses nothing."""
        return Refused(FORBIDDEN.code, FORBIDDEN.kind, self.say, clause=self.clause)

    def require(self, actor: Identity, department: str = "", team: str = "") -> None:
        """Raise the refusal unless `actor` may."""
        if not self.allows(actor, department, team):
            raise self.refusal()


class Permission(Granting):
    """Who may do something."""

    grants: tuple[Grant, ...] = Field(min_length=1)

    def _who(self) -> tuple[Grant, ...]:
        return self.grants


class AdministratorPermission(Permission):
    """Who may do something besides the platform's administrator, who may in any case."""

    def _who(self) -> tuple[Grant, ...]:
        return (*self.grants, Grant(role=ADMINISTRATOR))


class PermissionParameter(Granting, Parameter[tuple[Grant, ...]]):
    """Who may do something, as a tunable parameter."""

    def _who(self) -> tuple[Grant, ...]:
        return self.value


class AdministratorPermissionParameter(PermissionParameter):
    """Who may do something besides the platform's administrator, as a tunable parameter."""

    def _who(self) -> tuple[Grant, ...]:
        return (*self.value, Grant(role=ADMINISTRATOR))


class RoleParameter(Granting, Parameter[str]):
    """The role that does something, everywhere, as a tunable parameter."""

    def _who(self) -> tuple[Grant, ...]:
        return (Grant(role=self.value),)


class Condition(Strict):
    """A CEL expression, type-checked when the pack is loaded.

    It speaks of the facts that its engine declares (`fact_types` of the subclass) and of the
    parameters named in `given`.
    """

    fact_types: ClassVar[FactTypes] = {}
    when: str
    given: dict[str, Parameter[int | str]] = {}

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_condition(self.when, self._types())
        return self

    def _types(self) -> FactTypes:
        given = {n: "int" if isinstance(p.value, int) else "string" for n, p in self.given.items()}
        return {**self.fact_types, **given}

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Evaluate it; raises ValueError when a declared fact is missing or of another type."""
        given = {name: parameter.value for name, parameter in self.given.items()}
        return holds(self.when, self._types(), {**facts, **given})


class OperationsRules(Strict):
    """Who may look behind the scenes of a service."""

    read_decisions: Permission
    operate: AdministratorPermission
    apply_policy: AdministratorPermissionParameter | None = None
    """Besides the platform's administrator, who may in any case; nobody without it."""
    preview_policy: PermissionParameter | None = None
    """Besides those who may apply it."""
    confirm_share: Parameter[Annotated[int, Field(ge=0, le=100)]] | None = None
    """Above how many percent of what it could reach a new version must be confirmed."""
    confirm_from: Parameter[Annotated[int, Field(ge=0)]] | None = None
    """What reaches fewer need not be confirmed."""


class PolicySection(Strict):
    """What every service's section has beside its own rule groups.

    A section that was stored once stays readable: what a release adds has a default, and the
    rules that it takes away are `RETIRED`, by their dotted places. A stored version is read
    without them; a pack that still has them is refused.
    """

    RETIRED: ClassVar[frozenset[str]] = frozenset()

    operations: OperationsRules
