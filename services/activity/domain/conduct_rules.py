"""Rules about the conduct of people: assessments, spot checks, violations."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chassis.rules import ClauseId, Parameter, Permission, PermissionParameter, Rule, Strict, Wrong

Name = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
Result = Literal["genuine", "substandard", "faked"]
CheckKind = Literal["follow_up", "call"]


class Penalty(Strict):
    """One penalty of a step. `amount_cents` is 0 where the source names none."""

    kind: Name
    issued_by: Name
    amount_cents: int = Field(default=0, ge=0)


class Step(Rule):
    """What a person's violations lead to from `at` of them on."""

    at: Parameter[int]
    status: Name
    penalties: tuple[Penalty, ...] = ()
    opens: Literal["dismissal", ""] = ""
    blocks_claims: bool = False


class ViolationRules(Strict):
    """H-6.1: what counts as a violation, and what follows."""

    confirm: Permission
    revoke: Permission
    explicit: Rule
    """Only breaches of a published clause count (H-6.1a)."""
    clauses: Parameter[tuple[ClauseId, ...]]
    window_days: Parameter[int]
    steps: tuple[Step, ...]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        counts = [step.at.value for step in self.steps]
        if counts != sorted(set(counts)) or (counts and counts[0] < 1):
            raise Wrong(
                "各级次数须从 1 起，且逐级增加",
                "the steps must begin at 1 or more, each later than the one before",
            )
        return self


class SpotCheckRules(Strict):
    """H-4.5f, H-6.7c: Customer Service looks at records and calls, every working day."""

    record: Permission
    voiding: Parameter[tuple[Result, ...]]
    """The results that make a follow-up invalid."""
    void: Rule
    daily: Rule
    daily_kinds: Parameter[tuple[CheckKind, ...]]
    """The checks that meet the daily obligation."""
    report: Permission


class CallRules(Strict):
    """H-4.5b: the assessment of a week's calls."""

    record: Permission


class ConductRules(Strict):
    """Everything about the conduct of people."""

    violations: ViolationRules
    spot_checks: SpotCheckRules
    calls: CallRules
    readers: PermissionParameter
    """Besides the people themselves."""
