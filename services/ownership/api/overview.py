"""The gRPC methods of overviews and figures."""

from datetime import date

from crm.ownership.v1 import overview_pb2 as pb
from crm.ownership.v1.overview_pb2_grpc import OverviewServiceServicer

from chassis import paging
from chassis.call import Call, Door
from chassis.kernel import Kind, Refused
from chassis.rpc import procedure, query
from chassis.unit import UnitOfWork
from services.ownership.api.libraries import WHOSE, write_holding
from services.ownership.api.messages import (
    read_day,
    write_colleague,
    write_location,
    write_quota,
)
from services.ownership.app import figures, overview
from services.ownership.app.terms import Terms
from services.ownership.domain.policy import OwnershipPolicy

WORKING_DAYS = 3
WEEKS = 12


class OverviewApi(OverviewServiceServicer):
    """What concerns a person, and what a company looks like in figures."""

    def __init__(self, door: Door, terms: Terms) -> None:
        self.door = door
        self.terms = terms

    @procedure
    def GetOverview(self, call: Call, request: pb.GetOverviewRequest) -> pb.GetOverviewResponse:
        """See the proto. Asks the scheduler which working days lie ahead before it reads."""
        today, holds = call.read(lambda uow: (uow.today(), overview.may_hold(uow)))
        number = request.due_within_working_days or WORKING_DAYS
        until = self._until(call, today, number) if holds else None
        found, rules = call.read(
            lambda uow: (
                overview.read_overview(uow, until),
                uow.policy(OwnershipPolicy).rules.reclaim,
            )
        )
        answer = pb.GetOverviewResponse(
            frozen_count=found.frozen,
            open_dispute_count=found.open_disputes,
            awaiting_count=found.awaiting,
            overdue_awaiting_count=found.overdue_awaiting,
        )
        if found.quota:
            answer.quota.CopyFrom(write_quota(found.quota))
        if found.duty:
            answer.duty.on_duty = found.duty.on_duty
            answer.duty.rank, answer.duty.reason = found.duty.rank, found.duty.reason
        if found.due_soon and until:
            nearest, total = found.due_soon
            answer.due_soon.total_size = total.count
            answer.due_soon.last_date = until.isoformat()
            answer.due_soon.nearest.extend(write_holding(one, rules) for one in nearest)
        return answer

    @query
    def ListLibraryFills(
        self, uow: UnitOfWork, request: pb.ListLibraryFillsRequest
    ) -> pb.ListLibraryFillsResponse:
        """See the proto."""
        size = paging.page_size(request)
        found, total = figures.library_fills(
            uow,
            WHOSE[request.scope],
            request.department,
            request.team,
            paging.read_token(request),
            size + 1,
        )
        page, token = paging.cut(request, found, size, lambda last: last.keys)
        return pb.ListLibraryFillsResponse(
            fills=[
                pb.LibraryFill(holder=write_colleague(one.holder), quota=write_quota(one.quota))
                for one in page
            ],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )

    @query
    def ListWeeklyMoves(
        self, uow: UnitOfWork, request: pb.ListWeeklyMovesRequest
    ) -> pb.ListWeeklyMovesResponse:
        """See the proto."""
        last = read_day("last_date", request.last_date) if request.last_date else None
        found = figures.weekly_moves(uow, WHOSE[request.scope], last, request.weeks or WEEKS)
        return pb.ListWeeklyMovesResponse(
            weeks=[
                pb.WeeklyMoves(week_start_date=monday.isoformat(), counts=counts)
                for monday, counts in found.items()
            ]
        )

    @query
    def ListCustomerCounts(
        self, uow: UnitOfWork, request: pb.ListCustomerCountsRequest
    ) -> pb.ListCustomerCountsResponse:
        """See the proto."""
        return pb.ListCustomerCountsResponse(
            counts=[
                pb.CustomerCount(
                    location=write_location(one.location),
                    category=one.category,
                    count=one.customers,
                    frozen_count=one.frozen,
                )
                for one in figures.customer_counts(uow, WHOSE[request.scope])
            ]
        )

    def _until(self, call: Call, today: date, number: int) -> date | None:
        """Return the working day of that number from today on; None when it cannot be had now."""
        try:
            return self.terms.working_day(call, today, number)
        except Refused as refused:
            if refused.kind is not Kind.UNAVAILABLE:
                raise
            return None
