"""People who leave, or move out of sales: what they hold is frozen until a plan is executed."""

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Decision, Event
from chassis.unit import UnitOfWork
from services.ownership.app import staff
from services.ownership.app.freezes import Cause, freeze
from services.ownership.domain.days import start_of
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reasons import (
    DEPARTURE_DATE,
    STAFF_DEPARTED,
    STAFF_INVALID,
    STALE,
)
from services.ownership.store import reallocations
from services.ownership.store.departure_tables import departure

DEPARTED = "crm.ownership.staff.departed.v1"
CAUSE: Cause = "departure"


@dataclass(frozen=True, slots=True)
class Departure:
    """A departure: `left` the company, or `moved_out` of sales, on a day."""

    departure_id: str
    staff_id: str
    kind: str
    departure_date: date
    customers_count: int
    decision_id: str


def record_departure(
    uow: UnitOfWork, staff_id: str, kind: str, departure_date: str, reason: str
) -> Departure:
    """Keep that a person departed: from now on no new customers, and no sign-in for who left.

    Everything the person holds is frozen and stays counted; slots of open cases stay reserved until
    those end. Announced, so that the time for the supervisor's plan begins. Refused for a day in
    the future, and when the person has departed already (STAFF_DEPARTED).
    """
    policy = uow.policy(OwnershipPolicy)
    rules = policy.rules.departure
    rules.record.require(uow.actor)
    day = _day(departure_date, uow.today())
    person = staff.find(uow, staff_id)
    if person.state != "active":
        raise STAFF_DEPARTED.refuse(clause=rules.frozen.clause)
    if not staff.depart(uow, person, kind):
        raise STALE.refuse()
    departure_id = uow.new_id()
    held = [row["customer_id"] for row in reallocations.held_by(uow, staff_id)]
    freeze(uow, held, CAUSE, departure_id)
    facts = {"kind": kind, "date": day.isoformat(), "customers": len(held), "reason": reason}
    rule = rules.frozen
    decision = Decision(
        "record_departure",
        "departed",
        kind.upper(),
        rule.clause,
        rule.say,
        facts,
        concerned=(staff_id,),
    )
    done = Departure(departure_id, staff_id, kind, day, len(held), uow.record(decision, staff_id))
    uow.execute(
        departure.insert(),
        {
            "departure_id": departure_id,
            "staff_id": staff_id,
            "kind": kind,
            "departure_date": day,
            "reason": reason,
            "customers_count": len(held),
            "actor_id": uow.actor.staff_id,
            "decision_id": done.decision_id,
            "recorded_at": uow.now,
        },
    )
    data = {
        "staff_id": staff_id,
        "display_name": person.display_name,
        "department": person.department,
        "team": person.team,
        "kind": kind,
        "departure_date": day.isoformat(),
        "departure_time": start_of(day, policy.time_zone).isoformat(),
        "customers_count": len(held),
        "plan_role": policy.rules.reallocation.propose.grants[0].role,
        "clause": rule.clause,
    }
    uow.emit(Event(DEPARTED, staff_id, data))
    return done


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or day > today:
        violation = DEPARTURE_DATE.violate("departure_date", today=today.isoformat())
        raise STAFF_INVALID.refuse(violations=[violation], count=1)
    return day
