"""The gRPC methods of runs."""

from typing import Any

from crm.ownership.v1 import runs_pb2 as pb
from crm.ownership.v1.runs_pb2_grpc import RunServiceServicer

from chassis import keysets, paging
from chassis.call import Call, Door
from chassis.rpc import command, procedure, query
from chassis.unit import UnitOfWork
from services.ownership.api.forecasts import write_preview
from services.ownership.api.messages import (
    read_place,
    write_people,
    write_position,
    write_unheld,
)
from services.ownership.app import distributing, forecasting, places, plans, run_lists, runs
from services.ownership.app.foresight import Foresight
from services.ownership.domain.planning import Mode, Plan
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store.distribution import plan_of
from services.ownership.store.runs import Run


class RunApi(RunServiceServicer):
    """What ownership does on time."""

    def __init__(self, door: Door, foresight: Foresight) -> None:
        self.door = door
        self.foresight = foresight

    @query
    def ListRuns(self, uow: UnitOfWork, request: pb.ListRunsRequest) -> pb.ListRunsResponse:
        """See the proto."""
        size = paging.page_size(request)
        kind, state = _name(pb.RunKind, request.kind), _name(pb.RunState, request.state)
        after = paging.read_token(request)
        found, total = run_lists.list_runs(uow, kind, state, after, size + 1)
        page, token = paging.cut(request, found, size, lambda last: last[1])
        return pb.ListRunsResponse(
            runs=[_run(run) for run, _ in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )

    @query
    def GetRun(self, uow: UnitOfWork, request: pb.GetRunRequest) -> pb.GetRunResponse:
        """See the proto."""
        return pb.GetRunResponse(run=_run(runs.find(uow, request.run_id)))

    @query
    def ListRunItems(
        self, uow: UnitOfWork, request: pb.ListRunItemsRequest
    ) -> pb.ListRunItemsResponse:
        """See the proto."""
        size = paging.page_size(request)
        wanted = run_lists.Wanted(
            outcome=request.outcome,
            staff_id=request.staff_id,
            query=request.query,
            order=_SORTING[request.order],
            descending=request.descending,
        )
        after = paging.read_token(request)
        found, total = run_lists.list_items(uow, request.run_id, wanted, after, size + 1)
        page, token = paging.cut(request, found, size, keysets.keys)
        return pb.ListRunItemsResponse(
            items=[_item(row) for row in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
            people=write_people(uow, (row["staff_id"] for row in page)),
        )

    @procedure
    def PreviewReclaim(
        self, call: Call, request: pb.PreviewReclaimRequest
    ) -> pb.PreviewReclaimResponse:
        """See the proto. Asks the scheduler for deadlines between its reads."""
        found = forecasting.preview(
            call,
            self.foresight,
            request.ownership_draft if request.HasField("ownership_draft") else None,
            request.scheduler_draft if request.HasField("scheduler_draft") else None,
        )
        return write_preview(found)

    @command
    def ResumeRun(self, uow: UnitOfWork, request: pb.ResumeRunRequest) -> pb.ResumeRunResponse:
        """See the proto."""
        return pb.ResumeRunResponse(run=_run(runs.resume(uow, request.run_id)))

    @command
    def CancelRun(self, uow: UnitOfWork, request: pb.CancelRunRequest) -> pb.CancelRunResponse:
        """See the proto."""
        return pb.CancelRunResponse(run=_run(runs.cancel(uow, request.run_id, request.reason)))

    @command
    def UndoRun(self, uow: UnitOfWork, request: pb.UndoRunRequest) -> pb.UndoRunResponse:
        """See the proto."""
        return pb.UndoRunResponse(run=_run(runs.undo(uow, request.run_id, request.reason)))

    @command
    def SetDistributionPlan(
        self, uow: UnitOfWork, request: pb.SetDistributionPlanRequest
    ) -> pb.SetDistributionPlanResponse:
        """See the proto."""
        row = plans.set_plan(uow, read_plan(request.plan))
        shown = plans.preview(uow, plan_of(row))
        return pb.SetDistributionPlanResponse(
            plan=write_plan(row),
            assignments=[
                pb.Assignment(customer_id=customer, full_name=name, staff_id=staff_id)
                for customer, name, staff_id in shown
            ],
        )

    @query
    def GetDistributionPlan(
        self, uow: UnitOfWork, request: pb.GetDistributionPlanRequest
    ) -> pb.GetDistributionPlanResponse:
        """See the proto."""
        row = plans.read_plan(uow)
        return pb.GetDistributionPlanResponse(plan=write_plan(row) if row else None)

    @query
    def ListAwaiting(
        self, uow: UnitOfWork, request: pb.ListAwaitingRequest
    ) -> pb.ListAwaitingResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        found, total = places.list_awaiting(uow, read_place(request), after, size + 1)
        page, token = paging.cut(request, found, size, lambda last: last.keys)
        rules = uow.policy(OwnershipPolicy).rules.reclaim
        return pb.ListAwaitingResponse(
            customers=[
                pb.AwaitingCustomer(position=write_unheld(one, rules), overdue=one.overdue)
                for one in page
            ],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )

    @command
    def AssignCustomer(
        self, uow: UnitOfWork, request: pb.AssignCustomerRequest
    ) -> pb.AssignCustomerResponse:
        """See the proto."""
        position = distributing.assign(uow, request.customer_id, request.staff_id)
        rules = uow.policy(OwnershipPolicy).rules.reclaim
        return pb.AssignCustomerResponse(position=write_position(position, rules))


def read_plan(message: pb.DistributionPlan) -> Plan | None:
    """Return a plan that a person states; None without a mode."""
    if not message.mode:
        return None
    mode = pb.PlanMode.Name(message.mode).removeprefix("PLAN_MODE_").lower()
    return Plan(Mode(mode), tuple(message.teams), tuple(message.staff_ids))


def write_plan(row: Any) -> pb.DistributionPlan:
    """Write the plan of a stored row."""
    answer = pb.DistributionPlan(
        mode=pb.PlanMode.Value(f"PLAN_MODE_{row['mode'].upper()}"),
        teams=row["teams"],
        staff_ids=row["staff_ids"],
        plan_version=row["version"],
        set_by=row["set_by"],
    )
    answer.set_time.FromDatetime(row["set_at"])
    return answer


_SORTING: dict[pb.RunItemOrder.ValueType, run_lists.Sorting] = {
    pb.RUN_ITEM_ORDER_UNSPECIFIED: "customer_id",
    pb.RUN_ITEM_ORDER_CUSTOMER_ID: "customer_id",
    pb.RUN_ITEM_ORDER_NAME: "full_name",
    pb.RUN_ITEM_ORDER_STAFF_ID: "staff_id",
    pb.RUN_ITEM_ORDER_OUTCOME: "outcome",
}


def _name(kind: Any, value: int) -> str:
    """Return the stored name of an enum's value, empty for the unspecified one."""
    prefix = {"RunKind": "RUN_KIND_", "RunState": "RUN_STATE_"}[kind.DESCRIPTOR.name]
    return str(kind.Name(value)).removeprefix(prefix).lower() if value else ""


def _run(run: Run) -> pb.Run:
    answer = pb.Run(
        run_id=run.run_id,
        kind=pb.RunKind.Value(f"RUN_KIND_{run.kind.upper()}"),
        date=run.date.isoformat(),
        run_number=run.number,
        state=pb.RunState.Value(f"RUN_STATE_{run.state.upper()}"),
        undoes_run_id=run.undoes_run_id or "",
        holdings_count=run.holdings_count,
        due_count=run.due_count,
        counts=dict(run.counts),
        policy_version=run.policy_version,
        reason=run.reason,
    )
    answer.cause.update(dict(run.cause))
    answer.start_time.FromDatetime(run.started_at)
    if run.finished_at:
        answer.finish_time.FromDatetime(run.finished_at)
    return answer


def _item(row: Any) -> pb.RunItem:
    names = ("customer_id", "outcome", "staff_id", "reason", "decision_id", "full_name")
    answer = pb.RunItem(**{name: row[name] for name in names})
    answer.detail.update(row["detail"])
    answer.item_time.FromDatetime(row["at"])
    return answer
