"""An undo run: customer by customer, as far as nobody has touched it since."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.kernel import Decision, Refused
from chassis.unit import UnitOfWork
from services.ownership.app.availability import ON_LEAVE, available
from services.ownership.app.grants import position_of
from services.ownership.app.moves import Grounds, put_in, take_out
from services.ownership.app.runs import finish
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.quota import counts
from services.ownership.store import positions, quotas, runs
from services.ownership.store.positions import Position
from services.ownership.store.run_tables import run_item as _i
from services.ownership.store.runs import Run

BATCH = 50


def next_items(uow: UnitOfWork, run: Run) -> list[sa.RowMapping]:
    """Return what a claimed run undoes next; nothing when it ended or was lost."""
    held = runs.hold(uow, run)
    if held is None:
        return []
    if held.state == "gathering":
        held = runs.change(uow, held, state="running", due_count=_left(uow, run))
    done = sa.select(_i.c.customer_id).where(_i.c.run_id == run.run_id)
    left = sa.select(_i).where(_undone(run), _i.c.customer_id.not_in(done))
    found = list(uow.execute(left.order_by(_i.c.customer_id).limit(BATCH)).mappings())
    if not found:
        finish(uow, held)
    return found


def undo_one(uow: UnitOfWork, run: Run, item: sa.RowMapping, followed_up: datetime | None) -> bool:
    """Put one customer back to where the run took it from; False when this run was lost.

    Passed over with the reason when it was moved since, is frozen or in a case, was followed up by
    its new holder, or when its former holder cannot take it. Refused when someone was faster.
    """
    held = runs.hold(uow, run)
    if held is None:
        return False
    position = position_of(uow, item["customer_id"])
    why = _untouched(uow, position, item)
    if why is None and item["outcome"] == "distributed":
        why = "FOLLOWED_UP" if followed_up else None
        if why is None:
            _collect(uow, held, position)
    elif why is None:
        why = _restore(uow, held, position, item)
    outcome = {"reclaimed": "restored", "distributed": "undone"}[item["outcome"]]
    rule = uow.policy(OwnershipPolicy).rules.runs.undo
    facts = {"run_id": run.run_id, "undoes_run_id": run.undoes_run_id}
    if why:
        outcome = "skipped"
        who = (item["staff_id"],)
        decision = Decision("undo", "skipped", why, rule.clause, rule.say, facts, concerned=who)
        uow.record(decision, position.customer_id)
    last = positions.last_change(uow, position.customer_id)
    kept = {
        "customer_id": position.customer_id,
        "outcome": outcome,
        "staff_id": item["staff_id"],
        "reason": why or "UNDONE",
        "decision_id": last["decision_id"] if last else "",
        "detail": facts,
    }
    runs.keep_items(uow, held, [kept])
    return True


def _untouched(uow: UnitOfWork, position: Position, item: sa.RowMapping) -> str | None:
    last = positions.last_change(uow, position.customer_id)
    if last is None or last["decision_id"] != item["decision_id"]:
        return "MOVED_SINCE"
    if position.freeze_count:
        return "CUSTOMER_FROZEN"
    return "CUSTOMER_IN_CASE" if position.case_id else None


def _restore(uow: UnitOfWork, run: Run, position: Position, item: sa.RowMapping) -> str | None:
    """Give a customer back to who lost it, with the days that were left; why not, otherwise."""
    rules = uow.policy(OwnershipPolicy).rules
    receivers = available(uow, uow.today())
    holder = receivers.people.get(item["staff_id"])
    barred = receivers.barred.get(item["staff_id"], "")
    if holder is None or barred not in ("", ON_LEAVE):
        return barred or "NOT_A_REP"
    counted = counts(position.category, rules.quota)
    if counted:
        limit = quotas.limit_of(uow, holder.staff_id, rules.quota, uow.today())
        try:
            quotas.take_slot(uow, holder.staff_id, limit)
        except Refused as refused:
            return refused.reason
    put_in(
        uow,
        position,
        holder,
        Grounds("restored", rules.runs.undo, _facts(run), reason="UNDONE"),
        counted=counted,
        protected_at=datetime.fromisoformat(item["detail"]["protect_time"]),
        pause_time=item["at"],
    )
    return None


def _collect(uow: UnitOfWork, run: Run, position: Position) -> None:
    """Take a distributed customer back, to wait again."""
    rule = uow.policy(OwnershipPolicy).rules.runs.undo
    grounds = Grounds("undone", rule, _facts(run), reason="UNDONE")
    take_out(uow, position, Location.AWAITING_DISTRIBUTION, grounds)


def _facts(run: Run) -> dict[str, Any]:
    return {"run_id": run.run_id, "undoes_run_id": run.undoes_run_id, "why": run.reason}


def _undone(run: Run) -> sa.ColumnElement[bool]:
    did = _i.c.outcome.in_(("reclaimed", "distributed"))
    return sa.and_(_i.c.run_id == run.undoes_run_id, did)


def _left(uow: UnitOfWork, run: Run) -> int:
    count: int = uow.execute(
        sa.select(sa.func.count()).select_from(_i).where(_undone(run))
    ).scalar_one()
    return count
