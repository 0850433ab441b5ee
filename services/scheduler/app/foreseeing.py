"""What a recurring run would find due if nothing else happened, under a policy that may not be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from chassis.policies import InForce, Proposal, Stake
from chassis.unit import UnitOfWork
from services.scheduler.app.reckonings import counts_leave, leave_of, of_company, with_leave
from services.scheduler.domain.foresight import due_if_before
from services.scheduler.domain.occurrences import next_occurrence
from services.scheduler.domain.policy import ClockRule, SchedulerPolicy
from services.scheduler.domain.reasons import CLOCK_UNKNOWN, RUN_UNKNOWN
from services.scheduler.domain.standing import due, term_of
from services.scheduler.domain.terms import Deadline, Reckoning, Unit
from services.scheduler.store import clocks
from services.scheduler.store.clocks import Clock
from services.scheduler.store.tables import clock as _t

RUNNING = ("armed", "warned", "fired")
"""The states of clocks that a new policy version counts again, and that are not paused."""
SOON = timedelta(days=1)
_BY_DAYS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """When the run is due, and which basis makes a clock due by then that hangs on nothing else."""

    run_at: datetime
    basis_before: datetime | None


def foresee(
    uow: UnitOfWork, policy: InForce[SchedulerPolicy], clock: str, run: str, after: datetime
) -> Foreseen:
    """Return what the first occurrence of a run after a moment would find due.

    Refused for a run that the policy has not; without the clock nothing is due.
    """
    rule = policy.rules.runs.get(run)
    if rule is None:
        raise RUN_UNKNOWN.refuse(run=run)
    company = of_company(uow, policy)
    _, run_at = next_occurrence(rule.days, rule.time, company.zone, company.calendar, after)
    return Foreseen(run_at, _basis_before(policy.rules.clocks.get(clock), company, run_at))


def others(
    uow: UnitOfWork,
    policy: InForce[SchedulerPolicy],
    clock: str,
    subject_ids: Sequence[str],
    before: datetime | None,
    after: str,
    limit: int,
) -> list[tuple[Clock, datetime]]:
    """Return the running clocks that hang on more than their basis, with when they would be due.

    By subject, those after `after`. A basis from `before` on is passed over: leave and pauses only
    make it later. With `subject_ids` the clocks of these, whatever they hang on.
    """
    rule = policy.rules.clocks.get(clock)
    if rule is None:
        raise CLOCK_UNKNOWN.refuse(clock=clock)
    wanted = [_t.c.clock == clock, _t.c.state.in_(RUNNING), _t.c.subject_id > after]
    if subject_ids:
        wanted.append(_t.c.subject_id.in_(subject_ids))
    else:
        wanted.append(~_t.c.plain)
        wanted.append(_t.c.amount.is_not(None) | (_t.c.basis_at < before if before else sa.false()))
    found = clocks.page(uow, wanted, limit, locked=False)
    company = of_company(uow, policy)
    away = leave_of(uow, company, found) if counts_leave(rule) else {}
    known: dict[tuple[str, date], Deadline | None] = {}
    answer = []
    for one in found:
        deadline = _due(one, rule, company, away.get(one.facts.party_id, frozenset()), known)
        if deadline:
            answer.append((one, deadline.due_at))
    return answer


def weigh(uow: UnitOfWork, proposal: Proposal) -> Stake:
    """Count the clocks that a version would make due within a day of coming into force.

    Only those that the version it replaces would not: of all that run, by their basis alone.
    """
    drafted = drafted_policy(proposal)
    number = proposal.replaced_version
    replaced = uow.policy_version(SchedulerPolicy, number)
    row = uow.policies.read(uow.connection, number)
    at_present = InForce(replaced, number, row["pack"], row["time_zone"])
    until = max(proposal.effective_at, uow.now) + SOON
    company, other = of_company(uow, at_present), of_company(uow, drafted)
    count = total = 0
    for name, rule in drafted.rules.clocks.items():
        before = _basis_before(replaced.clocks.get(name), company, until)
        now = _basis_before(rule, other, until)
        running = sa.select(sa.func.count()).where(_t.c.clock == name, _t.c.state.in_(RUNNING))
        total += uow.execute(running).scalar_one()
        if now and before and now > before:
            newly = running.where(_t.c.basis_at >= before, _t.c.basis_at < now)
            count += uow.execute(newly).scalar_one()
    return Stake(count, total)


def drafted_policy(proposal: Proposal) -> InForce[SchedulerPolicy]:
    """Return a proposal's rules as if they were in force."""
    rules = proposal.rules
    assert isinstance(rules, SchedulerPolicy)
    return InForce(rules, 0, proposal.pack, proposal.time_zone)


def _basis_before(rule: ClockRule | None, company: Reckoning, until: datetime) -> datetime | None:
    if rule is None or rule.after.amount is None:
        return None
    return due_if_before(until, term_of(rule, None), company)


def _due(
    clock: Clock,
    rule: ClockRule,
    company: Reckoning,
    away: frozenset[date],
    known: dict[tuple[str, date], Deadline | None],
) -> Deadline | None:
    """Compute when a clock would be due; one day's clocks of a person without pauses are alike."""
    facts = clock.facts
    reckoning = with_leave(company, away)
    alike = facts.basis and not facts.pauses and facts.amount is None
    if not (alike and rule.after.unit in _BY_DAYS):
        return due(rule, facts, reckoning)
    assert facts.basis
    key = (facts.party_id, company.day_of(facts.basis))
    if key not in known:
        known[key] = due(rule, facts, reckoning)
    return known[key]
