"""Every method that people can call, with a request that the contract accepts."""

from collections.abc import Callable
from typing import Any

from crm.activity.v1 import conduct_pb2 as k
from crm.activity.v1 import follow_ups_pb2 as f
from crm.activity.v1 import follow_ups_pb2_grpc as f_rpc
from crm.activity.v1 import maintenance_pb2 as m
from crm.activity.v1 import tasks_pb2 as t
from crm.activity.v1.conduct_pb2_grpc import ConductServiceStub
from crm.activity.v1.maintenance_pb2_grpc import MaintenanceServiceStub
from crm.activity.v1.tasks_pb2_grpc import TaskServiceStub
from crm.customers.v1 import customers_pb2 as c
from crm.operations.v1 import operations_pb2 as o
from crm.ownership.v1 import holdings_pb2 as across
from crm.ownership.v1 import leads_pb2 as leads
from crm.ownership.v1 import overview_pb2 as glance
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import reallocations_pb2 as plans
from crm.ownership.v1 import rulings_pb2 as rulings
from crm.ownership.v1 import runs_pb2 as n
from crm.ownership.v1 import runs_pb2_grpc as n_rpc
from crm.ownership.v1.holdings_pb2_grpc import HoldingServiceStub
from crm.ownership.v1.overview_pb2_grpc import OverviewServiceStub
from crm.review.v1 import review_pb2 as r
from crm.scheduler.v1 import scheduler_pb2 as s
from crm.scheduler.v1.scheduler_pb2_grpc import SchedulerServiceStub
from google.protobuf import message_factory

from tests.acceptance.actions import Company
from tests.builders import form
from tests.platform import Platform, haixin
from tests.service.asking_activity import activity_requests
from tests.service.asking_scheduler import scheduler_requests

REQUEST_TYPES = {
    method.full_name: message_factory.GetMessageClass(method.input_type)
    for module in (c, f, k, m, t, o, h, across, glance, leads, plans, n, rulings, r, s)
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}
"""Full method name to its request message."""


def methods(platform: Platform) -> dict[str, list[tuple[str, Callable[..., Any]]]]:
    """Return, for each full method name, (serving service, callable) pairs."""
    activity: Any = platform.channel("activity")
    ownership: Any = platform.channel("ownership")
    stubs: list[tuple[str, str, Any]] = [
        ("activity", "crm.activity.v1.FollowUpService", f_rpc.FollowUpServiceStub(activity)),
        ("activity", "crm.activity.v1.SigningService", f_rpc.SigningServiceStub(activity)),
        ("activity", "crm.activity.v1.ActivityService", f_rpc.ActivityServiceStub(activity)),
        ("activity", "crm.activity.v1.ConductService", ConductServiceStub(activity)),
        ("activity", "crm.activity.v1.MaintenanceService", MaintenanceServiceStub(activity)),
        ("activity", "crm.activity.v1.TaskService", TaskServiceStub(activity)),
        ("customers", "crm.customers.v1.CustomerService", platform.customers),
        ("ownership", "crm.ownership.v1.OwnershipService", platform.ownership),
        ("ownership", "crm.ownership.v1.StaffService", platform.staff),
        ("ownership", "crm.ownership.v1.HoldingService", HoldingServiceStub(ownership)),
        ("ownership", "crm.ownership.v1.OverviewService", OverviewServiceStub(ownership)),
        ("ownership", "crm.ownership.v1.RunService", n_rpc.RunServiceStub(ownership)),
        ("ownership", "crm.ownership.v1.LeadService", platform.leads),
        ("ownership", "crm.ownership.v1.RulingService", platform.rulings),
        ("ownership", "crm.ownership.v1.ReallocationService", platform.reallocations),
        ("review", "crm.review.v1.ReviewService", platform.review),
        (
            "scheduler",
            "crm.scheduler.v1.SchedulerService",
            SchedulerServiceStub(platform.channel("scheduler")),
        ),
        *(
            (name, "crm.operations.v1.OperationsService", platform.operations(name))
            for name in platform.parts
        ),
    ]
    found: dict[str, list[tuple[str, Callable[..., Any]]]] = {name: [] for name in REQUEST_TYPES}
    for name in REQUEST_TYPES:
        service, _, method = name.rpartition(".")
        found[name] = [(by, getattr(stub, method)) for by, full, stub in stubs if full == service]
    return found


