"""The gRPC methods of disputes, rulings, appeals and credits."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from crm.ownership.v1 import rulings_pb2 as pb
from crm.ownership.v1.rulings_pb2_grpc import RulingServiceServicer
from google.protobuf import json_format

from chassis import keysets, paging
from chassis.call import Door
from chassis.rpc import command, query
from chassis.unit import UnitOfWork
from services.ownership.api.messages import write_people
from services.ownership.app import crediting, disputes
from services.ownership.app.sheets import Sheet, Wanted, list_disputes, read_dispute, sheets


class RulingApi(RulingServiceServicer):
    """Who wins a dispute, and why."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @command
    def RaiseDispute(
        self, uow: UnitOfWork, request: pb.RaiseDisputeRequest
    ) -> pb.RaiseDisputeResponse:
        """See the proto."""
        found = disputes.raise_dispute(uow, request.signing_id, request.note)
        return pb.RaiseDisputeResponse(dispute=_dispute(sheets(uow, [found])[0]))

    @command
    def ReportDuplicate(
        self, uow: UnitOfWork, request: pb.ReportDuplicateRequest
    ) -> pb.ReportDuplicateResponse:
        """See the proto."""
        ids = (request.customer_id, request.other_customer_id)
        found = disputes.report_duplicate(uow, *ids, request.note)
        return pb.ReportDuplicateResponse(dispute=_dispute(sheets(uow, [found])[0]))

    @command
    def AppealRuling(
        self, uow: UnitOfWork, request: pb.AppealRulingRequest
    ) -> pb.AppealRulingResponse:
        """See the proto."""
        found = disputes.appeal(uow, request.dispute_id, request.reason)
        return pb.AppealRulingResponse(dispute=_dispute(sheets(uow, [found])[0]))

    @query
    def GetDispute(self, uow: UnitOfWork, request: pb.GetDisputeRequest) -> pb.GetDisputeResponse:
        """See the proto."""
        found = _dispute(read_dispute(uow, request.dispute_id))
        return pb.GetDisputeResponse(dispute=found, people=write_people(uow, _named(found)))

    @query
    def ListDisputes(
        self, uow: UnitOfWork, request: pb.ListDisputesRequest
    ) -> pb.ListDisputesResponse:
        """See the proto."""
        size = paging.page_size(request)
        state = pb.DisputeState.Name(request.state).removeprefix("DISPUTE_STATE_").lower()
        kind = pb.DisputeKind.Name(request.kind).removeprefix("DISPUTE_KIND_").lower()
        wanted = Wanted(
            mine=request.mine,
            state=state if request.state else "",
            kind=kind if request.kind else "",
            customer_id=request.customer_id,
            open=request.open,
            query=request.query,
            oldest_first=request.oldest_first,
        )
        found, total = list_disputes(uow, wanted, paging.read_token(request), size + 1)
        page, token = paging.cut(request, found, size, lambda last: last[1])
        disputes = [_dispute(sheet) for sheet, _ in page]
        return pb.ListDisputesResponse(
            disputes=disputes,
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
            people=write_people(uow, (who for one in disputes for who in _named(one))),
        )

    @query
    def ListCredits(
        self, uow: UnitOfWork, request: pb.ListCreditsRequest
    ) -> pb.ListCreditsResponse:
        """See the proto."""
        size = paging.page_size(request)
        found, total, cents = crediting.list_credits(
            uow, request.month, request.staff_id, paging.read_token(request), size + 1
        )
        page, token = paging.cut(request, found, size, keysets.keys)
        return pb.ListCreditsResponse(
            credits=[_credit(row) for row in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
            people=write_people(uow, (row["staff_id"] for row in page)),
            total_amount_cents=cents,
        )


def _named(dispute: pb.Dispute) -> Iterable[str]:
    """Return whom a dispute names, as far as its reader is told."""
    told = dispute.claimant_id, dispute.holder_id, dispute.proposal.winner_id
    return *told, dispute.ruling.winner_id, dispute.ruling.ruler_id, *dispute.parties


def _dispute(sheet: Sheet) -> pb.Dispute:
    dispute = sheet.dispute
    names = (
        "dispute_id",
        "customer_id",
        "other_customer_id",
        "full_name",
        "claimant_id",
        "holder_id",
        "signing_id",
        "appeal_of",
        "note",
        "case_id",
        "reason",
    )
    answer = pb.Dispute(
        kind=pb.DisputeKind.Value(f"DISPUTE_KIND_{dispute.kind.upper()}"),
        state=pb.DisputeState.Value(f"DISPUTE_STATE_{dispute.state.upper()}"),
        parties=sheet.parties,
        **{name: getattr(dispute, name) for name in names},
    )
    answer.open_time.FromDatetime(dispute.opened_at)
    answer.update_time.FromDatetime(dispute.changed_at)
    if sheet.proposal:
        answer.proposal.CopyFrom(_proposal(sheet.proposal))
    if sheet.evidence:
        json_format.ParseDict(sheet.evidence, answer.evidence)
    if sheet.ruling:
        answer.ruling.CopyFrom(_ruling(sheet.ruling, sheet.appeal_until))
    return answer


def _proposal(proposal: dict[str, Any]) -> pb.Proposal:
    names = ("outcome", "winner_id", "kept_id", "closed_id", "clause", "zh", "en")
    answer = pb.Proposal(**{name: proposal[name] for name in names})
    for ground in proposal["grounds"]:
        told = answer.grounds.add(
            clause=ground["clause"],
            rule_zh=ground["rule"]["zh"],
            rule_en=ground["rule"]["en"],
            zh=ground["found"]["zh"],
            en=ground["found"]["en"],
        )
        json_format.ParseDict(ground["figures"], told.figures)
    return answer


def _ruling(row: sa.RowMapping, appeal_until: str) -> pb.Ruling:
    names = ("outcome", "winner_id", "clause", "zh", "en", "ruler_id", "decision_id")
    answer = pb.Ruling(
        answers=row["sheet"]["answers"],
        appeal_date=appeal_until,
        **{name: row[name] for name in names},
    )
    answer.rule_time.FromDatetime(row["ruled_at"])
    return answer


def _credit(row: sa.RowMapping) -> pb.Credit:
    names = [field.name for field in pb.Credit.DESCRIPTOR.fields if field.name != "credit_time"]
    answer = pb.Credit(**{name: row[name] for name in names})
    answer.credit_time.FromDatetime(row["credited_at"])
    return answer
