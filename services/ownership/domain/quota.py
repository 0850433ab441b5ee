"""How many customers a person may hold."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from chassis.rules import Rule
from services.ownership.domain.policy import QuotaRules


@dataclass(frozen=True, slots=True)
class Person:
    """What the quota depends on."""

    staff_id: str
    department: str
    team: str
    roles: tuple[str, ...]
    hire_date: date
    personal_limit: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit with the rule that sets it."""

    count: int
    rule: Rule


def tenure_months(hire_date: date, today: date) -> int:
    """Return the whole calendar months from `hire_date` to `today`; 0 before the first is complete.

    A month is complete on the same day of the month, or on the last day of a shorter month.
    """
    months = (today.year - hire_date.year) * 12 + today.month - hire_date.month
    if hire_date + relativedelta(months=months) > today:
        months -= 1
    return max(months, 0)


def limit_for(person: Person, today: date, rules: QuotaRules) -> Limit:
    """Return the limit in force for `person` on `today` (a date in the policy's time zone)."""
    if person.personal_limit > 0:
        return Limit(person.personal_limit, rules.personal)
    facts = {
        "department": person.department,
        "team": person.team,
        "roles": list(person.roles),
        "tenure_months": tenure_months(person.hire_date, today),
    }
    for rule in rules.limits:
        if rule.holds(facts):
            return Limit(rule.limit.value, rule.limit)
    return Limit(rules.otherwise.value, rules.otherwise)


def counts(category: str, rules: QuotaRules) -> bool:
    """Whether a customer of `category` takes a slot of its holder's quota."""
    return category not in rules.excluded_categories.value
