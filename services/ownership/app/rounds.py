"""The recurring work of ownership that asks other services: runs go on."""

from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa
from crm.activity.v1 import follow_ups_pb2 as activity
from crm.activity.v1.follow_ups_pb2_grpc import ActivityServiceStub

from chassis.kernel import Refused
from chassis.rounds import Round
from chassis.unit import UnitOfWork
from services.ownership.app import distributing, reclaiming, undoing
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
    stub = ActivityServiceStub(going.channel("activity"))
    left = 0
    while batch := going.run(partial(_next_batch, run, left)):
        left = batch.left
        request = activity.SettleFollowUpsRequest()
        for position in batch.customers:
            window = request.windows.add(customer_id=position.customer_id)
            assert position.due_at
            assert position.due_basis_at
            window.after_time.FromDatetime(position.due_basis_at)
            window.until_time.FromDatetime(position.due_at)
        last = _last_valid(going.ask(stub.SettleFollowUps, request))
        if not going.run(partial(_settle, batch, last)):
            return


def _next_batch(run: Run, left: int, uow: UnitOfWork) -> reclaiming.Batch | None:
    return reclaiming.next_batch(uow, run, left)


def _settle(batch: reclaiming.Batch, last: dict[str, datetime], uow: UnitOfWork) -> bool:
    return reclaiming.settle(uow, batch, last)


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
    stub = ActivityServiceStub(going.channel("activity"))
    lost = 0
    while found := going.run(lambda uow: undoing.next_items(uow, run)):
        request = activity.SettleFollowUpsRequest()
        for item in found:
            if item["outcome"] == "distributed":
                window = request.windows.add(customer_id=item["customer_id"])
                window.after_time.FromDatetime(item["at"])
                window.until_time.FromDatetime(going.parts.clock())
        last = _last_valid(going.ask(stub.SettleFollowUps, request)) if request.windows else {}
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


def _last_valid(answer: activity.SettleFollowUpsResponse) -> dict[str, datetime]:
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
