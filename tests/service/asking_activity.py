"""Every method of activity, with a request that the contract accepts."""

from typing import Any

from crm.activity.v1 import conduct_pb2 as k
from crm.activity.v1 import follow_ups_pb2 as f
from crm.activity.v1 import maintenance_pb2 as m
from crm.activity.v1 import tasks_pb2 as t


def activity_requests(customer_id: str) -> dict[str, Any]:
    """Return a well-formed request for every method of activity."""
    follow_ups, signings = "crm.activity.v1.FollowUpService.", "crm.activity.v1.SigningService."
    peers = "crm.activity.v1.ActivityService."
    of_customer: Any = {"customer_id": customer_id}
    settle = f.SettleFollowUpsRequest()
    settle.windows.add(**of_customer).until_time.FromJsonString("2026-03-01T00:00:00Z")
    return {
        f"{follow_ups}RecordFollowUp": f.RecordFollowUpRequest(
            kind=f.FOLLOW_UP_KIND_CALL,
            title="回访",
            content="今天上门拜访了人事经理谈了续约",
            **of_customer,
        ),
        f"{follow_ups}GetFollowUp": f.GetFollowUpRequest(follow_up_id="none"),
        f"{follow_ups}ListFollowUps": f.ListFollowUpsRequest(**of_customer),
        f"{follow_ups}GetActivityFigures": f.GetActivityFiguresRequest(),
        f"{signings}RecordSigning": f.RecordSigningRequest(
            sign_date="2026-03-02", amount_cents=100, staff_id="zhao", **of_customer
        ),
        f"{signings}CounterSigning": f.CounterSigningRequest(signing_id="none", reason="有误"),
        f"{signings}ListSignings": f.ListSigningsRequest(**of_customer),
        f"{peers}SettleFollowUps": settle,
        f"{peers}FindAttachments": f.FindAttachmentsRequest(attachment_ids=["nothing"]),
        f"{peers}GatherEvidence": f.GatherEvidenceRequest(**of_customer),
        **conduct_requests(),
        "crm.activity.v1.MaintenanceService.GetOnlineMaintenance": m.GetOnlineMaintenanceRequest(),
        "crm.activity.v1.MaintenanceService.ListUnmaintainedCustomers": (
            m.ListUnmaintainedCustomersRequest(**of_customer)
        ),
        "crm.activity.v1.TaskService.ListTasks": t.ListTasksRequest(),
        "crm.activity.v1.TaskService.CountTasks": t.CountTasksRequest(),
        "crm.activity.v1.TaskService.CompleteTask": t.CompleteTaskRequest(task_id="none"),
    }


def conduct_requests() -> dict[str, Any]:
    """Return a well-formed request for every method about the conduct of people."""
    requests: dict[str, Any] = {
        "RecordCallAssessment": k.RecordCallAssessmentRequest(
            staff_id="li", week_start="2026-02-23", passed=True
        ),
        "ListCallAssessments": k.ListCallAssessmentsRequest(),
        "RecordSpotCheck": k.RecordSpotCheckRequest(
            kind=k.SPOT_CHECK_KIND_CALL,
            staff_id="li",
            result=k.SPOT_CHECK_RESULT_FAKED,
            evidence="空号",
        ),
        "ListSpotChecks": k.ListSpotChecksRequest(),
        "ListSpotCheckDays": k.ListSpotCheckDaysRequest(),
        "ConfirmViolation": k.ConfirmViolationRequest(
            staff_id="li", clause="H-3.1b", evidence="未查重"
        ),
        "RevokeViolation": k.RevokeViolationRequest(violation_id="none", reason="有误"),
        "ListViolations": k.ListViolationsRequest(),
        "GetConduct": k.GetConductRequest(staff_id="li"),
        "ListPenalties": k.ListPenaltiesRequest(),
        "GetMonthSummary": k.GetMonthSummaryRequest(month="2026-03"),
    }
    return {f"crm.activity.v1.ConductService.{name}": one for name, one in requests.items()}
