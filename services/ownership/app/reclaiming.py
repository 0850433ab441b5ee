"""A reclaim run: batch by batch, each asked of the clocks and the books, and done as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chassis.kernel import Decision, deadline_facts
from chassis.unit import UnitOfWork
from services.ownership.app.deadlines import CLOCK, followed_up, put_off
from services.ownership.app.moves import Grounds, take_out_all
from services.ownership.app.runs import finish, stop
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reclaim import least_to_trip, reclaimable, trips
from services.ownership.domain.run_policy import ReclaimRules
from services.ownership.domain.run_reasons import STOPPED_BREAKER
from services.ownership.store import deadlines, positions, quotas, runs
from services.ownership.store.positions import Position
from services.ownership.store.runs import Run

BATCH = 100
LOOKS = 20
"""How often at least a run counts what it would take; more often when it is small."""
DAYS_TOLD = 10
HOLDERS_TOLD = 10


@dataclass(frozen=True, slots=True)
class Batch:
    """Customers of one run whose time seems to be over."""

    run: Run
    customers: tuple[Position, ...]
    left: int
    """How many may be dealt with before it is counted again what the run would take."""


def next_batch(uow: UnitOfWork, run: Run, left: int) -> Batch | None:
    """Return what a claimed run does next; None when it ended, was stopped, or was lost.

    Before anything is taken away it is counted what this run would take altogether: the run stops
    itself when that is too much. It is counted again when nothing is `left` of the last count,
    that is for every batch of a small run, and for every twentieth part of a large one.
    """
    held = runs.hold(uow, run)
    if held is None:
        return None
    rules = uow.policy(OwnershipPolicy).rules.reclaim
    if held.state == "gathering":
        held = _gather(uow, held, rules)
    if left <= 0:
        taken = held.counts.get("reclaimed", 0)
        enough = least_to_trip(held.holdings_count, held.approved_count, rules) - taken
        due = deadlines.count_passed(uow, rules, max(enough, 1))
        if trips(taken + due, held.holdings_count, held.approved_count, rules):
            _break(uow, held, rules)
            return None
        left = due // LOOKS
    customers = deadlines.first_passed(uow, rules, held.run_id, BATCH)
    if not customers:
        finish(uow, held)
        return None
    return Batch(held, tuple(customers), left - len(customers))


def settle(
    uow: UnitOfWork,
    batch: Batch,
    last_valid: Mapping[str, datetime],
    later: Mapping[str, datetime],
) -> bool:
    """Reclaim the customers of a batch, or keep those with a follow-up in time; all or nothing.

    `last_valid` has the last valid follow-up inside each customer's window; `later` the deadlines
    that are later than announced: they are shown from now on, and those that have passed as well
    are drawn again. Whoever was moved, frozen or given another deadline since the batch was drawn
    is left alone. Returns whether the run goes on.
    """
    run = runs.hold(uow, batch.run)
    if run is None:
        return False
    rules = uow.policy(OwnershipPolicy).rules.reclaim
    seen = {position.customer_id: position for position in batch.customers}
    quotas.lock(uow, sorted({position.holder_id or "" for position in batch.customers}))
    still = [
        position
        for position in positions.lock(uow, list(seen))
        if _unchanged(position, seen[position.customer_id])
        and reclaimable(position, rules) is not None
    ]
    waiting = [position.customer_id for position in still if position.customer_id in later]
    put_off(uow, {customer_id: later[customer_id] for customer_id in waiting})
    due = [position for position in still if position.customer_id not in later]
    kept = [position for position in due if position.customer_id in last_valid]
    gone = [position for position in due if position.customer_id not in last_valid]
    items = _reclaim(uow, run, gone, rules)
    items += _keep(uow, run, kept, last_valid, rules)
    runs.keep_items(uow, run, items)
    return True


def _unchanged(position: Position, seen: Position) -> bool:
    return all(
        getattr(position, name) == getattr(seen, name)
        for name in ("holder_id", "due_at", "clock_version", "protected_at")
    )


def _gather(uow: UnitOfWork, run: Run, rules: ReclaimRules) -> Run:
    return runs.change(
        uow,
        run,
        state="running",
        holdings_count=deadlines.count_holdings(uow),
        due_count=deadlines.count_passed(uow, rules),
        policy_version=uow.policy(OwnershipPolicy).version,
    )


def _break(uow: UnitOfWork, run: Run, rules: ReclaimRules) -> None:
    """Stop a run that would take too much, with what may explain it."""
    policy = uow.policy(OwnershipPolicy)
    before = runs.previous(uow, run)
    cause = {
        "policy_version": policy.version,
        "previous_policy_version": before.policy_version if before else 0,
        "limit_percent": rules.breaker_share.value,
        "limit_from": rules.breaker_from.value,
        "clause": rules.breaker_share.clause,
        "due_by_day": deadlines.passed_by_day(uow, rules, ZoneInfo(policy.time_zone), DAYS_TOLD),
        "top_holders": deadlines.passed_by_holder(uow, rules, HOLDERS_TOLD),
    }
    count = run.counts.get("reclaimed", 0) + deadlines.count_passed(uow, rules)
    share = count * 100 // run.holdings_count if run.holdings_count else 0
    say = STOPPED_BREAKER.fill({"share": share, "limit": rules.breaker_share.value})
    stop(uow, run, "BREAKER", rules.breaker_decider.value[0].role, cause, say, count)


def _reclaim(
    uow: UnitOfWork, run: Run, gone: Sequence[Position], rules: ReclaimRules
) -> list[dict[str, object]]:
    grounds = [
        Grounds("reclaimed", rules.overdue, _arithmetic(position, run), reason="OVERDUE")
        for position in gone
    ]
    route = Location(rules.route.value)
    decision_ids = take_out_all(uow, list(zip(gone, grounds, strict=True)), route)
    deadlines.pop_late(uow, [position.customer_id for position in gone])
    return [
        {
            "customer_id": position.customer_id,
            "outcome": "reclaimed",
            "staff_id": position.holder_id or "",
            "reason": "OVERDUE",
            "decision_id": decision_id,
            "detail": _arithmetic(position, run),
        }
        for position, decision_id in zip(gone, decision_ids, strict=True)
    ]


def _keep(
    uow: UnitOfWork,
    run: Run,
    kept: Sequence[Position],
    last_valid: Mapping[str, datetime],
    rules: ReclaimRules,
) -> list[dict[str, object]]:
    rule = rules.followed_up
    details = [
        _arithmetic(position, run)
        | {"follow_up_time": last_valid[position.customer_id].isoformat()}
        for position in kept
    ]
    decided = [
        (
            Decision(
                "reclaim",
                "kept",
                "FOLLOWED_UP",
                rule.clause,
                rule.say,
                detail,
                concerned=(position.holder_id or "",),
            ),
            position.customer_id,
        )
        for position, detail in zip(kept, details, strict=True)
    ]
    decision_ids = uow.record_all(decided)
    followed_up(uow, {position: last_valid[position.customer_id] for position in kept})
    return [
        {
            "customer_id": position.customer_id,
            "outcome": "kept",
            "staff_id": position.holder_id or "",
            "reason": "FOLLOWED_UP",
            "decision_id": decision_id,
            "detail": detail,
        }
        for position, detail, decision_id in zip(kept, details, decision_ids, strict=True)
    ]


def _arithmetic(position: Position, run: Run) -> dict[str, object]:
    """Return what a decision about a customer is made of, as UTC times."""
    assert position.due_at
    assert position.due_basis_at
    assert position.protected_at
    basis, due = position.due_basis_at.isoformat(), position.due_at.isoformat()
    who, version = position.holder_id or "", position.clock_version
    return {
        "holder": who,
        "protect_time": position.protected_at.isoformat(),
        "basis_time": basis,
        "due_time": due,
        "clock_version": version,
        "deadline": deadline_facts(CLOCK, position.customer_id, who, basis, due, version),
        "run_id": run.run_id,
    }
