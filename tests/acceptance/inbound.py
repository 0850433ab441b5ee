"""Inbound leads and the duty rota: what people do."""

from typing import Any

import sqlalchemy as sa
from crm.activity.v1 import conduct_pb2 as conduct
from crm.ownership.v1 import leads_pb2 as pb
from crm.scheduler.v1 import scheduler_pb2 as scheduler

from chassis.kernel import Identity
from services.ownership.store.credit_tables import credit
from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing

HR = Identity("hr", "人事", frozenset({"hr"}), "hr")
MARKETING = Identity("marketing", "营销中心", frozenset({"marketing_centre"}), "marketing")


def route(
    company: Company,
    full_name: str,
    who: str = "zhou",
    check_id: str | None = None,
    **more: Any,
) -> pb.Lead:
    """Route a call after the check that it needs, and let its effects happen."""
    if check_id is None:
        check_id = company.check(who, full_name).check_id
    request = pb.RouteLeadRequest(
        kind=more.pop("kind", pb.LEAD_KIND_CALL),
        full_name=full_name,
        contact=more.pop("contact", "何小姐"),
        phone="028-85551234",
        note="想了解会员服务",
        check_id=check_id,
        **more,
    )
    found: pb.Lead = company.call(who, company.platform.leads.RouteLead, request).lead
    company.settle()
    return found


def leads_of(company: Company, who: str) -> list[pb.Lead]:
    """List the leads that a person sees."""
    answer = company.call(who, company.platform.leads.ListLeads, pb.ListLeadsRequest())
    return list(answer.leads)


def rota(company: Company, day: str = "today", who: str = "li") -> pb.Rota:
    """Read the rota in force of a week."""
    request = pb.GetRotaRequest(day=day)
    answer = company.call(who, company.platform.leads.GetRota, request)
    newest: pb.Rota = answer.rotas[-1]
    return newest


def members(company: Company, day: str = "today") -> list[str]:
    """Return who is on duty, in turn."""
    return [item.staff_id for item in rota(company, day).members]


def left_out(company: Company) -> dict[str, str]:
    """Return who is not on duty this week, and why."""
    return {item.staff_id: item.reason for item in rota(company).left_out}


def sold(company: Company, month: str = "2026-02", **amounts: int) -> None:
    """Credit people with performance in yuan, as rulings do."""
    parts = company.platform.parts["ownership"]
    rows = [
        {
            "credit_id": f"{month}-{staff_id}",
            "signing_id": f"{month}-{staff_id}",
            "customer_id": "c",
            "staff_id": staff_id,
            "amount_cents": yuan * 100,
            "month": month,
            "clause": "H-6.3c",
            "dispute_id": "",
            "decision_id": "d",
            "credited_at": company.platform.now,
        }
        for staff_id, yuan in amounts.items()
    ]

    def put(connection: sa.Connection) -> None:
        connection.execute(credit.insert(), rows)

    parts.database.run(put)


def assess(company: Company, staff_id: str, *, passed: bool, week: str = "2026-02-23") -> None:
    """Record whether a person passed the call assessment of a week."""
    request = conduct.RecordCallAssessmentRequest(staff_id=staff_id, week_start=week, passed=passed)
    company.call("zhou", Doing(company).conduct.RecordCallAssessment, request)
    company.settle()


def on_leave(company: Company, staff_id: str, first_day: str, last_day: str) -> str:
    """Record that a person is away; return the leave's id."""
    request = scheduler.RecordLeaveRequest(
        staff_id=staff_id, first_date=first_day, last_date=last_day
    )
    answer = company.platform.call(company.platform.scheduler.RecordLeave, request, HR)
    company.settle()
    return str(answer.leave.leave_id)


def back(company: Company, leave_id: str) -> None:
    """Record that a leave is not taken."""
    request = scheduler.CancelLeaveRequest(leave_id=leave_id, reason="已返岗")
    company.platform.call(company.platform.scheduler.CancelLeave, request, HR)
    company.settle()


def caught(company: Company, staff_id: str, result: str = "faked") -> str:
    """Record what a spot check of a person's calls found; return its id."""
    found = Doing(company).spot_check("zhou", result, staff_id=staff_id)
    company.settle()
    return found.spot_check_id


def blocked(company: Company, staff_id: str) -> str:
    """Confirm so many violations of a person that claims are blocked; return the last one's id."""
    answers = [Doing(company).violate(staff_id) for _ in range(3)]
    company.settle()
    assert answers[-1].conduct.claims_blocked
    return answers[-1].violation.violation_id


def unblocked(company: Company, violation_id: str) -> None:
    """Revoke a violation."""
    request = conduct.RevokeViolationRequest(violation_id=violation_id, reason="申诉成立")
    company.platform.call(Doing(company).conduct.RevokeViolation, request, MARKETING)
    company.settle()
