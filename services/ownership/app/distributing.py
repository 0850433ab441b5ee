"""A distribution run: customer by customer, each given to whose turn it is in one transaction."""

from datetime import date, datetime
from typing import Any

from chassis.kernel import Decision, Event, Refused
from chassis.unit import UnitOfWork
from services.ownership.app.freezes import require_thawed
from services.ownership.app.grants import check_category, position_of
from services.ownership.app.moves import Grounds, put_in
from services.ownership.app.plans import Field, day_begins, field_of
from services.ownership.app.runs import OVERDUE, call_off, finish, stop
from services.ownership.domain.places import Location
from services.ownership.domain.planning import Mode, Plan, choose
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.quota import counts
from services.ownership.domain.reasons import CLAIMS_BLOCKED
from services.ownership.domain.run_reasons import (
    NOT_AWAITING,
    NOT_BACK,
    PLAN_DECIDES,
    STOPPED_NO_PLAN,
)
from services.ownership.store import deadlines, distribution, positions, quotas, runs
from services.ownership.store.positions import Position
from services.ownership.store.runs import Run

After = tuple[datetime, str]
"""Where a run has got to: arrival and id of the customer last looked at."""


def distribution_due(uow: UnitOfWork, day: date) -> None:
    """Begin a run of `day` over what arrived before it, if anything did.

    It takes the place of an earlier day's run that still waits for a plan.
    """
    begins = day_begins(uow, day)
    for run in runs.open_runs(uow, "distribution"):
        if run.date == day:
            return
        if run.state == "stopped":
            call_off(uow, run, f"superseded on {day.isoformat()}")
    if distribution.count_waiting(uow, begins):
        runs.begin(uow, "distribution", day, uow.policy(OwnershipPolicy).version)


def deadline_passed(uow: UnitOfWork, day: date) -> None:
    """Say that customers of before `day` should have been distributed by now, if any were not."""
    count = distribution.count_waiting(uow, day_begins(uow, day))
    if not distribution.pass_deadline(uow, day, count) or count == 0:
        return
    rules = uow.policy(OwnershipPolicy).rules.distribution
    data = {"date": day.isoformat(), "count": count, "role": rules.collector.value}
    uow.emit(Event(OVERDUE, f"distribution/{day.isoformat()}", data))


def begin_work(uow: UnitOfWork, run: Run) -> bool:
    """Look at what a claimed run has to do; False when it was lost, or has no plan and stopped."""
    held = runs.hold(uow, run)
    if held is None:
        return False
    policy = uow.policy(OwnershipPolicy)
    waiting = distribution.count_waiting(uow, day_begins(uow, run.date))
    row = distribution.newest_plan(uow)
    if row is None:
        planner = policy.rules.distribution.planner
        cause = {"clause": planner.clause}
        stop(uow, held, "NO_PLAN", planner.value, cause, STOPPED_NO_PLAN, waiting)
        return False
    if held.state == "gathering":
        holdings = deadlines.count_holdings(uow)
        runs.change(uow, held, state="running", holdings_count=holdings, due_count=waiting)
    return True


def assign_next(uow: UnitOfWork, run: Run, after: After | None) -> After | None:
    """Give the longest waiting customer of a claimed run to whose turn it is.

    Returns it, to go on from; None when the run ended, was stopped, or was lost. With nobody who
    can take it the customer goes on waiting, and why is kept.
    """
    held = runs.hold(uow, run)
    if held is None:
        return None
    position = distribution.first_waiting(uow, run.run_id, day_begins(uow, run.date), after)
    if position is None:
        if after is None:
            finish(uow, held)
            return None
        return assign_next(uow, run, None)
    row = distribution.newest_plan(uow)
    assert row is not None
    item = _assign(uow, held, position, distribution.plan_of(row))
    runs.keep_items(uow, held, [item])
    return position.arrived_at, position.customer_id


