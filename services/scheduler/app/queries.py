"""What people ask: which deadlines there are, and what a deadline would be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.kernel import SYSTEM
from chassis.unit import UnitOfWork
from services.scheduler.app import calendars, reckonings
from services.scheduler.app.leave import person, require_reader
from services.scheduler.domain.calendar import Count, WorkingCalendar, count_working_days
from services.scheduler.domain.deadlines import deadline
from services.scheduler.domain.facts import State
from services.scheduler.domain.occurrences import next_occurrence
from services.scheduler.domain.policy import ClockRule, RunRule, SchedulerPolicy
from services.scheduler.domain.reasons import (
    AMOUNT_REQUIRED,
    CLOCK_UNKNOWN,
    SPAN_INVALID,
    SPAN_TOO_LONG,
    WHOSE_REQUIRED,
    YEAR_UNKNOWN,
)
from services.scheduler.domain.standing import term_of
from services.scheduler.domain.terms import Deadline, Term
from services.scheduler.store import clocks, leaves, ticks
from services.scheduler.store.clocks import Clock
from services.scheduler.store.tables import clock as _clock

MOST_DAYS = 3660
_RUNNING = [State.ARMED.value, State.WARNED.value, State.PAUSED.value]


@dataclass(frozen=True, slots=True)
class Preview:
    """When a clock would be due, and by what."""

    rule: ClockRule
    term: Term
    found: Deadline
    policy_version: int
    calendar_version: int


@dataclass(frozen=True, slots=True)
class NextRun:
    """A run of policy, and the day and moment it is due next."""

    run: str
    rule: RunRule
    day: date
    due_at: datetime


def list_clocks(
    uow: UnitOfWork,
    subject_id: str,
    party_id: str,
    clock: str,
    *,
    running: bool,
    after: tuple[str, str] | None,
    limit: int,
) -> list[Clock]:
    """Return clocks in the order of subject and kind; who may not see all sees the own ones."""
    whose = person(uow, party_id)
    if not (subject_id or whose):
        raise WHOSE_REQUIRED.refuse()
    conditions: list[sa.ColumnElement[bool]] = []
    if not uow.actor.has(SYSTEM):
        permission = uow.policy(SchedulerPolicy).rules.read.clocks
        if whose not in ("", uow.actor.staff_id):
            permission.require(uow.actor)
        elif not permission.allows(uow.actor):
            whose = uow.actor.staff_id
    if subject_id:
        conditions.append(_clock.c.subject_id == subject_id)
    if whose:
        conditions.append(_clock.c.party_id == whose)
    if clock:
        conditions.append(_clock.c.clock == clock)
    if running:
        conditions.append(_clock.c.state.in_(_RUNNING))
    if after:
        conditions.append(clocks.after(*after))
    return clocks.page(uow, conditions, limit, locked=False)


def preview(
    uow: UnitOfWork, clock: str, start: datetime | None, party_id: str, amount: int
) -> Preview:
    """Return when a clock that counts from `start` would be due for a person, with the days."""
    policy = uow.policy(SchedulerPolicy)
    rule = policy.rules.clocks.get(clock)
    if rule is None:
        raise CLOCK_UNKNOWN.refuse(clock=clock)
    if rule.after.amount is None and not amount:
        raise AMOUNT_REQUIRED.refuse(clock=clock)
    whose = person(uow, party_id)
    if whose:
        require_reader(uow, whose)
    basis = start or uow.now
    company = reckonings.of_company(uow, policy)
    reckoning = reckonings.of_person(uow, company, rule, whose, basis)
    term = term_of(rule, amount)
    found = deadline(basis, term, reckoning)
    return Preview(rule, term, found, policy.version, company.calendar.version)


def working_days(
    uow: UnitOfWork, first: date, last: date, staff_id: str
) -> tuple[Count, WorkingCalendar]:
    """Count the working days after `first` up to and including `last`, without a person's leave."""
    span = (last - first).days
    if span < 0:
        raise SPAN_INVALID.refuse(first=first.isoformat(), last=last.isoformat())
    if span > MOST_DAYS:
        raise SPAN_TOO_LONG.refuse(most=MOST_DAYS, days=span)
    whose = person(uow, staff_id)
    away: frozenset[date] = frozenset()
    if whose:
        require_reader(uow, whose)
        away = leaves.days_of(uow, whose, first)
    calendar = _calendar(uow)
    return count_working_days(calendar, first, last, away), calendar


def year_of(uow: UnitOfWork, year: int) -> tuple[WorkingCalendar, int]:
    """Return the calendar, and how many days of `year` are worked; refused for one it lacks."""
    calendar = _calendar(uow)
    if year not in calendar.years:
        raise YEAR_UNKNOWN.refuse(year=year)
    days = calendar.working_days(date(year, 1, 1), date(year, 12, 31))
    return calendar, sum(1 for _ in days)


def next_runs(uow: UnitOfWork, only: str) -> list[NextRun]:
    """Return the runs of policy with their next occurrence."""
    policy = uow.policy(SchedulerPolicy)
    policy.rules.read.runs.require(uow.actor)
    zone, calendar = ZoneInfo(policy.time_zone), _calendar(uow)
    return [
        NextRun(run, rule, *next_occurrence(rule.days, rule.time, zone, calendar, uow.now))
        for run, rule in policy.rules.runs.items()
        if only in ("", run)
    ]


def occurrences(
    uow: UnitOfWork, run: str, after: tuple[datetime, str] | None, limit: int
) -> Sequence[sa.RowMapping]:
    """Return the occurrences that were announced, the last first."""
    uow.policy(SchedulerPolicy).rules.read.runs.require(uow.actor)
    return ticks.page(uow, run, after, limit)


def _calendar(uow: UnitOfWork) -> WorkingCalendar:
    policy = uow.policy(SchedulerPolicy)
    return calendars.current(uow, policy.rules.calendar.country.value)
