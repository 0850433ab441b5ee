"""The recurring work of ownership that asks other services: runs go on."""

from datetime import UTC, datetime
from functools import partial

from crm.activity.v1 import follow_ups_pb2 as activity
from crm.activity.v1.follow_ups_pb2_grpc import ActivityServiceStub

from chassis.rounds import Round
from chassis.unit import UnitOfWork
from services.ownership.app import reclaiming
from services.ownership.store import runs
from services.ownership.store.runs import Run


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
    while batch := going.run(lambda uow: reclaiming.next_batch(uow, run)):
        request = activity.SettleFollowUpsRequest()
        for position in batch.customers:
            window = request.windows.add(customer_id=position.customer_id)
            assert position.due_at
            assert position.due_basis_at
            window.after_time.FromDatetime(position.due_basis_at)
            window.until_time.FromDatetime(position.due_at)
        answer = going.ask(stub.SettleFollowUps, request)
        last = {
            one.customer_id: one.last_valid_time.ToDatetime(UTC)
            for one in answer.results
            if one.HasField("last_valid_time")
        }
        if not going.run(partial(_settle, batch, last)):
            return


def _settle(batch: reclaiming.Batch, last: dict[str, datetime], uow: UnitOfWork) -> bool:
    return reclaiming.settle(uow, batch, last)


_WORK = {"reclaim": _reclaim}
