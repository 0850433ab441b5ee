"""Runs and what they did: one row per run, one per customer of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.ownership.store.run_tables import run as _t
from services.ownership.store.run_tables import run_item as _i

LEASE = timedelta(seconds=60)
OPEN = ("gathering", "running", "stopped")
"""The states of a run that has not ended. Only the first two do anything."""
WORKING = ("gathering", "running")


@dataclass(frozen=True, slots=True)
class Run:
    """A run. Times are UTC; `date` is the local day that it is for."""

    run_id: str
    kind: str
    date: date
    number: int
    state: str
    undoes_run_id: str | None
    holdings_count: int
    due_count: int
    approved_count: int
    counts: Mapping[str, int]
    cause: Mapping[str, Any]
    policy_version: int
    begun_by: str
    reason: str
    started_at: datetime
    finished_at: datetime | None
    worker: str
    worker_until: datetime | None


def read(uow: UnitOfWork, run_id: str) -> Run | None:
    """Return a run."""
    row = uow.one(sa.select(_t).where(_t.c.run_id == run_id))
    return Run(**row) if row else None


def lock(uow: UnitOfWork, run_id: str) -> Run | None:
    """Return a run, kept from changing until this transaction ends."""
    row = uow.one(sa.select(_t).where(_t.c.run_id == run_id).with_for_update())
    return Run(**row) if row else None


def open_runs(uow: UnitOfWork, kind: str) -> list[Run]:
    """Return the runs of a kind that have not ended, oldest first."""
    found = sa.select(_t).where(_t.c.state.in_(OPEN), _t.c.kind == kind).order_by(_t.c.started_at)
    return [Run(**row) for row in uow.execute(found).mappings()]


def begin(
    uow: UnitOfWork,
    kind: str,
    day: date,
    policy_version: int,
    *,
    undoes_run_id: str | None = None,
    reason: str = "",
) -> str:
    """Begin a run of a day, the next of its kind; return its id.

    Of two that begin the same one the second fails on a unique index, and is run again.
    """
    same = (_t.c.kind == kind) & (_t.c.date == day)
    last = uow.execute(sa.select(sa.func.max(_t.c.number)).where(same)).scalar()
    run_id = uow.new_id()
    uow.execute(
        _t.insert(),
        {
            "run_id": run_id,
            "kind": kind,
            "date": day,
            "number": (last or 0) + 1,
            "state": "gathering",
            "undoes_run_id": undoes_run_id,
            "holdings_count": 0,
            "due_count": 0,
            "approved_count": 0,
            "counts": {},
            "cause": {},
            "policy_version": policy_version,
            "begun_by": uow.actor.staff_id,
            "reason": reason,
            "started_at": uow.now,
            "worker": "",
        },
    )
    return run_id


def claim(uow: UnitOfWork, worker: str) -> list[Run]:
    """Take the runs that have something to do and that nobody works on; return them.

    A worker that stops without a word loses them after `LEASE`.
    """
    free = _t.c.worker_until.is_(None) | (_t.c.worker_until <= uow.now) | (_t.c.worker == worker)
    taken = (
        _t.update()
        .where(_t.c.state.in_(WORKING), free)
        .values(worker=worker, worker_until=uow.now + LEASE)
    )
    if uow.execute(taken).rowcount == 0:
        return []
    mine = sa.select(_t).where(_t.c.state.in_(WORKING), _t.c.worker == worker)
    return [Run(**row) for row in uow.execute(mine.order_by(_t.c.started_at)).mappings()]


def anything_to_do(uow: UnitOfWork) -> bool:
    """Whether any run has something to do."""
    return uow.one(sa.select(_t.c.run_id).where(_t.c.state.in_(WORKING)).limit(1)) is not None


def hold(uow: UnitOfWork, run: Run) -> Run | None:
    """Keep a claimed run for one more batch and return it as it is; None when it is lost.

    It is lost when somebody stopped it, or another worker took it over. The row stays locked
    until the batch is committed.
    """
    mine = (_t.c.run_id == run.run_id) & (_t.c.worker == run.worker) & _t.c.state.in_(WORKING)
    kept = _t.update().where(mine).values(worker_until=uow.now + LEASE)
    return read(uow, run.run_id) if uow.execute(kept).rowcount == 1 else None


def let_go(uow: UnitOfWork, run: Run) -> None:
    """Give a claimed run back, for the next round of whoever comes first."""
    mine = (_t.c.run_id == run.run_id) & (_t.c.worker == run.worker) & _t.c.state.in_(WORKING)
    uow.execute(_t.update().where(mine).values(worker="", worker_until=None))


def change(uow: UnitOfWork, run: Run, **values: Any) -> Run:
    """Change a run that this transaction has locked; return it."""
    ended = values.get("state", run.state) not in WORKING
    if ended:
        values |= {"worker": "", "worker_until": None}
    uow.execute(_t.update().where(_t.c.run_id == run.run_id).values(**values))
    changed = read(uow, run.run_id)
    assert changed is not None
    return changed


def keep_items(uow: UnitOfWork, run: Run, items: Sequence[dict[str, Any]]) -> Run:
    """Keep what a run did with customers, each once, and count it; return the run."""
    if not items:
        return run
    uow.execute(_i.insert(), [item | {"run_id": run.run_id, "at": uow.now} for item in items])
    counts = dict(run.counts)
    for item in items:
        counts[item["outcome"]] = counts.get(item["outcome"], 0) + 1
    return change(uow, run, counts=counts)


def previous(uow: UnitOfWork, run: Run) -> Run | None:
    """Return the run of the same kind before this one."""
    before = (
        sa.select(_t)
        .where(_t.c.kind == run.kind, _t.c.started_at < run.started_at)
        .order_by(_t.c.started_at.desc())
        .limit(1)
    )
    row = uow.one(before)
    return Run(**row) if row else None
