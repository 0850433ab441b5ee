"""Deadlines before somebody acts on them: what their announcements could not know yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.unit import UnitOfWork
from services.scheduler.app import reckonings, recomputing
from services.scheduler.domain.deadlines import deadline
from services.scheduler.domain.facts import State
from services.scheduler.domain.policy import ClockRule, SchedulerPolicy
from services.scheduler.domain.standing import term_of
from services.scheduler.store import clocks, leaves
from services.scheduler.store.clocks import Clock

_STANDING = (State.ARMED, State.WARNED, State.FIRED)


@dataclass(frozen=True, slots=True)
class Known:
    """A deadline as it was announced. Times are UTC."""

    subject_id: str
    version: int
    basis_at: datetime
    due_at: datetime


def settle(uow: UnitOfWork, name: str, known: Iterable[Known]) -> dict[str, datetime] | None:
    """Return the deadlines that are later by now than they were announced, by their subject.

    Counted from the same moment: what moved a clock since is not looked at. Leave that was
    recorded at a deadline or after it does not make it later. None while deadlines wait to be
    computed again, more than can be done at once.
    """
    if not recomputing.catch_up(uow):
        return None
    rule = uow.policy(SchedulerPolicy).rules.clocks.get(name)
    asked = {one.subject_id: one for one in known}
    if rule is None:
        return {}
    later = {
        clock.subject_id: due_at
        for clock in clocks.of_subjects(uow, name, list(asked))
        if (due_at := _due(uow, rule, clock, asked[clock.subject_id]))
    }
    return {subject_id: later[subject_id] for subject_id in asked if subject_id in later}


def _due(uow: UnitOfWork, rule: ClockRule, clock: Clock, known: Known) -> datetime | None:
    """Return the deadline of a clock if it is later than the known one."""
    if clock.version <= known.version or clock.state not in _STANDING:
        return None
    assert clock.basis_at
    assert clock.due_at
    if clock.basis_at < known.basis_at:
        return None
    due_at = clock.due_at
    if clock.basis_at > known.basis_at:
        due_at = _unmoved(uow, rule, clock, known)
    return due_at if due_at > known.due_at else None


def _unmoved(uow: UnitOfWork, rule: ClockRule, clock: Clock, known: Known) -> datetime:
    """Return when a clock that was moved since would have been due without that."""
    company = reckonings.of_company(uow, uow.policy(SchedulerPolicy))
    taken = leaves.taken(uow, clock.facts.party_id, company.day_of(known.basis_at))
    counting = taken if reckonings.counts_leave(rule) else ()
    term, due_at = term_of(rule, clock.facts.amount), known.due_at
    while True:
        away = leaves.days_in(row for row in counting if row["recorded_at"] < due_at)
        reckoning = reckonings.with_leave(company, away)
        found = deadline(known.basis_at, term, reckoning, clock.facts.spans, known.due_at)
        if found.due_at <= due_at:
            return due_at
        due_at = found.due_at
