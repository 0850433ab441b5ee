"""What is heard starts, moves, stops and pauses clocks."""

from dataclasses import replace
from datetime import datetime

from chassis.kernel import Received
from chassis.policies import InForce
from chassis.unit import UnitOfWork
from services.scheduler.app import reckonings
from services.scheduler.app.announcing import ARMED, announce
from services.scheduler.domain.deadlines import deadline
from services.scheduler.domain.facts import Fact, Facts, Moved, State, join
from services.scheduler.domain.policy import ClockRule, SchedulerPolicy
from services.scheduler.domain.standing import Heard, due, facts_in, term_of
from services.scheduler.domain.terms import Reckoning
from services.scheduler.store import clocks, leaves
from services.scheduler.store.clocks import Announced, Clock


def hear(uow: UnitOfWork, event: Received) -> None:
    """Take in what an event says about clocks, and announce those whose deadline changed.

    In whatever order events come, however often: what is known in the end is the same.
    """
    policy = uow.policy(SchedulerPolicy)
    heard = Heard(event.type, event.subject, event.sequence, event.time, event.data)
    company: Reckoning | None = None
    changed = []
    for name, rule in policy.rules.clocks.items():
        for subject_id, fact in facts_in(rule, heard):
            company = company or reckonings.of_company(uow, policy)
            row = _learn(uow, policy, company, (subject_id, name, rule), fact)
            if row is not None:
                changed.append(row)
    if company and changed:
        announce(uow, ARMED, policy, changed, company.calendar.version)


def place_staff(uow: UnitOfWork, event: Received) -> None:
    """Remember where a person works: their supervisor records their leave."""
    data = event.data
    leaves.keep_place(uow, event.subject, data["department"], data["team"], event.sequence)


def _learn(
    uow: UnitOfWork,
    policy: InForce[SchedulerPolicy],
    company: Reckoning,
    which: tuple[str, str, ClockRule],
    fact: Fact,
) -> Announced | None:
    """Join a fact to its clock; return what to announce, None when nothing runs differently."""
    subject_id, name, rule = which
    if isinstance(fact, Moved) and fact.at and rule.after.amount:
        moved = _move(uow, policy, company, which, (fact.mark, fact.at))
        if moved is not None:
            return moved
    known = clocks.lock(uow, subject_id, name)
    facts = join(known.facts if known else Facts(), fact)
    if known and facts is known.facts:
        return None
    clock = _standing(uow, policy, company, which, facts, known)
    if known:
        clocks.save(uow, [clock])
    else:
        clocks.add(uow, clock)
    return clocks.announced(clock) if clock.state in (State.ARMED, State.WARNED) else None


def _move(
    uow: UnitOfWork,
    policy: InForce[SchedulerPolicy],
    company: Reckoning,
    which: tuple[str, str, ClockRule],
    move: tuple[int, datetime],
) -> Announced | None:
    """Move a clock by one write, if nothing but the move decides when it is due."""
    subject_id, name, rule = which
    mark, moved_at = move
    return clocks.move(
        uow,
        subject_id,
        name,
        mark=mark,
        moved_at=moved_at,
        due=deadline(moved_at, term_of(rule, None), company),
        policy_version=policy.version,
        calendar_version=company.calendar.version,
    )


def _standing(
    uow: UnitOfWork,
    policy: InForce[SchedulerPolicy],
    company: Reckoning,
    which: tuple[str, str, ClockRule],
    facts: Facts,
    known: Clock | None,
) -> Clock:
    """Return the clock as it stands with what is known now."""
    subject_id, name, rule = which
    reckoning = company
    if facts.started_at:
        reckoning = reckonings.of_person(uow, company, rule, facts.party_id, facts.started_at)
    same_basis = known is not None and known.facts.basis == facts.basis
    floor = known.floor_at if known and same_basis else None
    found = due(rule, facts, reckoning, floor)
    clock = Clock(
        subject_id=subject_id,
        clock=name,
        state=facts.runs,
        facts=facts,
        plain=reckoning is company and not facts.pauses and facts.amount is None,
        basis_at=facts.basis,
        due_at=found.due_at if found else None,
        warn_at=found.warn_at if found else None,
        floor_at=floor,
        version=(known.version if known else 0) + 1,
        policy_version=policy.version,
        calendar_version=company.calendar.version,
    )
    warned = known and known.state is State.WARNED and same_basis
    if found and known and warned and known.due_at == found.due_at:
        return replace(clock, state=State.WARNED)
    return clock
