"""The review section of a policy pack: case types."""

from typing import Literal

from pydantic import Field

from chassis.rules import Grant, Parameter, Permission, PolicySection, Rule, Strict


class Check(Rule):
    """A test that the reviewer must record. `evidence` names what the system itself found about it.

    When the evidence speaks against passing, `contradicted` says what that means: `refuse`, only
    rejection is possible; `reason`, passing needs a written reason.
    """

    name: str = Field(pattern=r"^[a-z_]{1,40}$")
    evidence: Literal["duplicate", "incomplete", ""] = ""
    contradicted: Literal["refuse", "reason"] = "refuse"


class Step(Rule):
    """One decision by one role, within the reach that the role has here."""

    role: Parameter[str] | str
    scope: Literal["company", "department", "team"] = "company"

    @property
    def by(self) -> Grant:
        """Who decides."""
        role = self.role if isinstance(self.role, str) else self.role.value
        return Grant(role=role, scope=self.scope)


class CaseType(Rule):
    """What people can apply for, who decides it, and what must be recorded."""

    flow: Literal["register", "claim", "release"]
    applicants: Permission
    steps: tuple[Step, ...]
    consent: Parameter[bool] | None = None
    checks: tuple[Check, ...] = ()
    reason_on_reject: Parameter[bool]
    deadline_hours: Parameter[int]

    @property
    def asked(self) -> tuple[Step, ...]:
        """The steps that are taken: none when policy wants no consent."""
        return self.steps if self.consent is None or self.consent.value else ()


class QueueRules(Strict):
    """How reviewers share a queue."""

    take_minutes: Parameter[int]
    abandon_seconds: Parameter[int]
    attention_seconds: Parameter[int]


class ReviewPolicy(PolicySection):
    """Everything review decides by."""

    case_types: dict[str, CaseType]
    queue: QueueRules

    def type_of_flow(self, flow: str) -> tuple[str, CaseType] | None:
        """Return the case type for a flow that another service starts, with its name."""
        found = [item for item in self.case_types.items() if item[1].flow == flow]
        return found[0] if found else None
