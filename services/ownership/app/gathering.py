"""The evidence of a dispute gathers itself; then the ruling is proposed and people confirm it."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm.activity.v1 import follow_ups_pb2 as activity
from crm.activity.v1.follow_ups_pb2_grpc import ActivityServiceStub
from crm.scheduler.v1 import scheduler_pb2 as scheduler
from crm.scheduler.v1.scheduler_pb2_grpc import SchedulerServiceStub
from google.protobuf import json_format
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.kernel import Decision, Event, Refused
from chassis.rounds import Round
from chassis.unit import UnitOfWork
from services.ownership.domain import evidence as found
from services.ownership.domain.duplicate_rulings import propose_duplicate
from services.ownership.domain.performance_rulings import propose_performance
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.rulings import Proposal
from services.ownership.store import disputes, people, positions
from services.ownership.store.disputes import Dispute, Signing
from services.ownership.store.positions import Position

PROPOSED = "crm.ownership.dispute.proposed.v1"
AT_ONCE = 20

_log = logging.getLogger(__name__)


def propose_rulings(round_: Round) -> None:
    """Gather evidence for disputes that wait for it and propose their rulings.

    A dispute whose evidence cannot be had now is tried again later; the others go on.
    """
    for dispute in round_.run(lambda uow: disputes.take_gathering(uow, AT_ONCE)):
        try:
            _GATHER[dispute.kind](round_, dispute)
        except Refused as refused:
            _log.warning("no evidence for dispute %s: %s", dispute.dispute_id, refused)


def _performance(round_: Round, dispute: Dispute) -> None:
    signing, online, zone, excluded = round_.read(lambda uow: _signed(uow, dispute))
    request = activity.GatherEvidenceRequest(
        customer_id=dispute.customer_id,
        staff_ids=sorted({dispute.holder_id, signing.staff_id}),
        signing_id=signing.signing_id,
        exclude_signing_day=excluded,
    )
    answer = _gather(round_, request)
    followed = _of(answer, dispute.holder_id, zone)
    days = _count_days(round_, followed, signing, zone)
    evidence = found.PerformanceEvidence(
        holder_id=dispute.holder_id,
        signer_id=signing.staff_id,
        sign_date=signing.sign_date,
        online=online,
        followed=followed,
        days=days,
        unmaintained=tuple(
            found.UnmaintainedMonth(month.month, month.holder_id, month.HasField("heal_time"))
            for month in answer.unmaintained_months
        ),
    )
    sheet = {
        "signing": {
            "signing_id": signing.signing_id,
            "staff_id": signing.staff_id,
            "sign_date": signing.sign_date.isoformat(),
            "amount_cents": signing.amount_cents,
        },
        "follow_ups": _sheet(answer),
    }

    def put(uow: UnitOfWork) -> None:
        rules = uow.policy(OwnershipPolicy).rules.dispute
        _propose(uow, dispute, sheet, propose_performance(evidence, rules))

    round_.run(put)


def _duplicate(round_: Round, dispute: Dispute) -> None:
    both, online, zone = round_.read(lambda uow: _records(uow, dispute))
    records, sheet = [], []
    for position, entered_at in both:
        followed = None
        if position.holder_id:
            answer = _gather(
                round_,
                activity.GatherEvidenceRequest(
                    customer_id=position.customer_id, staff_ids=[position.holder_id]
                ),
            )
            followed = _of(answer, position.holder_id, zone)
            sheet += _sheet(answer)
        records.append(
            found.Record(
                customer_id=position.customer_id,
                holder_id=position.holder_id or "",
                online=position.category in online,
                protected_at=position.protected_at,
                protected=_local(position.protected_at, zone),
                entered_at=entered_at,
                entered=_local(entered_at, zone),
                followed=followed,
            )
        )
    evidence = found.DuplicateEvidence((records[0], records[1]))
    told = {
        "records": [
            {
                "customer_id": position.customer_id,
                "full_name": position.full_name,
                "category": position.category,
                "location": position.location,
                "holder_id": position.holder_id or "",
                "protect_time": _utc(position.protected_at),
                "enter_time": _utc(entered_at),
            }
            for position, entered_at in both
        ],
        "follow_ups": sheet,
    }

    def put(uow: UnitOfWork) -> None:
        rules = uow.policy(OwnershipPolicy).rules.dispute
        _propose(uow, dispute, told, propose_duplicate(evidence, rules))

    round_.run(put)


def _appeal(round_: Round, dispute: Dispute) -> None:
    def put(uow: UnitOfWork) -> None:
        former = disputes.rulings(uow, [dispute.appeal_of])[dispute.appeal_of]
        names = ("outcome", "winner_id", "clause", "zh", "en", "sheet", "ruler_id")
        ruled = {name: former[name] for name in names}
        ruled["rule_time"] = former["ruled_at"].isoformat()
        told = {"former": ruled, "appeal": dispute.note}
        rule = uow.policy(OwnershipPolicy).rules.dispute.appeal
        _propose(uow, dispute, told, Proposal("appeal", former["winner_id"], rule, ()))

    round_.run(put)


_GATHER = {"performance": _performance, "duplicate": _duplicate, "appeal": _appeal}


def _propose(
    uow: UnitOfWork, dispute: Dispute, evidence: dict[str, Any], proposal: Proposal
) -> None:
    sheet = proposal.to_json()
    if not disputes.change(uow, dispute, state="proposed", evidence=evidence, proposal=sheet):
        return
    rules = uow.policy(OwnershipPolicy).rules.dispute
    rule = proposal.rule
    decision = Decision("propose", "proposed", "PROPOSED", rule.clause, rule.say, sheet)
    uow.record(decision, dispute.dispute_id)
    claimant: Mapping[Any, Any] = people.find(uow, dispute.claimant_id) or {}
    data = {
        "case_type": rules.case_types[dispute.kind],  # type: ignore[index]
        "reference_id": dispute.dispute_id,
        "applicant_id": dispute.claimant_id,
        "applicant_name": claimant.get("display_name", ""),
        "department": claimant.get("department", ""),
        "team": claimant.get("team", ""),
        "customer_id": dispute.customer_id,
        "full_name": dispute.full_name,
        "remarks": dispute.note,
        "parties": disputes.parties(uow, [dispute.dispute_id])[dispute.dispute_id],
        "evidence": {**evidence, "proposal": sheet},
        "facts": {"outcome": proposal.outcome},
    }
    uow.emit(Event(PROPOSED, dispute.customer_id, data))


def _signed(uow: UnitOfWork, dispute: Dispute) -> tuple[Signing, bool, ZoneInfo, bool]:
    """Return the signing, whether of an online customer, and how the evidence is counted."""
    signing = disputes.find_signing(uow, dispute.signing_id)
    position = positions.read(uow, dispute.customer_id)
    assert signing
    assert position
    policy = uow.policy(OwnershipPolicy)
    rules = policy.rules.dispute
    online = position.category in rules.online_categories.value
    excluded = rules.performance.exclude_signing_day.value
    return signing, online, ZoneInfo(policy.time_zone), excluded


def _records(
    uow: UnitOfWork, dispute: Dispute
) -> tuple[list[tuple[Position, datetime]], tuple[str, ...], ZoneInfo]:
    both = []
    for customer_id in dispute.customers:
        position = positions.read(uow, customer_id)
        assert position
        both.append((position, positions.entered_at(uow, customer_id) or position.arrived_at))
    policy = uow.policy(OwnershipPolicy)
    return both, policy.rules.dispute.online_categories.value, ZoneInfo(policy.time_zone)


def _gather(
    round_: Round, request: activity.GatherEvidenceRequest
) -> activity.GatherEvidenceResponse:
    stub = ActivityServiceStub(round_.channel("activity"))
    answer: activity.GatherEvidenceResponse = round_.ask(stub.GatherEvidence, request)
    return answer


def _count_days(
    round_: Round, followed: found.FollowUps, signing: Signing, zone: ZoneInfo
) -> found.WorkingDays | None:
    """Count the working days after the last follow-up, up to and including the signing day."""
    if followed.last is None:
        return None
    first = followed.last.at.astimezone(zone).date()
    if first >= signing.sign_date:
        return found.WorkingDays(0, (), (), 0)
    request = scheduler.CountWorkingDaysRequest(
        first_date=first.isoformat(), last_date=signing.sign_date.isoformat()
    )
    stub = SchedulerServiceStub(round_.channel("scheduler"))
    answer = round_.ask(stub.CountWorkingDays, request)
    return found.WorkingDays(
        answer.count,
        tuple(answer.counted_dates),
        tuple(answer.skipped_dates),
        answer.calendar_version,
    )


def _of(answer: activity.GatherEvidenceResponse, staff_id: str, zone: ZoneInfo) -> found.FollowUps:
    person = next((one for one in answer.people if one.staff_id == staff_id), None)
    if person is None:
        return found.FollowUps(staff_id)
    last = None
    if person.HasField("last_valid"):
        seen = person.last_valid
        at = _moment(seen.record_time)
        last = found.FollowUp(seen.follow_up_id, at, _local(at, zone), seen.title)
    return found.FollowUps(staff_id, last, person.valid_count, person.invalid_count)


def _sheet(answer: activity.GatherEvidenceResponse) -> list[dict[str, Any]]:
    kept = {"preserving_proto_field_name": True, "always_print_fields_with_no_presence": True}
    return [json_format.MessageToDict(person, **kept) for person in answer.people]  # type: ignore[arg-type]


def _moment(stamp: Timestamp) -> datetime:
    return datetime.fromisoformat(stamp.ToJsonString())


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""


def _utc(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
