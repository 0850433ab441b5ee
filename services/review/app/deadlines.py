"""What the scheduler says of the deadline of a case."""

from datetime import datetime

from chassis.kernel import Decision, Event, Received, deadline_facts
from chassis.unit import UnitOfWork
from services.review.app.deciding import type_of
from services.review.store import cases

OVERDUE = "crm.review.case.overdue.v1"
CLOCK = "case_sla"
"""The clock whose deadline is that of a case."""


def follow_clock(uow: UnitOfWork, event: Received) -> None:
    """Show the deadline that the scheduler computed."""
    if event.data["clock"] != CLOCK:
        return
    for entry in event.data["entries"]:
        due_at = datetime.fromisoformat(entry["due_time"])
        cases.follow_clock(uow, entry["subject_id"], entry["version"], due_at)


def mark_overdue(uow: UnitOfWork, event: Received) -> None:
    """Mark what is still undecided at its deadline and tell the deciding role so, once (H-3.2a)."""
    if event.data["clock"] != CLOCK:
        return
    follow_clock(uow, event)
    for entry in event.data["entries"]:
        case_id = entry["subject_id"]
        if not cases.mark_overdue(uow, case_id, entry["version"]):
            continue
        case = cases.get(uow, case_id)
        rule = type_of(uow, case).deadline_hours
        if rule is not None:
            basis, due = entry["basis_time"], entry["due_time"]
            deadline = deadline_facts(CLOCK, case_id, "", basis, due, entry["version"])
            facts = {"due_time": due, "role": case.role, "deadline": deadline}
            decision = Decision(
                "overdue",
                "late",
                "OVERDUE",
                rule.clause,
                rule.say,
                facts,
                concerned=(case.applicant_id,),
            )
            uow.record(decision, case_id)
        data = {
            "case_id": case_id,
            "case_type": case.case_type,
            "role": case.role,
            "scope": case.scope,
            "department": case.department,
            "team": case.team,
            "full_name": case.full_name,
            "due_time": entry["due_time"],
            "clause": rule.clause if rule else "",
        }
        uow.emit(Event(OVERDUE, case_id, data))