def requests(service: str = "ownership", customer_id: str = "nobody", case_id: str = "none") -> Any:
    """Return a well-formed request for every method, by full method name."""
    customer, operations = (
        "crm.customers.v1.CustomerService.",
        "crm.operations.v1.OperationsService.",
    )
    holding, staff = "crm.ownership.v1.OwnershipService.", "crm.ownership.v1.StaffService."
    inbound, ruling = "crm.ownership.v1.LeadService.", "crm.ownership.v1.RulingService."
    moving = "crm.ownership.v1.ReallocationService."
    review = "crm.review.v1.ReviewService."
    whole = c.CustomerForm(**form())
    person = h.Staff(
        staff_id="new", display_name="新人", hire_date="2026-03-01", department="s", roles=["hr"]
    )
    apply = o.ApplyPolicyRequest(service=service, pack="haixin-pool", time_zone="Asia/Shanghai")
    apply.effective_time.FromJsonString("2026-03-01T00:00:00Z")
    apply.section.update(haixin().sections[service].to_json())
    submit = r.SubmitCaseRequest(case_type="pool_claim", customer_id=customer_id)
    prepare: Any = {"case_id": case_id, "customer_id": customer_id}
    of_customer: Any = {"customer_id": customer_id}
    of_case: Any = {"case_id": case_id}
    of_service: Any = {"service": service}
    return {
        **activity_requests(customer_id),
        **run_requests(customer_id),
        **scheduler_requests(customer_id),
        "crm.ownership.v1.HoldingService.ListHoldings": across.ListHoldingsRequest(),
        "crm.ownership.v1.OverviewService.GetOverview": glance.GetOverviewRequest(),
        "crm.ownership.v1.OverviewService.ListLibraryFills": glance.ListLibraryFillsRequest(),
        "crm.ownership.v1.OverviewService.ListWeeklyMoves": glance.ListWeeklyMovesRequest(),
        "crm.ownership.v1.OverviewService.ListCustomerCounts": glance.ListCustomerCountsRequest(),
        f"{customer}CheckDuplicates": c.CheckDuplicatesRequest(full_name="成都蓝海科技有限公司"),
        f"{customer}GetDuplicateCheck": c.GetDuplicateCheckRequest(check_id="none"),
        f"{customer}ListDuplicateChecks": c.ListDuplicateChecksRequest(),
        f"{customer}StartDuplicateScan": c.StartDuplicateScanRequest(most_found=5),
        f"{customer}GetDuplicateScan": c.GetDuplicateScanRequest(scan_id="latest"),
        f"{customer}DescribeForm": c.DescribeFormRequest(),
        f"{customer}CheckForm": c.CheckFormRequest(
            form=c.CustomerForm(full_name="绵阳红岩科技有限公司")
        ),
        f"{customer}GetCustomer": c.GetCustomerRequest(**of_customer),
        f"{customer}ListCustomers": c.ListCustomersRequest(),
        f"{customer}SuggestCustomers": c.SuggestCustomersRequest(query="蓝海"),
        f"{customer}ListCustomerFacts": c.ListCustomerFactsRequest(**of_customer),
        f"{customer}SupplementCustomer": c.SupplementCustomerRequest(
            form=c.CustomerForm(hr_lead="李红"), reason="更正", **of_customer
        ),
        f"{customer}AddOtherName": c.AddOtherNameRequest(
            other_name=c.OtherName(name="蓝海", kind=c.NAME_KIND_SHORT),
            reason="常用",
            **of_customer,
        ),
        f"{customer}RemoveOtherName": c.RemoveOtherNameRequest(
            name="蓝海", reason="更正", **of_customer
        ),
        f"{customer}SetMnemonic": c.SetMnemonicRequest(mnemonic="20260302删除", **of_customer),
        f"{customer}BatchCheckDuplicates": c.BatchCheckDuplicatesRequest(
            names=[c.NameToCheck(full_name="成都蓝海科技有限公司")]
        ),
        f"{customer}BatchGetCustomers": c.BatchGetCustomersRequest(customer_ids=[customer_id]),
        f"{customer}ImportCustomers": c.ImportCustomersRequest(rows=[whole]),
        f"{customer}PrepareCase": c.PrepareCaseRequest(flow=c.CASE_FLOW_CLAIM, **prepare),
        f"{holding}ListPool": h.ListPoolRequest(),
        f"{holding}ListLibrary": h.ListLibraryRequest(staff_id="li"),
        f"{holding}PreviewClaim": h.PreviewClaimRequest(**of_customer),
        f"{holding}PreviewRelease": h.PreviewReleaseRequest(**of_customer),
        f"{holding}ClaimCustomer": h.ClaimCustomerRequest(**of_customer),
        f"{holding}GetPosition": h.GetPositionRequest(**of_customer),
        f"{holding}ListPositionChanges": h.ListPositionChangesRequest(**of_customer),
        f"{holding}GetQuota": h.GetQuotaRequest(staff_id="li"),
        f"{holding}ListReleasedCustomers": h.ListReleasedCustomersRequest(),
        f"{holding}PrepareCase": h.PrepareCaseRequest(
            flow=h.CASE_FLOW_CLAIM, category="intended", **prepare
        ),
        f"{staff}CreateStaff": h.CreateStaffRequest(staff=person),
        f"{staff}GetStaff": h.GetStaffRequest(staff_id="li"),
        f"{staff}ListStaff": h.ListStaffRequest(),
        f"{staff}ListColleagues": h.ListColleaguesRequest(),
        f"{staff}UpdateStaff": h.UpdateStaffRequest(staff=person, fields=["team"]),
        f"{ruling}RaiseDispute": rulings.RaiseDisputeRequest(signing_id="none"),
        f"{ruling}ReportDuplicate": rulings.ReportDuplicateRequest(
            other_customer_id="none", **of_customer
        ),
        f"{ruling}AppealRuling": rulings.AppealRulingRequest(dispute_id="none", reason="不服"),
        f"{ruling}GetDispute": rulings.GetDisputeRequest(dispute_id="none"),
        f"{ruling}ListDisputes": rulings.ListDisputesRequest(),
        f"{ruling}ListCredits": rulings.ListCreditsRequest(),
        f"{inbound}RouteLead": leads.RouteLeadRequest(
            kind=leads.LEAD_KIND_CALL, full_name="成都蓝海科技有限公司", check_id="none"
        ),
        f"{inbound}GetLead": leads.GetLeadRequest(lead_id="none"),
        f"{inbound}ListLeads": leads.ListLeadsRequest(),
        f"{inbound}GetRota": leads.GetRotaRequest(day="today"),
        f"{inbound}ListDutyDays": leads.ListDutyDaysRequest(),
        f"{inbound}ReinstateToRota": leads.ReinstateToRotaRequest(staff_id="li", reason="改正"),
        f"{inbound}ListRotaBans": leads.ListRotaBansRequest(),
        f"{staff}RecordDeparture": h.RecordDepartureRequest(
            staff_id="li", kind=h.DEPARTURE_KIND_LEFT, departure_date="2026-03-02", reason="辞职"
        ),
        f"{moving}ProposeReallocation": plans.ProposeReallocationRequest(
            staff_id="li",
            reason="离职",
            items=[plans.ReallocationItem(customer_id=customer_id, to_staff_id="wang")],
        ),
        f"{moving}ExecuteReallocation": plans.ExecuteReallocationRequest(reallocation_id="none"),
        f"{moving}GetReallocation": plans.GetReallocationRequest(reallocation_id="none"),
        f"{moving}ListReallocations": plans.ListReallocationsRequest(),
        f"{review}SubmitCase": submit,
        f"{review}GetCase": r.GetCaseRequest(**of_case),
        f"{review}ListCases": r.ListCasesRequest(),
        f"{review}CountCases": r.CountCasesRequest(),
        f"{review}GetReviewFigures": r.GetReviewFiguresRequest(),
        f"{review}TakeCase": r.TakeCaseRequest(**of_case),
        f"{review}ReturnCase": r.ReturnCaseRequest(**of_case),
        f"{review}DecideCase": r.DecideCaseRequest(
            verdict=r.VERDICT_REJECT,
            reason="不行",
            checks={"not_duplicate": False, "complete": False},
            **of_case,
        ),
        f"{review}WithdrawCase": r.WithdrawCaseRequest(**of_case),
        f"{review}ListCaseTypes": r.ListCaseTypesRequest(),
        f"{operations}ApplyPolicy": apply,
        f"{operations}PreviewPolicy": o.PreviewPolicyRequest(
            changes=[{"name": "visibility.library_readers", "value": {"list_value": {}}}],
            **of_service,
        ),
        f"{operations}GetPolicy": o.GetPolicyRequest(version=1, **of_service),
        f"{operations}ComparePolicies": o.ComparePoliciesRequest(version=1, **of_service),
        f"{operations}ListPolicies": o.ListPoliciesRequest(**of_service),
        f"{operations}GetPermissions": o.GetPermissionsRequest(**of_service),
        f"{operations}GetDecision": o.GetDecisionRequest(decision_id="none", **of_service),
        f"{operations}ListDecisions": o.ListDecisionsRequest(**of_service),
        f"{operations}GetBacklog": o.GetBacklogRequest(**of_service),
        f"{operations}ListParkedMessages": o.ListParkedMessagesRequest(**of_service),
        f"{operations}RetryParkedMessage": o.RetryParkedMessageRequest(
            message_id="none", **of_service
        ),
    }


