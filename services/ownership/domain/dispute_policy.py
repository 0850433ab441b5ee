"""The rules that disputes are ruled by, as a policy pack states them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chassis.rules import Parameter, Permission, Rule, Strict, Wrong

Kind = Literal["performance", "duplicate", "appeal"]
RuleName = Literal["online_rule", "protection_time", "follow_up_window"]


def _each_once(names: tuple[RuleName, ...]) -> tuple[RuleName, ...]:
    if sorted(names) != sorted(RuleName.__args__):  # type: ignore[attr-defined]
        raise Wrong("每条规则须恰好列出一次", "every rule is asked exactly once")
    return names


Precedence = Annotated[tuple[RuleName, ...], AfterValidator(_each_once)]


class PerformanceRules(Strict):
    """Whose a signing is, when somebody signed a customer of another."""

    first_basis: Rule
    exclude_signing_day: Parameter[bool]
    window_days: Parameter[Annotated[int, Field(ge=0, le=365)]]
    invalid_ignored: Rule
    unfollowed: Rule
    secondary_development: Rule
    undisputed: Rule
    """What is credited at once: the holder signed, or nobody held the customer."""


class DuplicateRules(Strict):
    """Which of two records of one customer is kept."""

    online_rule: Parameter[Literal["original_holder_pool_copy_void"]]
    offline_rule: Parameter[Literal["earliest_protection"]]
    closed: Rule
    """What nobody may do with a record that was closed."""


class DisputeRules(Strict):
    """How disputes are raised, ruled, appealed, and who reads them."""

    precedence: Parameter[Precedence]
    online_categories: Parameter[tuple[str, ...]]
    performance: PerformanceRules
    duplicate: DuplicateRules
    raise_one: Permission
    report: Permission
    appeal: Permission
    appeal_days: Parameter[Annotated[int, Field(ge=0, le=3650)]]
    case_types: dict[Kind, str]
    """The case type in which people decide each kind."""
    read: Permission
    credits: Permission
    """Who reads the credits of others; everybody reads their own."""
