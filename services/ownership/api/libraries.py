"""The gRPC methods of holdings across libraries."""

from datetime import UTC

from crm.ownership.v1 import holdings_pb2 as pb
from crm.ownership.v1.holdings_pb2_grpc import HoldingServiceServicer

from chassis import paging
from chassis.call import Door
from chassis.rpc import query
from chassis.unit import UnitOfWork
from services.ownership.api.messages import write_colleague, write_position
from services.ownership.app.holdings import Holding, Sorting, Wanted, Whose, list_holdings
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.run_policy import ReclaimRules

WHOSE: dict[pb.HoldingScope.ValueType, Whose | None] = {
    pb.HOLDING_SCOPE_UNSPECIFIED: None,
    pb.HOLDING_SCOPE_MINE: "mine",
    pb.HOLDING_SCOPE_TEAM: "team",
    pb.HOLDING_SCOPE_DEPARTMENT: "department",
    pb.HOLDING_SCOPE_COMPANY: "company",
}
_SORTING: dict[pb.HoldingOrder.ValueType, Sorting] = {
    pb.HOLDING_ORDER_UNSPECIFIED: "protect_time",
    pb.HOLDING_ORDER_PROTECT_TIME: "protect_time",
    pb.HOLDING_ORDER_DUE_TIME: "due_time",
    pb.HOLDING_ORDER_BASIS_TIME: "basis_time",
    pb.HOLDING_ORDER_NAME: "name",
}


class HoldingApi(HoldingServiceServicer):
    """What lies in libraries."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @query
    def ListHoldings(
        self, uow: UnitOfWork, request: pb.ListHoldingsRequest
    ) -> pb.ListHoldingsResponse:
        """See the proto."""
        size = paging.page_size(request)
        found, total = list_holdings(
            uow,
            _wanted(request),
            _SORTING[request.order],
            descending=request.descending,
            after=paging.read_token(request),
            limit=size + 1,
        )
        page, token = paging.cut(request, found, size, lambda last: last.keys)
        rules = uow.policy(OwnershipPolicy).rules.reclaim
        return pb.ListHoldingsResponse(
            holdings=[write_holding(one, rules) for one in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )


def write_holding(holding: Holding, rules: ReclaimRules) -> pb.Holding:
    """Write a holding with the deadline that a run will enforce."""
    answer = pb.Holding(
        position=write_position(holding.position, rules), holder=write_colleague(holding.holder)
    )
    if basis := holding.position.due_basis_at:
        answer.basis_time.FromDatetime(basis)
    if followed_up := holding.followed_up_at:
        answer.last_follow_up_time.FromDatetime(followed_up)
    return answer


def _wanted(request: pb.ListHoldingsRequest) -> Wanted:
    def told(name: str) -> bool | None:
        return getattr(request, name) if request.HasField(name) else None  # type: ignore[arg-type]

    return Wanted(
        whose=WHOSE[request.scope],
        holder_id=request.holder_id,
        department=request.department,
        team=request.team,
        query=request.query,
        category=request.category,
        frozen=told("frozen"),
        exempt=told("reclaim_exempt"),
        in_case=told("in_case"),
        due_before=request.due_before.ToDatetime(UTC) if request.HasField("due_before") else None,
        due_within_days=request.due_within_days if request.HasField("due_within_days") else None,
    )
