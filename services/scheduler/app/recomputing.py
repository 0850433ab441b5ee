"""Deadlines follow the policy, the calendar and leave: computed again by pages, resumably."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from chassis.policies import InForce
from chassis.unit import UnitOfWork
from services.scheduler.app import calendars
from services.scheduler.app.announcing import ARMED, announce
from services.scheduler.app.reckonings import counts_leave, leave_of, of_company, with_leave
from services.scheduler.domain.facts import State
from services.scheduler.domain.policy import ClockRule, SchedulerPolicy
from services.scheduler.domain.standing import due
from services.scheduler.domain.terms import Reckoning
from services.scheduler.store import clocks, recomputations
from services.scheduler.store.clocks import Clock
from services.scheduler.store.tables import clock as _clock

PAGE = 500
PAGES = 4
"""How many pages whoever asks for settled deadlines helps with."""
_SHOWN = (State.ARMED, State.WARNED, State.FIRED)


def recompute_page(uow: UnitOfWork) -> bool:
    """Compute the next page of the oldest request again; return whether there was one.

    After a new policy version a deadline is what the policy says; after a calendar or leave it is
    never earlier than before, and one that had passed when they were recorded stays. A clock that
    fired is armed again only by a policy that is kinder.
    """
    job = recomputations.take(uow)
    if job is None:
        return False
    policy = uow.policy(SchedulerPolicy)
    found = clocks.page(uow, _conditions(job), PAGE, locked=True)
    company = of_company(uow, policy)
    away = leave_of(uow, company, found)
    changed = []
    for clock in found:
        rule = policy.rules.clocks.get(clock.clock)
        reckoning = company
        if rule and counts_leave(rule):
            reckoning = with_leave(company, away.get(clock.facts.party_id, frozenset()))
        again = recomputed(
            clock, rule, reckoning, policy, uow.now, kinder=job["cause"] != recomputations.POLICY
        )
        if again is not clock:
            changed.append(again)
    clocks.save(uow, changed)
    running = [clocks.announced(c) for c in changed if c.state in (State.ARMED, State.WARNED)]
    announce(uow, ARMED, policy, running, company.calendar.version)
    last = found[-1] if len(found) == PAGE else None
    progress = (
        {"after_subject_id": last.subject_id, "after_clock": last.clock}
        if last
        else {"done_at": uow.now}
    )
    recomputations.note(uow, job, progress)
    return True


def ask_for_what_changed(uow: UnitOfWork) -> None:
    """Have the clocks computed again for a calendar or a policy that nobody asked it for yet."""
    calendars.keep_up(uow)
    version = str(uow.policy(SchedulerPolicy).version)
    if not recomputations.is_asked(uow, recomputations.POLICY, version):
        recomputations.ask(uow, recomputations.POLICY, version)


def catch_up(uow: UnitOfWork) -> bool:
    """Compute again what waits for it, as far as some pages go; whether nothing waits any more."""
    ask_for_what_changed(uow)
    for _ in range(PAGES):
        if not recompute_page(uow):
            break
    return not recomputations.is_open(uow)


def recomputed(
    clock: Clock,
    rule: ClockRule | None,
    reckoning: Reckoning,
    policy: InForce[SchedulerPolicy],
    now: datetime,
    *,
    kinder: bool,
) -> Clock:
    """Return the clock as it stands now; the same object when nothing changes.

    With `kinder` it is never due earlier than before.
    """
    if reckoning.leave and clock.plain:
        clock = replace(clock, plain=False)
    stamped = replace(
        clock,
        version=clock.version + 1,
        policy_version=policy.version,
        calendar_version=reckoning.calendar.version,
    )
    if rule is None:
        if clock.state is State.DORMANT:
            return clock
        return replace(stamped, state=State.DORMANT, due_at=None, warn_at=None)
    floor = max(filter(None, (clock.due_at, clock.floor_at)), default=None) if kinder else None
    found = due(rule, clock.facts, reckoning, floor)
    if found is None:
        state = clock.facts.runs
        if clock.state is state:
            return clock
        return replace(stamped, state=state, due_at=None, warn_at=None)
    if clock.state in _SHOWN and found.due_at == clock.due_at:
        same_warning = clock.state is not State.ARMED or found.warn_at == clock.warn_at
        if kinder or same_warning:
            return clock
    if clock.state is State.FIRED and (
        kinder or found.due_at <= now or (clock.due_at and found.due_at <= clock.due_at)
    ):
        return clock
    return replace(
        stamped,
        state=State.ARMED,
        basis_at=clock.facts.basis,
        due_at=found.due_at,
        warn_at=found.warn_at,
        floor_at=floor,
    )


def _conditions(job: sa.RowMapping) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if job["after_subject_id"]:
        wanted.append(clocks.after(job["after_subject_id"], job["after_clock"]))
    if job["party_id"]:
        wanted.append(_clock.c.party_id == job["party_id"])
    states = [State.ARMED, State.WARNED]
    if job["cause"] == recomputations.POLICY:
        states += [State.FIRED, State.PAUSED, State.DORMANT]
    else:
        wanted.append(_clock.c.due_at > job["asked_at"])
    wanted.append(_clock.c.state.in_([state.value for state in states]))
    return wanted