def assign(uow: UnitOfWork, customer_id: str, staff_id: str) -> Position:
    """Give a waiting customer to somebody whom the plan names, by Customer Service's hand.

    Refused for anybody else (H-6.7a), under another plan (H-6.7e), and where a run would not give
    it to that person: frozen, not back, no slot, blocked.
    """
    rules = uow.policy(OwnershipPolicy).rules
    collector = rules.distribution.collector
    collector.require(uow.actor)
    position = position_of(uow, customer_id)
    if position.location != Location.AWAITING_DISTRIBUTION:
        raise NOT_AWAITING.refuse(clause=collector.clause)
    require_thawed(uow, position)
    row = distribution.newest_plan(uow)
    plan = distribution.plan_of(row) if row else None
    if plan is None or plan.mode is not Mode.NAMED or staff_id not in plan.staff_ids:
        raise PLAN_DECIDES.refuse(clause=rules.distribution.planner.clause, staff_id=staff_id)
    found = field_of(uow, uow.today())
    if staff_id not in found.receivers.free:
        raise CLAIMS_BLOCKED.refuse(clause=rules.claim.blocked.clause)
    if staff_id == _not_to(uow, position):
        not_back = rules.distribution.not_back
        raise NOT_BACK.refuse(clause=not_back.clause)
    _give(uow, position, found, staff_id, {"plan_version": plan.version, "by_hand": True})
    return position_of(uow, customer_id)


def _assign(uow: UnitOfWork, run: Run, position: Position, plan: Plan) -> dict[str, Any]:
    rules = uow.policy(OwnershipPolicy).rules
    found = field_of(uow, run.date, run.run_id)
    counted = counts(position.category, rules.quota)
    detail: dict[str, Any] = {
        "plan_version": plan.version,
        "mode": plan.mode.value,
        "run_id": run.run_id,
    }
    if position.category not in rules.library.allowed_categories.value:
        return _wait(uow, position, detail, "CATEGORY_NOT_ALLOWED")
    while True:
        choice = choose(
            plan, found.reps, found.standing, not_to=_not_to(uow, position), counted=counted
        )
        skipped = [{"staff_id": who, "reason": why} for who, why in choice.skipped]
        if choice.staff_id is None:
            skipped += [
                {"staff_id": who, "reason": why} for who, why in found.receivers.barred.items()
            ]
            return _wait(uow, position, detail | {"skipped": skipped}, "NOBODY_LEFT")
        turn = found.standing.given.get(choice.staff_id, 0) + 1
        facts = detail | {"turn": turn, "skipped": skipped}
        try:
            decision_id = _give(uow, position, found, choice.staff_id, facts)
        except Refused as refused:
            if refused.reason != "QUOTA_FULL":
                raise
            found.standing.room[choice.staff_id] = 0
            continue
        return {
            "customer_id": position.customer_id,
            "outcome": "distributed",
            "staff_id": choice.staff_id,
            "reason": "TURN",
            "decision_id": decision_id,
            "detail": facts,
        }


def _give(
    uow: UnitOfWork, position: Position, found: Field, staff_id: str, facts: dict[str, Any]
) -> str:
    rules = uow.policy(OwnershipPolicy).rules
    check_category(position.category, rules)
    counted = counts(position.category, rules.quota)
    if counted:
        limit = quotas.limit_of(uow, staff_id, rules.quota, uow.today())
        quotas.take_slot(uow, staff_id, limit)
    rule = rules.distribution.distributed
    grounds = Grounds("distributed", rule, facts, withheld=("skipped",))
    holder = found.identity(staff_id)
    decision_id = put_in(uow, position, holder, grounds, counted=counted, protected_at=uow.now)
    distribution.serve(uow, staff_id)
    return decision_id


def _wait(uow: UnitOfWork, position: Position, detail: dict[str, Any], why: str) -> dict[str, Any]:
    rule = uow.policy(OwnershipPolicy).rules.distribution.nobody_left
    decision = Decision("distribute", "waiting", why, rule.clause, rule.say, detail)
    return {
        "customer_id": position.customer_id,
        "outcome": "waiting",
        "staff_id": "",
        "reason": why,
        "decision_id": uow.record(decision, position.customer_id),
        "detail": detail,
    }


def _not_to(uow: UnitOfWork, position: Position) -> str:
    """Return who may not have a customer back; empty when anybody may."""
    if not uow.policy(OwnershipPolicy).rules.distribution.not_back.value:
        return ""
    last = positions.last_change(uow, position.customer_id)
    return last["from_holder_id"] if last else ""
