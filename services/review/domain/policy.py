"""The review section of a policy pack: case types."""

from typing import ClassVar, Literal, Self, get_args

from pydantic import Field, model_validator

from chassis.conditions import FactTypes
from chassis.rules import (
    Condition,
    Grant,
    Parameter,
    Permission,
    PolicySection,
    Rule,
    Strict,
    Wrong,
)

OpeningEvent = Literal[
    "crm.customers.customer.release_marked.v1",
    "crm.ownership.reallocation.proposed.v1",
    "crm.ownership.dispute.proposed.v1",
    "crm.activity.dismissal.proposed.v1",
]
OPENING_EVENTS: tuple[str, ...] = get_args(OpeningEvent)
"""The events that can open cases: those this service subscribes to for it."""


ALWAYS = "true"
"""The condition of a step that every case takes."""


class Check(Rule):
    """A test that the reviewer must record. `evidence` names what the system itself found about it.

    When the evidence speaks against passing, `contradicted` says what that means: `refuse`, only
    rejection is possible; `reason`, passing needs a written reason.
    """

    name: str = Field(pattern=r"^[a-z_]{1,40}$")
    evidence: Literal["duplicate", "incomplete", ""] = ""
    contradicted: Literal["refuse", "reason"] = "refuse"


class Ask(Rule):
    """Something that whoever approves must state, in at most `most` characters.

    `kind` says what is asked for: a text, or the id of a member of the staff.
    """

    name: str = Field(pattern=r"^[a-z_]{1,40}$")
    kind: Literal["text", "staff"] = "text"
    most: int = Field(default=200, ge=1, le=1000)


class Step(Condition, Rule):
    """One decision by one role, within the reach that the role has here.

    It is taken when `when` holds of the `outcome` that the case proposes. A person who decides one
    step and holds the role of the next decides both by that act, unless the next is an `own_act` or
    asks for answers.
    """

    fact_types: ClassVar[FactTypes] = {"outcome": "string"}
    when: str = ALWAYS
    role: Parameter[str] | str
    scope: Literal["company", "department", "team"] = "company"
    asks: tuple[Ask, ...] = ()
    own_act: bool = False

    @property
    def by(self) -> Grant:
        """Who decides."""
        role = self.role if isinstance(self.role, str) else self.role.value
        return Grant(role=role, scope=self.scope)


class Title(Strict):
    """What people call something."""

    zh: str = Field(min_length=1, max_length=40)
    en: str = Field(min_length=1, max_length=40)


class CaseType(Rule):
    """What people decide: who applies or which event opens it, in which steps, what is recorded.

    Its sentence says what it is for, its `title` what people call it. Instead of steps a type may
    have a `chain` of roles: the first proposes, the others decide in this order, the last by an act
    of its own.
    """

    title: Title | None = None
    flow: Literal["register", "claim", "release", "ruling", "reallocation", "dismissal"]
    opened_by: OpeningEvent | None = None
    applicants: Permission | None = None
    steps: tuple[Step, ...] = ()
    chain: Parameter[tuple[str, ...]] | None = None
    consent: Parameter[bool] | None = None
    checks: tuple[Check, ...] = ()
    reason_on_reject: Parameter[bool]
    deadline_hours: Parameter[int] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.flow in ("register", "claim")) == (self.opened_by is not None):
            raise Wrong(
                "新客户和申请保护由人提交，其他流程由事件开启",
                "people submit register and claim; an event opens every other flow",
            )
        if self.opened_by is None and self.applicants is None:
            raise Wrong("缺少申请人（applicants）", "who may apply? applicants are missing")
        if bool(self.steps) == (self.chain is not None):
            raise Wrong("审核步骤与审批链须二者择一", "either steps or a chain")
        return self

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """Every step that a case of this type can have, in order; none when nobody is asked."""
        if self.consent is not None and not self.consent.value:
            return ()
        if self.chain is None:
            return self.steps
        *between, last = self.chain.value
        rule = {name: getattr(self.chain, name) for name in Rule.model_fields}
        steps = [Step(role=role, **rule) for role in between[1:]]
        return (*steps, Step(role=last, own_act=True, **rule)) if between else ()

    def steps_for(self, outcome: str) -> tuple[Step, ...]:
        """Return the steps of a case that proposes `outcome`."""
        return tuple(step for step in self.all_steps if step.holds({"outcome": outcome}))


class QueueRules(Strict):
    """How reviewers share a queue."""

    take_minutes: Parameter[int]
    abandon_seconds: Parameter[int]
    attention_seconds: Parameter[int]


class ReviewPolicy(PolicySection):
    """Everything review decides by."""

    case_types: dict[str, CaseType]
    queue: QueueRules

    def opened_by(self, event_type: str) -> dict[str, CaseType]:
        """Return the case types that an event opens, by name."""
        return {n: found for n, found in self.case_types.items() if found.opened_by == event_type}
