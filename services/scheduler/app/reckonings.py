"""What a deadline is reckoned with: the policy's zone and hours, the calendar, a person's leave."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from chassis.policies import InForce
from chassis.unit import UnitOfWork
from services.scheduler.app import calendars
from services.scheduler.domain.policy import ClockRule, SchedulerPolicy
from services.scheduler.domain.terms import Reckoning, Unit
from services.scheduler.store import leaves
from services.scheduler.store.clocks import Clock

_COUNTING_LEAVE = (Unit.WORKING_DAYS, Unit.WORKING_HOURS)


def of_company(uow: UnitOfWork, policy: InForce[SchedulerPolicy]) -> Reckoning:
    """Return what counts for somebody who is never away."""
    rules = policy.rules.calendar
    calendar = calendars.current(uow, rules.country.value)
    return Reckoning(calendar, ZoneInfo(policy.time_zone), rules.hours)


def of_person(
    uow: UnitOfWork, company: Reckoning, rule: ClockRule, party_id: str, since: datetime
) -> Reckoning:
    """Return what counts for a clock of a person from `since` on: working time without leave."""
    if rule.after.unit not in _COUNTING_LEAVE:
        return company
    return with_leave(company, leaves.days_of(uow, party_id, company.day_of(since)))


def with_leave(company: Reckoning, days: frozenset[date]) -> Reckoning:
    """Return what counts for somebody who is away on these days."""
    if not days:
        return company
    return Reckoning(company.calendar, company.zone, company.hours, days)


def counts_leave(rule: ClockRule) -> bool:
    """Whether leave matters to a clock."""
    return rule.after.unit in _COUNTING_LEAVE


def leave_of(uow: UnitOfWork, company: Reckoning, found: list[Clock]) -> dict[str, frozenset[date]]:
    """Return the days of leave, by person, that may matter to clocks."""
    bases = [clock.facts.basis for clock in found if clock.facts.basis]
    parties = sorted({clock.facts.party_id for clock in found})
    return leaves.of_many(uow, parties, company.day_of(min(bases))) if bases else {}
