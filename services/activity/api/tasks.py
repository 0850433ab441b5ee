"""To-dos and notices, and the maintenance of online customers."""

from crm.activity.v1 import maintenance_pb2 as m
from crm.activity.v1 import tasks_pb2 as pb
from crm.activity.v1.maintenance_pb2_grpc import MaintenanceServiceServicer
from crm.activity.v1.tasks_pb2_grpc import TaskServiceServicer

from chassis import paging
from chassis.call import Door
from chassis.rpc import command, query
from chassis.unit import UnitOfWork
from services.activity.api.conduct import cut
from services.activity.app import conduct_queries, notices
from services.activity.app.conduct_queries import Whose
from services.activity.domain.policy import ActivityPolicy
from services.activity.store import tasks
from services.activity.store.tasks import Task


class TaskApi(TaskServiceServicer):
    """What people are to do."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @query
    def ListTasks(self, uow: UnitOfWork, request: pb.ListTasksRequest) -> pb.ListTasksResponse:
        """See the proto."""
        size = paging.page_size(request)
        state = pb.TaskState.Name(request.state).removeprefix("TASK_STATE_").lower()
        wanted = tasks.Wanted(
            mine=request.mine,
            state="" if state == "unspecified" else state,
            kind=request.kind,
            customer_id=request.customer_id,
            query=request.query,
            by_due_time=request.order == pb.TASK_ORDER_DUE_TIME,
        )
        found, total = tasks.page(uow, wanted, paging.read_token(request), size + 1)
        page, token = paging.cut(request, found, size, lambda last: last.keys)
        return pb.ListTasksResponse(
            tasks=[_task(one.task) for one in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )

    @query
    def CountTasks(self, uow: UnitOfWork, request: pb.CountTasksRequest) -> pb.CountTasksResponse:
        """See the proto."""
        found = tasks.count_open(uow)
        return pb.CountTasksResponse(
            open=[
                pb.OpenTasks(kind=kind, count=one.count, overdue_count=one.overdue)
                for kind, one in found.items()
            ],
            open_count=sum(one.count for one in found.values()),
            overdue_count=sum(one.overdue for one in found.values()),
            mine_count=sum(one.mine for one in found.values()),
        )

    @command
    def CompleteTask(
        self, uow: UnitOfWork, request: pb.CompleteTaskRequest
    ) -> pb.CompleteTaskResponse:
        """See the proto."""
        task = notices.complete_task(uow, request.task_id, request.dismiss)
        return pb.CompleteTaskResponse(task=_task(task))


class MaintenanceApi(MaintenanceServiceServicer):
    """The monthly maintenance of online customers."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @query
    def GetOnlineMaintenance(
        self, uow: UnitOfWork, request: m.GetOnlineMaintenanceRequest
    ) -> m.GetOnlineMaintenanceResponse:
        """See the proto."""
        rules = uow.policy(ActivityPolicy).rules.online
        rules.read.require(uow.actor)
        period = rules.maintenance_period
        return m.GetOnlineMaintenanceResponse(
            online_maintenance=m.OnlineMaintenance(
                period=period.value,
                categories=rules.categories.value,
                document_id=rules.external_policy.value or "",
                document_clause=rules.external_policy.clause,
                clause=period.clause,
                zh=period.zh,
                en=period.en,
            )
        )

    @query
    def ListUnmaintainedCustomers(
        self, uow: UnitOfWork, request: m.ListUnmaintainedCustomersRequest
    ) -> m.ListUnmaintainedCustomersResponse:
        """See the proto."""
        whose = Whose(
            request.holder_id,
            request.department,
            request.team,
            paging.read_token(request),
            paging.page_size(request) + 1,
        )
        listed = conduct_queries.list_unmaintained(uow, whose, request.month, request.customer_id)
        page, paged = cut(request, listed)
        answer = m.ListUnmaintainedCustomersResponse(**paged)
        for row in page:
            found = answer.unmaintained_customers.add(
                customer_id=row["customer_id"],
                full_name=row["full_name"] or "",
                month=row["month"],
                holder_id=row["holder_id"],
                holder_name=row["staff_name"] or "",
            )
            found.record_time.FromDatetime(row["recorded_at"])
        return answer


def _task(task: Task) -> pb.Task:
    names = ("task_id", "kind", "staff_id", "role", "customer_id", "subject_id", "zh", "en")
    message = pb.Task(
        **{name: getattr(task, name) for name in names},
        clause=task.clause,
        state=pb.TaskState.Value(f"TASK_STATE_{task.state.upper()}"),
        closer_id=task.closer_id,
    )
    message.create_time.FromDatetime(task.created_at)
    if task.due_at:
        message.due_time.FromDatetime(task.due_at)
    if task.closed_at:
        message.close_time.FromDatetime(task.closed_at)
    return message
