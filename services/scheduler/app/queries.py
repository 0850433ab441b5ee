"""What people ask: which deadlines there are, and what a deadline would be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.kernel import SYSTEM
from chassis.keysets import Order
from chassis.unit import UnitOfWork
from services.scheduler.app import calendars, reckonings
from services.scheduler.app.leave import person, require_reader
from services.scheduler.domain.calendar import WorkingCalendar
from services.scheduler.domain.deadlines import deadline
from services.scheduler.domain.facts import Facts, State
from services.scheduler.domain.occurrences import next_occurrence
from services.scheduler.domain.policy import ClockRule, RunRule, SchedulerPolicy
from services.scheduler.domain.reasons import (
    AMOUNT_REQUIRED,
    CLOCK_UNKNOWN,
    NO_SUCH_DEADLINE,
    SPAN_INVALID,
    SPAN_TOO_LONG,
    WHOSE_REQUIRED,
    YEAR_UNKNOWN,
)
from services.scheduler.domain.standing import term_of
from services.scheduler.domain.terms import Count, Deadline, Term, count_working_days
from services.scheduler.store import clocks, leaves, ticks
from services.scheduler.store.tables import RUNNING
from services.scheduler.store.tables import clock as _clock

MOST_DAYS = 3660
BY_SUBJECT = Order((_clock.c.subject_id, _clock.c.clock))
BY_DUE = Order((_clock.c.due_at, _clock.c.subject_id, _clock.c.clock))
_RUNNING = [State.ARMED.value, State.WARNED.value, State.PAUSED.value]


@dataclass(frozen=True, slots=True)
class Preview:
    """When a clock would be due, and by what."""

    rule: ClockRule
    term: Term
    found: Deadline
    policy_version: int
    calendar: WorkingCalendar


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deadline somebody asks about; what is empty is as the subject's clock has it."""

    clock: str
    start: datetime | None = None
    party_id: str = ""
    amount: int = 0
    subject_id: str = ""
    known_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which clocks somebody asks for; empty is any. `by_due`: those that run, earliest first."""

    subject_id: str
    party_id: str
    clock: str
    running: bool
    by_due: bool
    due_before: datetime | None


@dataclass(frozen=True, slots=True)
class NextRun:
    """A run of policy, and the day and moment it is due next."""

    run: str
    rule: RunRule
    day: date
    due_at: datetime


def list_clocks(uow: UnitOfWork, wanted: Wanted) -> sa.Select[Any]:
    """Return the query of the clocks wanted; who may not see all sees the own ones."""
    whose = person(uow, wanted.party_id)
    if not (wanted.subject_id or whose or wanted.by_due):
        raise WHOSE_REQUIRED.refuse()
    if not uow.actor.has(SYSTEM):
        permission = uow.policy(SchedulerPolicy).rules.read.clocks
        if whose not in ("", uow.actor.staff_id):
            permission.require(uow.actor)
        elif not permission.allows(uow.actor):
            whose = uow.actor.staff_id
    columns = {"subject_id": wanted.subject_id, "party_id": whose, "clock": wanted.clock}
    conditions = [_clock.c[name] == value for name, value in columns.items() if value]
    if wanted.by_due:
        conditions.append(sa.literal_column(RUNNING, sa.Boolean()))
    elif wanted.running:
        conditions.append(_clock.c.state.in_(_RUNNING))
    if wanted.due_before:
        conditions.append(_clock.c.due_at < wanted.due_before)
    return sa.select(_clock).where(*conditions)


def preview(uow: UnitOfWork, asked: Asked) -> Preview:
    """Return when a clock would be due for a person, or why a subject's is, with the days.

    Refused for who may not see the person's leave, or not the subject's clock.
    """
    policy = uow.policy(SchedulerPolicy)
    rule = policy.rules.clocks.get(asked.clock)
    if rule is None:
        raise CLOCK_UNKNOWN.refuse(clock=asked.clock)
    facts = _facts_of(uow, asked) if asked.subject_id else Facts()
    amount = asked.amount or facts.amount or 0
    if rule.after.amount is None and not amount:
        raise AMOUNT_REQUIRED.refuse(clock=asked.clock)
    whose = person(uow, asked.party_id) or facts.party_id
    if whose:
        require_reader(uow, whose)
    basis = asked.start or facts.basis or uow.now
    company = reckonings.of_company(uow, policy)
    reckoning = reckonings.of_person(uow, company, rule, whose, basis)
    term = term_of(rule, amount)
    known = asked.known_due_at
    pauses = [pause for pause in facts.spans if known is None or pause.begin < known]
    found = deadline(basis, term, reckoning, pauses, known)
    return Preview(rule, term, found, policy.version, company.calendar)


def _facts_of(uow: UnitOfWork, asked: Asked) -> Facts:
    """Return what is known of a subject's clock, to its person and to readers of all."""
    found = clocks.of_subjects(uow, asked.clock, [asked.subject_id])
    readers = uow.policy(SchedulerPolicy).rules.read.clocks
    mine = bool(found) and found[0].facts.party_id == uow.actor.staff_id
    if not found or not (mine or readers.allows(uow.actor)):
        raise NO_SUCH_DEADLINE.refuse(clock=asked.clock)
    return found[0].facts


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
    reckoning = reckonings.of_company(uow, uow.policy(SchedulerPolicy))
    if whose:
        require_reader(uow, whose)
        reckoning = reckonings.with_leave(reckoning, leaves.days_of(uow, whose, first))
    return count_working_days(reckoning, first, last), reckoning.calendar


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
