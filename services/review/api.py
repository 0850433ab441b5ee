"""The gRPC methods of review: messages in and out of use cases."""

from crm.review.v1 import review_pb2 as pb
from crm.review.v1.review_pb2_grpc import ReviewServiceServicer
from google.protobuf import json_format

from chassis import paging
from chassis.call import Call, Door
from chassis.contract import version_of
from chassis.kernel import FORBIDDEN, Kind, Refused
from chassis.rpc import command, procedure, query
from chassis.unit import UnitOfWork
from services.review.app import deciding, submission
from services.review.app.peers import Peers, prepared_from
from services.review.app.queries import list_cases
from services.review.app.submission import Draft
from services.review.domain.policy import ReviewPolicy
from services.review.messages import write_case, write_cases, write_type
from services.review.store import cases


class ReviewApi(ReviewServiceServicer):
    """Cases, and the people who decide them."""

    def __init__(self, door: Door, peers: Peers) -> None:
        self.door = door
        self.peers = peers

    @procedure
    def SubmitCase(self, call: Call, request: pb.SubmitCaseRequest) -> pb.SubmitCaseResponse:
        """See the proto. Reserves at customers and ownership before the case is admitted."""
        if answered := call.replay(pb.SubmitCaseResponse):
            return answered
        draft = Draft(
            request.case_type,
            request.customer_id,
            json_format.MessageToDict(request.form),
            request.remarks,
            request.check_id,
        )
        case_id = submission.case_id_of(call.actor, request.request_id)
        case, is_new = call.run(lambda uow: submission.begin(uow, case_id, draft))
        flow, reserved = case.flow, not is_new
        try:
            answer = self.peers.prepare_customer(call, case_id, flow, draft)
            reserved = True
            self.peers.prepare_holding(call, case_id, flow, draft, answer)
        except Refused as refused:
            if refused.kind not in (Kind.UNAVAILABLE, Kind.UNAUTHENTICATED):
                told = refused
                call.run(lambda uow: submission.give_up(uow, case_id, told, reserved))
            raise

        def admit(uow: UnitOfWork) -> pb.SubmitCaseResponse:
            case = submission.admit(uow, case_id, prepared_from(answer))
            response = pb.SubmitCaseResponse(case=write_case(uow, case))
            for item in answer.advice:
                response.advice.add(
                    field=item.field,
                    reason=item.reason,
                    clause=item.clause,
                    zh=item.zh,
                    en=item.en,
                )
            return response

        return call.commit(admit, pb.SubmitCaseResponse)

    @query
    def GetCase(self, uow: UnitOfWork, request: pb.GetCaseRequest) -> pb.GetCaseResponse:
        """See the proto."""
        case = cases.get(uow, request.case_id)
        if case.applicant_id != uow.actor.staff_id and not deciding.may_decide(uow, case):
            raise FORBIDDEN.refuse()
        return pb.GetCaseResponse(case=write_case(uow, case))

    @query
    def ListCases(self, uow: UnitOfWork, request: pb.ListCasesRequest) -> pb.ListCasesResponse:
        """See the proto."""
        size = paging.page_size(request)
        state = pb.CaseState.Name(request.state).removeprefix("CASE_STATE_").lower()
        found = list_cases(
            uow,
            mine=request.mine,
            state="" if state == "unspecified" else state,
            needs_attention=request.needs_attention,
            overdue=request.overdue,
            after=paging.read_token(request),
            limit=size + 1,
        )
        last = found[size - 1] if len(found) > size else None
        return pb.ListCasesResponse(
            cases=write_cases(uow, found[:size]),
            next_page_token=paging.next_token(request, last.submitted_at.isoformat(), last.case_id)
            if last
            else "",
        )

    @command
    def TakeCase(self, uow: UnitOfWork, request: pb.TakeCaseRequest) -> pb.TakeCaseResponse:
        """See the proto."""
        return pb.TakeCaseResponse(case=write_case(uow, deciding.take_case(uow, request.case_id)))

    @command
    def ReturnCase(self, uow: UnitOfWork, request: pb.ReturnCaseRequest) -> pb.ReturnCaseResponse:
        """See the proto."""
        return pb.ReturnCaseResponse(
            case=write_case(uow, deciding.return_case(uow, request.case_id))
        )

    @command
    def DecideCase(self, uow: UnitOfWork, request: pb.DecideCaseRequest) -> pb.DecideCaseResponse:
        """See the proto."""
        case = deciding.decide_case(
            uow,
            request.case_id,
            request.verdict == pb.VERDICT_APPROVE,
            dict(request.checks),
            dict(request.answers),
            request.reason,
            version_of(request.etag),
        )
        return pb.DecideCaseResponse(case=write_case(uow, case))

    @command
    def WithdrawCase(
        self, uow: UnitOfWork, request: pb.WithdrawCaseRequest
    ) -> pb.WithdrawCaseResponse:
        """See the proto."""
        case = deciding.withdraw_case(uow, request.case_id)
        return pb.WithdrawCaseResponse(case=write_case(uow, case))

    @query
    def ListCaseTypes(
        self, uow: UnitOfWork, request: pb.ListCaseTypesRequest
    ) -> pb.ListCaseTypesResponse:
        """See the proto."""
        types = uow.policy(ReviewPolicy).rules.case_types
        return pb.ListCaseTypesResponse(
            case_types=[write_type(uow.actor, *one) for one in types.items()]
        )
