"""Departures and reallocations: what people do."""

from typing import Any

from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import reallocations_pb2 as pb

from tests.acceptance.actions import Company, table


def depart(
    company: Company,
    staff_id: str,
    who: str = "hao",
    kind: h.DepartureKind.ValueType = h.DEPARTURE_KIND_LEFT,
    day: str = "2026-03-02",
) -> h.RecordDepartureResponse:
    """Record that a person left, and let its effects happen."""
    request = h.RecordDepartureRequest(
        staff_id=staff_id, kind=kind, departure_date=day, reason="辞职"
    )
    found: h.RecordDepartureResponse = company.call(
        who, company.platform.staff.RecordDeparture, request
    )
    company.settle()
    return found


def item(customer_id: str, to: str = "") -> pb.ReallocationItem:
    """Return an item of a plan: to a person, or into the public pool."""
    if to:
        return pb.ReallocationItem(customer_id=customer_id, to_staff_id=to)
    return pb.ReallocationItem(customer_id=customer_id, to_location=h.LOCATION_PUBLIC_POOL)


def propose(
    company: Company, staff_id: str, *items: pb.ReallocationItem, who: str = "sun"
) -> pb.Reallocation:
    """Propose a plan, and let the case about it open."""
    request = pb.ProposeReallocationRequest(staff_id=staff_id, reason="交接", items=items)
    method = company.platform.reallocations.ProposeReallocation
    found: pb.Reallocation = company.call(who, method, request).reallocation
    company.settle()
    return found


def case_of(company: Company, plan: pb.Reallocation) -> str:
    """Return the id of the case about a plan."""
    rows = table(company.platform, "review", "review_case")
    (case_id,) = [r["case_id"] for r in rows if r["reference_id"] == plan.reallocation_id]
    return str(case_id)


def consent(company: Company, plan: pb.Reallocation, *people: str) -> None:
    """Approve the case about a plan, one person after another."""
    case_id = case_of(company, plan)
    for who in people:
        company.take(who, case_id)
        company.decide(who, case_id, True)
        company.settle()


def execute(company: Company, plan: pb.Reallocation, who: str = "zhou") -> pb.Reallocation:
    """Execute a plan, and let its effects happen."""
    request = pb.ExecuteReallocationRequest(reallocation_id=plan.reallocation_id)
    method = company.platform.reallocations.ExecuteReallocation
    found: pb.Reallocation = company.call(who, method, request).reallocation
    company.settle()
    return found


def read(company: Company, plan: pb.Reallocation, who: str = "zhou") -> pb.Reallocation:
    """Read a plan."""
    request = pb.GetReallocationRequest(reallocation_id=plan.reallocation_id)
    method: Any = company.platform.reallocations.GetReallocation
    found: pb.Reallocation = company.call(who, method, request).reallocation
    return found
