"""What is due is announced: clocks in batches, runs occurrence by occurrence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chassis.kernel import Event
from chassis.policies import InForce
from chassis.unit import UnitOfWork
from services.scheduler.app import calendars
from services.scheduler.app.announcing import DUE, WARNED, announce, written
from services.scheduler.domain.calendar import WorkingCalendar
from services.scheduler.domain.occurrences import occurrences
from services.scheduler.domain.policy import RunRule, SchedulerPolicy
from services.scheduler.store import due, recomputations, ticks

RUN_DUE = "crm.scheduler.run.due.v1"
BATCH = 500
OCCURRENCES = 100


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A run is due for a local day."""

    run: str
    day: date
    due_at: datetime


def fire(uow: UnitOfWork) -> bool:
    """Announce the earliest clocks that are due; return whether more may be.

    Each once, by one process: another one passes over what this one has in hand. None while
    deadlines wait to be computed again, which may make them later.
    """
    if recomputations.is_open(uow):
        return False
    fired = due.fire(uow, BATCH)
    if fired:
        policy = uow.policy(SchedulerPolicy)
        announce(uow, DUE, policy, fired, _calendar(uow, policy).version)
    return len(fired) == BATCH


def warn(uow: UnitOfWork) -> bool:
    """Send the earliest warnings that are due; return whether more may be."""
    if recomputations.is_open(uow):
        return False
    warned = due.warn(uow, BATCH)
    if warned:
        policy = uow.policy(SchedulerPolicy)
        announce(uow, WARNED, policy, warned, _calendar(uow, policy).version)
    return len(warned) == BATCH


def start_runs(uow: UnitOfWork) -> bool:
    """Announce the occurrences of runs that are due, in order; return whether more may be.

    However long nobody looked, every occurrence is announced, once. A run begins with the policy
    that brings it: what would have been due before is not made up for.
    """
    policy = uow.policy(SchedulerPolicy)
    waiting = due_runs(uow, policy)
    events = []
    for found in waiting:
        rule = policy.rules.runs[found.run]
        if ticks.claim(uow, found.run, found.day, found.due_at, policy.version):
            data = {
                "run": found.run,
                "clause": rule.clause,
                "date": found.day.isoformat(),
                "due_time": written(found.due_at),
            }
            events.append(Event(RUN_DUE, f"{found.run}/{found.day.isoformat()}", data))
    uow.emit_all(events)
    return len(waiting) == OCCURRENCES


def due_runs(uow: UnitOfWork, policy: InForce[SchedulerPolicy]) -> list[Occurrence]:
    """Return the first occurrences that are due and not announced, in due order."""
    runs = policy.rules.runs
    calendar, zone = _calendar(uow, policy), ZoneInfo(policy.time_zone)
    waiting: list[Occurrence] = []
    for run, last in ticks.last_days(uow, list(runs)).items():
        rule = runs[run]
        if last and not _any_due(rule, zone, calendar, last, uow.now):
            continue
        since = _since(uow, run)
        first = since.astimezone(zone).date() - timedelta(days=1)
        if last:
            first = max(first, last + timedelta(days=1))
        waiting += _of_run(run, rule, zone, calendar, first, since, uow.now)
    waiting.sort(key=lambda found: (found.due_at, found.run))
    return waiting[:OCCURRENCES]


def _any_due(
    rule: RunRule, zone: ZoneInfo, calendar: WorkingCalendar, last: date, now: datetime
) -> bool:
    following = last + timedelta(days=1)
    return any(occurrences(rule.days, rule.time, zone, calendar, following, now))


def _of_run(
    run: str,
    rule: RunRule,
    zone: ZoneInfo,
    calendar: WorkingCalendar,
    first: date,
    since: datetime,
    now: datetime,
) -> Iterator[Occurrence]:
    number = 0
    for day, due_at in occurrences(rule.days, rule.time, zone, calendar, first, now):
        if due_at > since:
            yield Occurrence(run, day, due_at)
            number += 1
        if number == OCCURRENCES:
            return


def _since(uow: UnitOfWork, run: str) -> datetime:
    """Return since when the policy has had a run without interruption."""
    since = uow.now
    for version, moment in ticks.versions(uow):
        if run not in uow.policy_version(SchedulerPolicy, version).runs:
            break
        since = min(since, moment)
    return since


def _calendar(uow: UnitOfWork, policy: InForce[SchedulerPolicy]) -> WorkingCalendar:
    return calendars.current(uow, policy.rules.calendar.country.value)
