"""The gRPC methods of reallocations."""

from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import reallocations_pb2 as pb
from crm.ownership.v1.reallocations_pb2_grpc import ReallocationServiceServicer

from chassis import paging
from chassis.call import Call, Door
from chassis.rpc import command, procedure, query
from chassis.unit import UnitOfWork
from services.ownership.api.messages import write_location, write_people
from services.ownership.app import execution, reallocations
from services.ownership.app.reallocations import Wish
from services.ownership.domain.places import Location
from services.ownership.store import reallocations as store
from services.ownership.store.reallocations import Item, Plan


class ReallocationApi(ReallocationServiceServicer):
    """Plans for the customers of people who leave, and between and within groups."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @command
    def ProposeReallocation(
        self, uow: UnitOfWork, request: pb.ProposeReallocationRequest
    ) -> pb.ProposeReallocationResponse:
        """See the proto."""
        wishes = [_wish(item) for item in request.items]
        plan = reallocations.propose(uow, request.staff_id, wishes, request.reason)
        return pb.ProposeReallocationResponse(reallocation=_whole(uow, plan))

    @procedure
    def ExecuteReallocation(
        self, call: Call, request: pb.ExecuteReallocationRequest
    ) -> pb.ExecuteReallocationResponse:
        """See the proto. Every customer moves in a transaction of its own."""
        if answered := call.replay(pb.ExecuteReallocationResponse):
            return answered
        plan_id = request.reallocation_id
        execution.execute(call, plan_id)

        def answer(uow: UnitOfWork) -> pb.ExecuteReallocationResponse:
            plan = reallocations.read(uow, plan_id)
            return pb.ExecuteReallocationResponse(reallocation=_whole(uow, plan))

        return call.commit(answer, pb.ExecuteReallocationResponse)

    @query
    def GetReallocation(
        self, uow: UnitOfWork, request: pb.GetReallocationRequest
    ) -> pb.GetReallocationResponse:
        """See the proto."""
        plan = reallocations.read(uow, request.reallocation_id)
        whole = _whole(uow, plan)
        named = (*_named(plan), *(item.to_staff_id for item in whole.items))
        return pb.GetReallocationResponse(reallocation=whole, people=write_people(uow, named))

    @query
    def ListReallocations(
        self, uow: UnitOfWork, request: pb.ListReallocationsRequest
    ) -> pb.ListReallocationsResponse:
        """See the proto."""
        size = paging.page_size(request)
        name = pb.ReallocationState.Name(request.state).removeprefix("REALLOCATION_STATE_")
        state = "" if name == "UNSPECIFIED" else name.lower()
        found, total = reallocations.list_plans(
            uow,
            state,
            request.staff_id,
            oldest_first=request.oldest_first,
            after=paging.read_token(request),
            limit=size + 1,
        )
        page, token = paging.cut(request, found, size, lambda last: last[1])
        counts = store.count_customers(uow, [plan.reallocation_id for plan, _ in page])
        named = (who for plan, _ in page for who in _named(plan))
        return pb.ListReallocationsResponse(
            reallocations=[_plan(plan, counts.get(plan.reallocation_id, 0)) for plan, _ in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
            people=write_people(uow, named),
        )


def _named(plan: Plan) -> tuple[str, ...]:
    return plan.staff_id, plan.proposer_id, plan.executor_id


def _wish(item: pb.ReallocationItem) -> Wish:
    place = h.Location.Name(item.to_location).removeprefix("LOCATION_").lower()
    if item.to_staff_id and item.to_location == h.LOCATION_UNSPECIFIED:
        place = Location.PRIVATE_LIBRARY.value
    return Wish(item.customer_id, item.to_staff_id, place)


def _whole(uow: UnitOfWork, plan: Plan) -> pb.Reallocation:
    items = store.items_of(uow, plan.reallocation_id)
    message = _plan(plan, len(items))
    message.items.extend(_item(item) for item in items)
    return message


def _item(item: Item) -> pb.ReallocationItem:
    return pb.ReallocationItem(
        customer_id=item.customer_id,
        to_staff_id=item.to_staff_id,
        to_location=write_location(item.to_location),
        full_name=item.full_name,
        state=pb.ReallocationItemState.Value(f"REALLOCATION_ITEM_STATE_{item.state.upper()}"),
        skip_reason=item.reason,
        decision_id=item.decision_id,
    )


def _plan(plan: Plan, customers: int) -> pb.Reallocation:
    names = ("reallocation_id", "staff_id", "department", "team", "reason", "case_id")
    message = pb.Reallocation(
        departed=bool(plan.departure_id),
        state=pb.ReallocationState.Value(f"REALLOCATION_STATE_{plan.state.upper()}"),
        proposer_id=plan.proposer_id,
        executor_id=plan.executor_id,
        customers_count=customers,
        **{name: getattr(plan, name) for name in names},
    )
    message.propose_time.FromDatetime(plan.proposed_at)
    if plan.decided_at:
        message.decide_time.FromDatetime(plan.decided_at)
    if plan.executed_at:
        message.execute_time.FromDatetime(plan.executed_at)
    return message
