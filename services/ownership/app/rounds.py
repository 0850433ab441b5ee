"""The recurring work of ownership that asks other services: runs go on."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa
from crm.activity.v1 import follow_ups_pb2 as activity
from crm.activity.v1.follow_ups_pb2_grpc import ActivityServiceStub
from crm.scheduler.v1 import scheduler_pb2 as scheduler
from crm.scheduler.v1.scheduler_pb2_grpc import SchedulerServiceStub

from chassis.kernel import Refused
from chassis.rounds import Round
from chassis.unit import UnitOfWork
from services.ownership.app import distributing, reclaiming, undoing
from services.ownership.app.deadlines import CLOCK
from services.ownership.store import runs
from services.ownership.store.runs import Run

RACES = 20
"""How many lost races in one round are taken for chance."""


def carry_on(going: Round) -> None:
    """Carry on every run that has something to do and that no other worker carries on.

    It may end anywhere: the next round goes on with what is left.
    """
    if not going.read(runs.anything_to_do):
        return
    worker = going.parts.new_id()
    for run in going.run(lambda uow: runs.claim(uow, worker)):
        _WORK[run.kind](going, run)


def _reclaim(going: Round, run: Run) -> None:
    left = 0
    while batch := going.run(partial(_next_batch, run, left)):
        left = batch.left
        later = _later(going, batch)
        if later is None:
            going.run(lambda uow: runs.let_go(uow, run))
            return
        windows = {
            position.customer_id: (position.due_basis_at, position.due_at)
            for position in batch.customers
            if position.customer_id not in later
        }
        if not going.run(partial(_settle, batch, _last_valid(going, windows), later)):
            return


def _later(going: Round, batch: reclaiming.Batch) -> dict[str, datetime] | None:
    """Return which deadlines of a batch are later by now; None while nobody knows yet."""
    request = scheduler.SettleDeadlinesRequest(clock=CLOCK)
    for position in batch.customers:
        assert position.due_at
        assert position.due_basis_at
        known = request.deadlines.add(
            subject_id=position.customer_id, version=position.clock_version
        )
        known.basis_time.FromDatetime(position.due_basis_at)
        known.due_time.FromDatetime(position.due_at)
    stub = SchedulerServiceStub(going.channel("scheduler"))
    answer: scheduler.SettleDeadlinesResponse = going.ask(stub.SettleDeadlines, request)
    if answer.pending:
        return None
    return {one.subject_id: one.due_time.ToDatetime(UTC) for one in answer.deadlines}


def _next_batch(run: Run, left: int, uow: UnitOfWork) -> reclaiming.Batch | None:
    return reclaiming.next_batch(uow, run, left)


def _settle(
    batch: reclaiming.Batch,
    last: dict[str, datetime],
    later: dict[str, datetime],
    uow: UnitOfWork,
) -> bool:
    return reclaiming.settle(uow, batch, last, later)


def _distribute(going: Round, run: Run) -> None:
    if not going.run(lambda uow: distributing.begin_work(uow, run)):
        return
    after: distributing.After | None = None
    lost = 0
    while True:
        try:
            after = going.run(partial(_assign_next, run, after))
        except Refused:
            # Somebody else moved the customer just now; what waits is looked at again.
            lost, after = lost + 1, None
            if lost > RACES:
                raise
            continue
        if after is None:
            return


def _undo(going: Round, run: Run) -> None:
    lost = 0
    while found := going.run(lambda uow: undoing.next_items(uow, run)):
        now = going.parts.clock()
        handed_out = [item for item in found if item["outcome"] == "distributed"]
        last = _last_valid(going, {item["customer_id"]: (item["at"], now) for item in handed_out})
        for item in found:
            moment = last.get(item["customer_id"])
            try:
                going_on = going.run(partial(_undo_one, run, item, moment))
            except Refused:
                # Moved by somebody just now; the next look at it tells how.
                lost += 1
                if lost > RACES:
                    raise
                continue
            if not going_on:
                return


def _last_valid(
    going: Round, windows: Mapping[str, tuple[datetime | None, datetime | None]]
) -> dict[str, datetime]:
    """Have books closed; return the last valid follow-up in (after, until) of who has one."""
    request = activity.SettleFollowUpsRequest()
    for customer_id, (after, until) in windows.items():
        assert after
        assert until
        window = request.windows.add(customer_id=customer_id)
        window.after_time.FromDatetime(after)
        window.until_time.FromDatetime(until)
    if not windows:
        return {}
    stub = ActivityServiceStub(going.channel("activity"))
    answer: activity.SettleFollowUpsResponse = going.ask(stub.SettleFollowUps, request)
    return {
        one.customer_id: one.last_valid_time.ToDatetime(UTC)
        for one in answer.results
        if one.HasField("last_valid_time")
    }


def _assign_next(
    run: Run, after: distributing.After | None, uow: UnitOfWork
) -> distributing.After | None:
    return distributing.assign_next(uow, run, after)


def _undo_one(run: Run, item: sa.RowMapping, moment: datetime | None, uow: UnitOfWork) -> bool:
    return undoing.undo_one(uow, run, item, moment)


_WORK = {"reclaim": _reclaim, "distribution": _distribute, "undo": _undo}
