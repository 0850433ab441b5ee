"""What distribution keeps: plans, turns, deadlines that passed, and who waits."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.ownership.domain.places import Location
from services.ownership.domain.planning import Mode, Plan
from services.ownership.store.positions import Position
from services.ownership.store.run_tables import distribution_deadline as _d
from services.ownership.store.run_tables import distribution_plan as _plan
from services.ownership.store.run_tables import distribution_turn as _turn
from services.ownership.store.run_tables import run_item as _i
from services.ownership.store.tables import position as _p

_WAITS = _p.c.location == Location.AWAITING_DISTRIBUTION.value


def newest_plan(uow: UnitOfWork) -> sa.RowMapping | None:
    """Return the row of the plan in force; None when none was ever set."""
    return uow.one(sa.select(_plan).order_by(_plan.c.version.desc()).limit(1))


def plan_of(row: sa.RowMapping) -> Plan:
    """Return a row as a plan."""
    staff_ids = tuple(row["staff_ids"])
    return Plan(Mode(row["mode"]), tuple(row["teams"]), staff_ids, row["version"])


def add_plan(uow: UnitOfWork, plan: Plan, decision_id: str) -> None:
    """Keep the next version of the plan; of two at once the second fails and is run again."""
    uow.execute(
        _plan.insert(),
        {
            "version": plan.version,
            "mode": plan.mode.value,
            "teams": list(plan.teams),
            "staff_ids": list(plan.staff_ids),
            "set_by": uow.actor.staff_id,
            "decision_id": decision_id,
            "set_at": uow.now,
        },
    )


def served(uow: UnitOfWork) -> dict[str, int]:
    """Return when each was served last, as ordinals, by staff id."""
    return {row.staff_id: row.served for row in uow.execute(sa.select(_turn))}


def serve(uow: UnitOfWork, staff_id: str) -> None:
    """Remember that somebody was served now."""
    latest = uow.execute(sa.select(sa.func.max(_turn.c.served))).scalar() or 0
    insert = upsert(uow.connection.dialect.name, _turn)
    put = insert.on_conflict_do_update(
        index_elements=["staff_id"], set_={"served": insert.excluded.served}
    )
    uow.execute(put, {"staff_id": staff_id, "served": latest + 1})


def given(uow: UnitOfWork, run_id: str) -> dict[str, int]:
    """Return how many customers a run has given to each."""
    counted = sa.select(_i.c.staff_id, sa.func.count().label("customers")).where(
        _i.c.run_id == run_id, _i.c.outcome == "distributed"
    )
    return {row.staff_id: row.customers for row in uow.execute(counted.group_by(_i.c.staff_id))}


def first_waiting(
    uow: UnitOfWork, run_id: str, before: datetime, after: tuple[datetime, str] | None
) -> Position | None:
    """Return the longest waiting customer that a run has not dealt with, past `after`."""
    dealt = sa.exists().where(_i.c.run_id == run_id, _i.c.customer_id == _p.c.customer_id)
    waits = sa.select(_p).where(_WAITS, _p.c.arrived_at < before, _p.c.freeze_count == 0, ~dealt)
    row = uow.one(_in_order(waits, after).limit(1))
    return Position(**row) if row else None


def waiting(uow: UnitOfWork, after: tuple[datetime, str] | None, limit: int) -> list[Position]:
    """Return the customers that wait, the longest waiting first."""
    listed = _in_order(sa.select(_p).where(_WAITS), after).limit(limit)
    return [Position(**row) for row in uow.execute(listed).mappings()]


def count_waiting(uow: UnitOfWork, before: datetime) -> int:
    """Count the customers that have waited since before a moment and are not frozen."""
    since = sa.select(sa.func.count()).select_from(_p)
    since = since.where(_WAITS, _p.c.arrived_at < before, _p.c.freeze_count == 0)
    count: int = uow.execute(since).scalar_one()
    return count


def pass_deadline(uow: UnitOfWork, day: date, count: int) -> bool:
    """Remember that a day's deadline has passed; False when that was known."""
    insert = upsert(uow.connection.dialect.name, _d).on_conflict_do_nothing()
    row = {"date": day, "waiting_count": count, "passed_at": uow.now}
    return uow.execute(insert, row).rowcount == 1


def last_deadline(uow: UnitOfWork) -> date | None:
    """Return the newest day whose deadline has passed."""
    found: date | None = uow.execute(sa.select(sa.func.max(_d.c.date))).scalar()
    return found


def _in_order(listed: sa.Select[Any], after: Sequence[Any] | None) -> sa.Select[Any]:
    if after:
        moment = sa.literal(after[0], _p.c.arrived_at.type)
        key = sa.tuple_(_p.c.arrived_at, _p.c.customer_id)
        listed = listed.where(key > sa.tuple_(moment, after[1]))
    return listed.order_by(_p.c.arrived_at, _p.c.customer_id)
