"""The gRPC methods of review: messages in and out of use cases."""

from datetime import timedelta

from crm.review.v1 import review_pb2 as pb
from crm.review.v1.review_pb2_grpc import ReviewServiceServicer
from google.protobuf import json_format

from chassis import paging
from chassis.call import Call, Door
from chassis.contract import version_of
from chassis.kernel import Kind, Refused
from chassis.rpc import command, procedure, query
from chassis.unit import UnitOfWork
from services.review.app import deciding, figures, submission
from services.review.app.peers import Peers, prepared_from
from services.review.app.queries import Sorting, View, Wanted, get_case, list_cases
from services.review.app.submission import Draft
from services.review.domain.policy import ReviewPolicy
from services.review.messages import (
    write_case,
    write_cases,
    write_counts,
    write_figures,
    write_type,
)


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
        return pb.GetCaseResponse(case=write_case(uow, get_case(uow, request.case_id)))

    @query
    def ListCases(self, uow: UnitOfWork, request: pb.ListCasesRequest) -> pb.ListCasesResponse:
        """See the proto."""
        size = paging.page_size(request)
        found, total = list_cases(
            uow,
            _wanted(request),
            _ORDERS[request.order],
            descending=request.descending,
            after=paging.read_token(request),
            limit=size + 1,
        )
        page, token = paging.cut(request, found, size, lambda last: last.keys)
        return pb.ListCasesResponse(
            cases=write_cases(uow, [listed.case for listed in page]),
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )

    @query
    def CountCases(self, uow: UnitOfWork, request: pb.CountCasesRequest) -> pb.CountCasesResponse:
        """See the proto."""
        return write_counts(figures.count_cases(uow))

    @query
    def GetReviewFigures(
        self, uow: UnitOfWork, request: pb.GetReviewFiguresRequest
    ) -> pb.GetReviewFiguresResponse:
        """See the proto."""
        weeks = request.weeks or 13
        this_week = figures.week_of(uow.today())
        return pb.GetReviewFiguresResponse(
            figures=[write_figures(one) for one in figures.figures(uow, weeks, request.case_type)],
            first_week=(this_week - timedelta(weeks=weeks - 1)).isoformat(),
            last_week=this_week.isoformat(),
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


_VIEWS: dict[int, View] = {
    pb.CASE_VIEW_UNSPECIFIED: "of_role",
    pb.CASE_VIEW_QUEUE: "queue",
    pb.CASE_VIEW_DECIDED: "decided",
    pb.CASE_VIEW_MINE: "mine",
    pb.CASE_VIEW_ALL: "all",
}
_ORDERS: dict[int, Sorting] = {
    pb.CASE_ORDER_UNSPECIFIED: "submit_time",
    pb.CASE_ORDER_SUBMIT_TIME: "submit_time",
    pb.CASE_ORDER_DUE_TIME: "due_time",
    pb.CASE_ORDER_UPDATE_TIME: "update_time",
}


def _wanted(request: pb.ListCasesRequest) -> Wanted:
    state = pb.CaseState.Name(request.state).removeprefix("CASE_STATE_").lower()
    return Wanted(
        view="mine" if request.mine else _VIEWS[request.view],
        state="" if state == "unspecified" else state,
        case_type=request.case_type,
        customer_id=request.customer_id,
        applicant_id=request.applicant_id,
        query=request.query,
        needs_attention=request.needs_attention,
        overdue=request.overdue,
    )
