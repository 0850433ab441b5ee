"""Positions and quotas as messages."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from crm.ownership.v1 import ownership_pb2 as pb
from crm.ownership.v1 import runs_pb2 as runs

from chassis.contract import FIELD_INVALID, INVALID_REQUEST
from chassis.unit import UnitOfWork
from services.ownership.app.claims import Preview
from services.ownership.app.places import Sorting, Unheld, Wanted
from services.ownership.app.queries import Quota
from services.ownership.app.terms import Term
from services.ownership.domain.reclaim import exempt, reclaimable
from services.ownership.domain.run_policy import ReclaimRules
from services.ownership.store import people
from services.ownership.store.people import Colleague
from services.ownership.store.positions import Position

_SORTING: dict[pb.PlaceOrder.ValueType, Sorting] = {
    pb.PLACE_ORDER_UNSPECIFIED: "arrive_time",
    pb.PLACE_ORDER_ARRIVE_TIME: "arrive_time",
    pb.PLACE_ORDER_NAME: "name",
}


def read_day(field: str, text: str) -> date:
    """Return the day that a text of the right form names; refused when there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        violation = FIELD_INVALID.violate(field, problem=text)
        raise INVALID_REQUEST.refuse(violations=[violation], count=1) from None


def read_place(request: pb.ListPoolRequest | runs.ListAwaitingRequest) -> Wanted:
    """Return which customers that nobody holds are asked for."""
    order = _SORTING[request.order]
    return Wanted(request.query, request.category, order, request.descending)


def write_location(name: str) -> pb.Location.ValueType:
    return pb.Location.Value(f"LOCATION_{(name or 'unspecified').upper()}")


def write_colleague(person: Colleague) -> pb.Colleague:
    return pb.Colleague(
        staff_id=person.staff_id,
        display_name=person.display_name,
        department=person.department,
        team=person.team,
        state=pb.StaffState.Value(f"STAFF_STATE_{person.state.upper()}"),
    )


def write_people(uow: UnitOfWork, staff_ids: Iterable[str]) -> list[pb.Colleague]:
    """Write the people with some ids, by name."""
    return [write_colleague(person) for person in people.colleagues(uow, staff_ids)]


def write_position(position: Position, rules: ReclaimRules) -> pb.Position:
    """Write a position with the deadline that a run will enforce, and no other."""
    answer = pb.Position(
        customer_id=position.customer_id,
        full_name=position.full_name,
        category=position.category,
        location=write_location(position.location),
        holder_id=position.holder_id or "",
        counted=position.counted,
        in_case=bool(position.case_id),
        releaser_count=position.releaser_count,
        frozen=position.freeze_count > 0,
        reclaim_exempt=exempt(position.category, rules),
    )
    if due_at := reclaimable(position, rules):
        answer.due_time.FromDatetime(due_at)
    answer.arrive_time.FromDatetime(position.arrived_at)
    if position.protected_at:
        answer.protect_time.FromDatetime(position.protected_at)
    return answer


def write_unheld(one: Unheld, rules: ReclaimRules) -> pb.Position:
    """Write a customer that nobody holds, with how it came there."""
    answer = write_position(one.position, rules)
    answer.arrive_manner = one.manner
    if one.previous:
        answer.previous_holder.CopyFrom(write_colleague(one.previous))
    if refused := one.refused:
        answer.claim_hindrance.reason = refused.reason
        answer.claim_hindrance.clause = refused.clause
        answer.claim_hindrance.zh = refused.say.zh
        answer.claim_hindrance.en = refused.say.en
        if until := refused.figures.get("until"):
            answer.claim_hindrance.claimable_time.FromJsonString(str(until))
    return answer


def write_preview(preview: Preview) -> pb.PreviewClaimResponse:
    """Write what claiming would mean, but for the deadline."""
    answer = pb.PreviewClaimResponse(
        allowed=preview.refused is None,
        review_required=preview.review_required,
        quota=write_quota(preview.quota),
        left_after_count=preview.left_after,
    )
    if refused := preview.refused:
        answer.reason, answer.clause = refused.reason, refused.clause
        answer.zh, answer.en = refused.say.zh, refused.say.en
    return answer


def write_term(term: Term, time_zone: str) -> pb.FirstDeadline:
    """Write a deadline; the last day is the local one that ends with it, or in which it lies."""
    last = (term.due_at - timedelta(microseconds=1)).astimezone(ZoneInfo(time_zone)).date()
    answer = pb.FirstDeadline(
        last_date=last.isoformat(),
        amount=term.amount,
        unit=term.unit,
        counted_dates=term.counted,
        clause=term.clause,
        zh=term.zh,
        en=term.en,
    )
    answer.due_time.FromDatetime(term.due_at)
    return answer


def write_quota(quota: Quota) -> pb.Quota:
    return pb.Quota(
        staff_id=quota.staff_id,
        limit_count=quota.limit,
        used_count=quota.used,
        reserved_count=quota.reserved,
        left_count=quota.left,
        uncounted_count=quota.uncounted,
        clause=quota.rule.clause,
        zh=quota.rule.zh,
        en=quota.rule.en,
    )
