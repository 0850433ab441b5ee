"""To-dos and notices, and the maintenance of online customers."""

from crm.activity.v1 import maintenance_pb2 as m
from crm.activity.v1 import tasks_pb2 as pb
from crm.activity.v1.maintenance_pb2_grpc import MaintenanceServiceServicer
from crm.activity.v1.tasks_pb2_grpc import TaskServiceServicer

from chassis import paging
from chassis.call import Door
from chassis.rpc import command, query
from chassis.unit import UnitOfWork
from services.activity.app import conduct_queries, notices
from services.activity.domain.policy import ActivityPolicy
from services.activity.store.tasks import Task


class TaskApi(TaskServiceServicer):
    """What people are to do."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @query
    def ListTasks(self, uow: UnitOfWork, request: pb.ListTasksRequest) -> pb.ListTasksResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        state = pb.TaskState.Name(request.state).removeprefix("TASK_STATE_").lower()
        found = notices.list_tasks(
            uow,
            request.mine,
            "" if state == "unspecified" else state,
            request.kind,
            int(after[0]) if after else None,
            size + 1,
        )
        return pb.ListTasksResponse(
            tasks=[_task(one) for one in found[:size]],
            next_page_token=paging.next_token(request, found[size - 1].position)
            if len(found) > size
            else "",
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
        size = paging.page_size(request)
        after = paging.read_token(request)
        rows = conduct_queries.list_unmaintained(
            uow,
            request.month,
            request.customer_id,
            request.holder_id,
            int(after[0]) if after else None,
            size + 1,
        )
        answer = m.ListUnmaintainedCustomersResponse(
            next_page_token=paging.next_token(request, rows[size - 1]["position"])
            if len(rows) > size
            else ""
        )
        for row in rows[:size]:
            found = answer.unmaintained_customers.add(
                customer_id=row["customer_id"],
                full_name=row["full_name"] or "",
                month=row["month"],
                holder_id=row["holder_id"],
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
