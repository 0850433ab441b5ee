"""Inbound leads and the duty rota: what people do, and what other services tell."""

from typing import Any

import sqlalchemy as sa
from crm.ownership.v1 import leads_pb2 as pb

from services.ownership.store.credit_tables import credit
from tests.acceptance.actions import Company
from tests.announcing import announce


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


def tell(company: Company, event_type: str, subject: str, **data: Any) -> None:
    """Announce something in the name of the service that would."""
    sequence = len(company.platform.events) + 1
    announce(company.platform, event_type, subject, data, sequence=sequence)


def assess(company: Company, staff_id: str, *, passed: bool, week: str = "2026-02-23") -> None:
    """Tell whether a person passed the call assessment of a week."""
    data = {"staff_id": staff_id, "week_start": week, "passed": passed}
    tell(company, "crm.activity.call_assessment.recorded.v1", staff_id, **data)


def on_leave(company: Company, staff_id: str, first_day: str, last_day: str) -> None:
    """Tell that a person is away."""
    data = {"leave_id": f"{staff_id}/{first_day}", "staff_id": staff_id, "cancelled": False}
    data |= {"first_day": first_day, "last_day": last_day}
    tell(company, "crm.scheduler.leave.recorded.v1", staff_id, **data)


def caught(company: Company, staff_id: str, result: str = "faked") -> None:
    """Tell what a spot check of a person's calls found."""
    data = {"spot_check_id": company.platform.new_id(), "staff_id": staff_id, "kind": "call"}
    data |= {"result": result, "follow_up_id": "", "check_date": "2026-03-04"}
    tell(company, "crm.activity.spot_check.recorded.v1", staff_id, **data)


def blocked(company: Company, staff_id: str, *, claims: bool = True) -> None:
    """Tell that a person's claims are blocked, or no longer."""
    verb = "confirmed" if claims else "revoked"
    data = {"violation_id": "v3", "staff_id": staff_id, "clause": "H-3.1b", "ordinal": 3}
    data |= {"status": "dismissal" if claims else "malicious", "claims_blocked": claims}
    tell(company, f"crm.activity.violation.{verb}.v1", staff_id, **data)
