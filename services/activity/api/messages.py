"""Between the messages of the protos and the values of the use cases."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from crm.activity.v1 import follow_ups_pb2 as pb
from google.protobuf import json_format
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.contract import FIELD_INVALID, INVALID_REQUEST
from services.activity.app.evidence import Seen
from services.activity.app.figures import KINDS, Figures
from services.activity.app.queries import Shown, Signed
from services.activity.app.recording import Draft
from services.activity.store.follow_ups import FollowUp
from services.activity.store.signings import Signing


def read_draft(request: pb.RecordFollowUpRequest, attachments: list[dict[str, Any]]) -> Draft:
    """Read a follow-up as its author states it, with the files that receipts vouch for."""
    place = request.place if request.HasField("place") else None
    return Draft(
        customer_id=request.customer_id,
        kind=pb.FollowUpKind.Name(request.kind).removeprefix("FOLLOW_UP_KIND_").lower(),
        title=request.title,
        content=request.content,
        happened_at=moment_of(request.happen_time) if request.HasField("happen_time") else None,
        attachments=attachments,
        place={
            "latitude": round(place.latitude, 6),
            "longitude": round(place.longitude, 6),
            "accuracy_metres": place.accuracy_metres,
            "address": place.address,
        }
        if place
        else {},
    )


def write_follow_up(found: FollowUp) -> pb.FollowUp:
    """Write a follow-up; `valid` says whether it counts now."""
    names = ("follow_up_id", "customer_id", "author_id", "title", "content", "resembles_id")
    message = pb.FollowUp(
        **{name: getattr(found, name) for name in names},
        kind=pb.FollowUpKind.Value(f"FOLLOW_UP_KIND_{found.kind.upper()}"),
        valid=found.standing,
        reasons=findings(found.reasons),
        flags=findings(found.flags),
        attachments=[json_format.ParseDict(file, pb.Attachment()) for file in found.attachments],
        policy_version=found.policy_version,
    )
    if found.place:
        json_format.ParseDict(found.place, message.place)
    message.record_time.FromDatetime(found.recorded_at)
    if found.happened_at:
        message.happen_time.FromDatetime(found.happened_at)
    if found.voided_at:
        message.void_time.FromDatetime(found.voided_at)
    return message


def write_shown(shown: Shown) -> pb.FollowUp:
    """Write a follow-up with the names that belong to it."""
    message = write_follow_up(shown.follow_up)
    message.full_name = shown.full_name
    message.author_name = shown.author_name
    message.author_department = shown.department
    message.author_team = shown.team
    return message


def write_figures(found: Figures) -> pb.GetActivityFiguresResponse:
    """Write what was done by period."""
    return pb.GetActivityFiguresResponse(
        figures=[
            pb.ActivityFigures(
                first_date=day.isoformat(),
                valid_follow_up_count=one["valid"],
                invalid_follow_up_count=one["invalid"],
                customer_count=one["customers"],
                signing_count=one["signings"],
                signing_amount_cents=one["amount_cents"],
                **{f"{kind}_count": one[kind] for kind in KINDS},
            )
            for day, one in found.periods.items()
        ],
        signings_counted=found.signings_counted,
    )


def findings(rows: Sequence[dict[str, Any]]) -> list[pb.Finding]:
    """Write what was found."""
    return [pb.Finding(**row) for row in rows]


def write_signing(found: Signing) -> pb.Signing:
    """Write a signing."""
    message = pb.Signing(
        signing_id=found.signing_id,
        customer_id=found.customer_id,
        staff_id=found.staff_id,
        sign_date=found.signed_on.isoformat(),
        amount_cents=found.amount_cents,
        note=found.note,
        recorder_id=found.recorder_id,
        counters_id=found.counters_id or "",
        countered_by_id=found.countered_by_id,
    )
    message.record_time.FromDatetime(found.recorded_at)
    return message


def write_signed(signed: Signed) -> pb.Signing:
    """Write a signing with the names that belong to it."""
    message = write_signing(signed.signing)
    message.full_name = signed.full_name
    message.staff_name = signed.staff_name
    return message


def write_seen(seen: Seen) -> pb.FollowUpEvidence:
    """Write a follow-up as a ruling quotes it."""
    message = pb.FollowUpEvidence(follow_up_id=seen.follow_up_id, title=seen.title)
    message.record_time.FromDatetime(seen.recorded_at)
    return message


def moment_of(stamp: Timestamp) -> datetime:
    """Read a time."""
    return stamp.ToDatetime(tzinfo=UTC)


def day_of(text: str, field: str) -> date | None:
    """Read a day, `YYYY-MM-DD`; None for an empty text; refused when it is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        violation = FIELD_INVALID.violate(field, problem="2026-03-02")
        raise INVALID_REQUEST.refuse(violations=[violation], count=1) from None
