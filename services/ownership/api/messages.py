"""Positions and quotas as messages."""

from crm.ownership.v1 import ownership_pb2 as pb

from services.ownership.app.queries import Quota
from services.ownership.domain.reclaim import exempt, reclaimable
from services.ownership.domain.run_policy import ReclaimRules
from services.ownership.store.people import Colleague
from services.ownership.store.positions import Position


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
