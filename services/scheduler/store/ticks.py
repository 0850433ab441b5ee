"""The occurrences of runs that were announced: one row for a run and a day, ever."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from chassis import tables
from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.scheduler.store.tables import run_tick as _t

_policy = tables.policy_version
_VERSIONS = (
    sa.select(_policy.c.version, _policy.c.effective_at, _policy.c.applied_at)
    .where(_policy.c.effective_at <= sa.bindparam("b_now", type_=_policy.c.effective_at.type))
    .order_by(_policy.c.effective_at.desc(), _policy.c.version.desc())
)


def last_days(uow: UnitOfWork, runs: Sequence[str]) -> dict[str, date | None]:
    """Return the last day that each run was announced for."""
    if not runs:
        return {}
    newest = [
        sa.select(sa.func.max(_t.c.day)).where(_t.c.run == run).scalar_subquery().label(run)
        for run in runs
    ]
    row = uow.execute(sa.select(*newest)).mappings().one()
    return {run: row[run] for run in runs}


def claim(uow: UnitOfWork, run: str, day: date, due_at: datetime, policy_version: int) -> bool:
    """Take an occurrence; false when another process has it."""
    insert = upsert(uow.connection.dialect.name, _t).on_conflict_do_nothing()
    row = {
        "run": run,
        "day": day,
        "due_at": due_at,
        "fired_at": uow.now,
        "policy_version": policy_version,
    }
    return uow.execute(insert, row).rowcount == 1


def versions(uow: UnitOfWork) -> list[tuple[int, datetime]]:
    """Return the policy versions that have been in force, newest first, and since when each."""
    rows = uow.execute(_VERSIONS, {"b_now": uow.now})
    return [(row.version, max(row.effective_at, row.applied_at)) for row in rows]


def of_run(run: str) -> sa.Select[Any]:
    """Return the query of occurrences: of one run, or of all when empty."""
    return sa.select(_t).where(_t.c.run == run) if run else sa.select(_t)


def page(
    uow: UnitOfWork, run: str, after: tuple[datetime, str] | None, limit: int
) -> Sequence[sa.RowMapping]:
    """Return occurrences, the last first: of one run, or of all."""
    listed = of_run(run)
    if after:
        moment = sa.literal(after[0], _t.c.due_at.type)
        listed = listed.where(sa.tuple_(_t.c.due_at, _t.c.run) < sa.tuple_(moment, after[1]))
    ordered = listed.order_by(_t.c.due_at.desc(), _t.c.run.desc()).limit(limit)
    return uow.execute(ordered).mappings().all()