def run_requests(customer_id: str) -> dict[str, Any]:
    """Return a well-formed request for every method of runs."""
    runs = "crm.ownership.v1.RunService."
    of_run: Any = {"run_id": "none"}
    return {
        f"{runs}ListRuns": n.ListRunsRequest(),
        f"{runs}GetRun": n.GetRunRequest(**of_run),
        f"{runs}ListRunItems": n.ListRunItemsRequest(**of_run),
        f"{runs}PreviewReclaim": n.PreviewReclaimRequest(),
        f"{runs}ResumeRun": n.ResumeRunRequest(**of_run),
        f"{runs}CancelRun": n.CancelRunRequest(reason="有误", **of_run),
        f"{runs}UndoRun": n.UndoRunRequest(reason="有误", **of_run),
        f"{runs}SetDistributionPlan": n.SetDistributionPlanRequest(
            plan=n.DistributionPlan(mode=n.PLAN_MODE_EVEN_BY_REP)
        ),
        f"{runs}GetDistributionPlan": n.GetDistributionPlanRequest(),
        f"{runs}ListAwaiting": n.ListAwaitingRequest(),
        f"{runs}AssignCustomer": n.AssignCustomerRequest(customer_id=customer_id, staff_id="wang"),
    }


def ask_all(company: Company, who: Any, customer_id: str, case_id: str) -> Any:
    """Yield (method name, serving service, call) for every method, asked by one person."""
    platform = company.platform
    for name, served in methods(platform).items():
        for service, method in served:
            request = requests(service, customer_id, case_id)[name]

            def call(method: Any = method, request: Any = request) -> Any:
                return platform.call(method, request, who)

            yield name, service, call
