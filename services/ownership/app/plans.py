"""The plan by which waiting customers are distributed, and who could receive one."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.kernel import Decision, Identity
from chassis.unit import UnitOfWork
from services.ownership.app.availability import Receivers, available
from services.ownership.app.performance import performance
from services.ownership.app.runs import go_on
from services.ownership.domain.planning import Mode, Plan, Rep, Standing, choose
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.quota import counts
from services.ownership.domain.run_reasons import (
    PLAN_INVALID,
    PLAN_MODE_MISSING,
    PLAN_NAMES_MISSING,
    PLAN_NOT_A_REP,
)
from services.ownership.store import distribution, positions, quotas, runs

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Field:
    """Who can receive customers on a day, and how they stand."""

    receivers: Receivers
    reps: tuple[Rep, ...]
    standing: Standing

    def identity(self, staff_id: str) -> Identity:
        """Return somebody of the field."""
        return self.receivers.people[staff_id]


def day_begins(uow: UnitOfWork, day: date) -> datetime:
    """Return the moment, in UTC, at which a local day begins."""
    zone = ZoneInfo(uow.policy(OwnershipPolicy).time_zone)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def field_of(uow: UnitOfWork, day: date, run_id: str = "") -> Field:
    """Return who can receive customers on `day`; with what a run has given to each."""
    rules = uow.policy(OwnershipPolicy).rules
    receivers = available(uow, day)
    free = receivers.free
    month = (day.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    sold = performance(uow, month)
    reps = tuple(Rep(one, who.team, sold.get(one, 0)) for one, who in sorted(free.items()))
    standing = Standing(
        given=distribution.given(uow, run_id) if run_id else {},
        served=distribution.served(uow),
        room=quotas.rooms(uow, list(free), rules.quota, uow.today()),
    )
    return Field(receivers, reps, standing)


def set_plan(uow: UnitOfWork, plan: Plan | None) -> sa.RowMapping:
    """Put a plan in force from now on; runs that stopped for want of one go on.

    Refused unless the caller is the planner (H-6.7e), and for a plan that names nobody who may
    hold customers.
    """
    rules = uow.policy(OwnershipPolicy).rules
    planner = rules.distribution.planner
    planner.require(uow.actor)
    if plan is None:
        raise PLAN_INVALID.refuse(violations=[PLAN_MODE_MISSING.violate("plan.mode")], count=1)
    people = available(uow, uow.today()).people
    violations = [
        PLAN_NOT_A_REP.violate("plan.staff_ids", staff_id=one)
        for one in plan.staff_ids
        if one not in people
    ]
    if plan.mode is Mode.NAMED and not plan.staff_ids:
        violations.append(PLAN_NAMES_MISSING.violate("plan.staff_ids"))
    if violations:
        raise PLAN_INVALID.refuse(violations=violations, count=len(violations))
    before = distribution.newest_plan(uow)
    version = (before["version"] if before else 0) + 1
    facts = {
        "plan_version": version,
        "mode": plan.mode.value,
        "teams": list(plan.teams),
        "staff_ids": list(plan.staff_ids),
    }
    decision = Decision(
        "set_distribution_plan", "set", "PLAN_SET", planner.clause, planner.say, facts
    )
    decision_id = uow.record(decision, uow.actor.staff_id)
    distribution.add_plan(uow, replace(plan, version=version), decision_id)
    for run in runs.open_runs(uow, "distribution"):
        if run.state == "stopped" and runs.lock(uow, run.run_id):
            go_on(uow, run, "gathering")
    row = distribution.newest_plan(uow)
    assert row is not None
    return row


def preview(uow: UnitOfWork, plan: Plan) -> list[tuple[str, str, str]]:
    """Return whom the plan would give those that wait now, as (customer, name, rep or empty)."""
    rules = uow.policy(OwnershipPolicy).rules
    found = field_of(uow, uow.today() + timedelta(days=1))
    shown = []
    for position in distribution.waiting(uow, None, SHOWN):
        if position.freeze_count:
            continue
        last = positions.last_change(uow, position.customer_id)
        back = last["from_holder_id"] if last and rules.distribution.not_back.value else ""
        counted = counts(position.category, rules.quota)
        choice = choose(plan, found.reps, found.standing, not_to=back, counted=counted)
        if choice.staff_id:
            found.standing.give(choice.staff_id, counted)
        shown.append((position.customer_id, position.full_name, choice.staff_id or ""))
    return shown


def read_plan(uow: UnitOfWork) -> sa.RowMapping | None:
    """Return the plan in force to who may see runs."""
    uow.policy(OwnershipPolicy).rules.runs.read.require(uow.actor)
    return distribution.newest_plan(uow)
