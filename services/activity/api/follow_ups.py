"""Follow-ups and signings, and what other services ask about them."""

from crm.activity.v1 import follow_ups_pb2 as pb
from crm.activity.v1.follow_ups_pb2_grpc import (
    ActivityServiceServicer,
    FollowUpServiceServicer,
    SigningServiceServicer,
)

from chassis import paging
from chassis.call import Call, Door
from chassis.contract import FIELD_INVALID, INVALID_REQUEST
from chassis.rpc import command, peer_command, peer_query, procedure, query
from chassis.unit import UnitOfWork
from services.activity.api import messages
from services.activity.api.receipts import read_attachments
from services.activity.app import evidence, figures, queries, recording, signings
from services.activity.app.peers import Peers
from services.activity.app.recording import NotAnnounced
from services.activity.app.spans import day_of

VALIDITY = {pb.VALIDITY_UNSPECIFIED: None, pb.VALIDITY_VALID: True, pb.VALIDITY_INVALID: False}


class FollowUpApi(FollowUpServiceServicer):
    """What people do with customers."""

    def __init__(self, door: Door, peers: Peers) -> None:
        self.door = door
        self.peers = peers

    @procedure
    def RecordFollowUp(
        self, call: Call, request: pb.RecordFollowUpRequest
    ) -> pb.RecordFollowUpResponse:
        """See the proto. Asks ownership only where the holder was not announced here."""
        # What was accepted once stays accepted, though its receipts have expired since.
        if request.attachments and not request.validate_only:
            stored = call.replay(pb.RecordFollowUpResponse)
            if stored:
                return stored
        attachments = read_attachments(
            request.attachments, call.actor.staff_id, self.door.verifier, self.door.clock()
        )
        draft = messages.read_draft(request, attachments)

        def record(uow: UnitOfWork, confirmed: bool) -> pb.RecordFollowUpResponse:
            found = recording.record(uow, draft, confirmed)
            if request.validate_only:
                found = recording.rehearsed(found)
            shown = messages.write_shown(queries.named(uow, found))
            return pb.RecordFollowUpResponse(follow_up=shown)

        try:
            return call.commit(lambda uow: record(uow, False), pb.RecordFollowUpResponse)
        except NotAnnounced:
            self.peers.require_holder(call, request.customer_id)
        return call.commit(lambda uow: record(uow, True), pb.RecordFollowUpResponse)

    @query
    def GetFollowUp(
        self, uow: UnitOfWork, request: pb.GetFollowUpRequest
    ) -> pb.GetFollowUpResponse:
        """See the proto."""
        found = queries.read_follow_up(uow, request.follow_up_id)
        return pb.GetFollowUpResponse(follow_up=messages.write_shown(found))

    @query
    def ListFollowUps(
        self, uow: UnitOfWork, request: pb.ListFollowUpsRequest
    ) -> pb.ListFollowUpsResponse:
        """See the proto."""
        size = paging.page_size(request)
        kind = pb.FollowUpKind.Name(request.kind).removeprefix("FOLLOW_UP_KIND_").lower()
        wanted = queries.Wanted(
            customer_id=request.customer_id,
            staff_id=request.author_id,
            department=request.department,
            team=request.team,
            first=day_of(uow, request.first_date, "first_date"),
            last=day_of(uow, request.last_date, "last_date"),
            kind="" if kind == "unspecified" else kind,
            valid=VALIDITY[request.validity],
            flagged=request.flagged,
            query=request.query,
        )
        found, total = queries.list_follow_ups(
            uow,
            wanted,
            oldest_first=request.oldest_first,
            after=paging.read_token(request),
            limit=size + 1,
        )
        page, token = paging.cut(request, found, size, lambda last: last.keys)
        return pb.ListFollowUpsResponse(
            follow_ups=[messages.write_shown(one) for one in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )

    @query
    def GetActivityFigures(
        self, uow: UnitOfWork, request: pb.GetActivityFiguresRequest
    ) -> pb.GetActivityFiguresResponse:
        """See the proto."""
        found = figures.figures(
            uow,
            figures.People(request.staff_id, request.department, request.team),
            "week" if request.period == pb.FIGURE_PERIOD_WEEK else "day",
            day_of(uow, request.first_date, "first_date"),
            day_of(uow, request.last_date, "last_date"),
        )
        return messages.write_figures(found)


class SigningApi(SigningServiceServicer):
    """What was signed."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @command
    def RecordSigning(
        self, uow: UnitOfWork, request: pb.RecordSigningRequest
    ) -> pb.RecordSigningResponse:
        """See the proto."""
        found = signings.record_signing(
            uow,
            request.customer_id,
            request.staff_id,
            request.sign_date,
            request.amount_cents,
            request.note,
        )
        return pb.RecordSigningResponse(signing=messages.write_signing(found))

    @command
    def CounterSigning(
        self, uow: UnitOfWork, request: pb.CounterSigningRequest
    ) -> pb.CounterSigningResponse:
        """See the proto."""
        found = signings.counter_signing(uow, request.signing_id, request.reason)
        return pb.CounterSigningResponse(signing=messages.write_signing(found))

    @query
    def ListSignings(
        self, uow: UnitOfWork, request: pb.ListSigningsRequest
    ) -> pb.ListSigningsResponse:
        """See the proto."""
        size = paging.page_size(request)
        wanted = queries.Wanted(
            customer_id=request.customer_id,
            staff_id=request.staff_id,
            department=request.department,
            team=request.team,
            first=day_of(uow, request.first_date, "first_date"),
            last=day_of(uow, request.last_date, "last_date"),
        )
        after = paging.read_token(request)
        found, total, cents = queries.list_signings(uow, wanted, after, size + 1)
        page, token = paging.cut(request, found, size, lambda last: last.keys)
        return pb.ListSigningsResponse(
            signings=[messages.write_signed(one) for one in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
            total_amount_cents=cents,
        )


class ActivityApi(ActivityServiceServicer):
    """What other services ask."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @peer_command
    def SettleFollowUps(
        self, uow: UnitOfWork, request: pb.SettleFollowUpsRequest
    ) -> pb.SettleFollowUpsResponse:
        """See the proto."""
        windows = {}
        for number, window in enumerate(request.windows):
            if window.customer_id in windows:
                field = f"windows[{number}].customer_id"
                violation = FIELD_INVALID.violate(field, problem="given twice")
                raise INVALID_REQUEST.refuse(violations=[violation], count=1)
            after = messages.moment_of(window.after_time) if window.HasField("after_time") else None
            windows[window.customer_id] = (after, messages.moment_of(window.until_time))
        found = evidence.settle(uow, windows)
        answer = pb.SettleFollowUpsResponse()
        for customer_id in windows:
            settled = answer.results.add(customer_id=customer_id)
            if customer_id in found:
                settled.last_valid_time.FromDatetime(found[customer_id])
        return answer

    @peer_query
    def FindAttachments(
        self, uow: UnitOfWork, request: pb.FindAttachmentsRequest
    ) -> pb.FindAttachmentsResponse:
        """See the proto."""
        found = queries.find_attachments(uow, list(request.attachment_ids))
        return pb.FindAttachmentsResponse(attachment_ids=found)

    @peer_query
    def GatherEvidence(
        self, uow: UnitOfWork, request: pb.GatherEvidenceRequest
    ) -> pb.GatherEvidenceResponse:
        """See the proto."""
        found = evidence.gather(
            uow,
            request.customer_id,
            list(request.staff_ids),
            request.signing_id,
            messages.day_of(request.before_date, "before_date"),
            request.exclude_signing_day,
        )
        answer = pb.GatherEvidenceResponse(
            signing=messages.write_signing(found.signing) if found.signing else None
        )
        for missed in found.missed:
            month = answer.unmaintained_months.add(month=missed.month, holder_id=missed.holder_id)
            if missed.healed_at:
                month.heal_time.FromDatetime(missed.healed_at)
        for person in found.people:
            told = answer.people.add(
                staff_id=person.staff_id,
                valid_count=len(person.valid),
                invalid_count=person.invalid_count,
            )
            if person.valid:
                told.last_valid.CopyFrom(messages.write_seen(person.valid[-1]))
                told.first_valid.CopyFrom(messages.write_seen(person.valid[0]))
        return answer
