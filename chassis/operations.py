"""The operations API that every service serves: its policies, decisions and message backlog."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from crm.operations.v1 import operations_pb2 as pb
from crm.operations.v1.operations_pb2_grpc import (
    OperationsServiceServicer,
    add_OperationsServiceServicer_to_server,
)
from grpc_status import rpc_status

from chassis import decisions, paging, policy_requests
from chassis.call import Door
from chassis.grpc_errors import to_status
from chassis.grpc_server import Servicer
from chassis.kernel import ADMINISTRATOR, Kind, Reason, Refused
from chassis.permissions import permissions_of
from chassis.policies import InForce
from chassis.policy_reasons import NO_POLICY
from chassis.rpc import command, query
from chassis.rules import PolicySection
from chassis.tables import inbox, outbox
from chassis.unit import UnitOfWork

SERVICE_UNKNOWN = Reason(
    "SERVICE_UNKNOWN", Kind.NOT_FOUND, zh="没有这个服务。", en="There is no such service."
)
NOT_PARKED = Reason(
    "NOT_PARKED", Kind.NOT_FOUND, zh="没有这条搁置的消息。", en="There is no such parked message."
)


class Operations(OperationsServiceServicer):
    """One service's operations."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @command
    def ApplyPolicy(
        self, uow: UnitOfWork, request: pb.ApplyPolicyRequest
    ) -> pb.ApplyPolicyResponse:
        """The administrator, and whom policy names; a wrong section is refused by every key."""
        return policy_requests.apply(uow, request)

    @query
    def PreviewPolicy(
        self, uow: UnitOfWork, request: pb.PreviewPolicyRequest
    ) -> pb.PreviewPolicyResponse:
        """Whoever may apply it, and whom policy names besides."""
        return policy_requests.preview(uow, request)

    @query
    def ListPolicies(
        self, uow: UnitOfWork, request: pb.ListPoliciesRequest
    ) -> pb.ListPoliciesResponse:
        """Everybody may read the rules that govern them."""
        return policy_requests.page(uow, request)

    @query
    def GetPolicy(self, uow: UnitOfWork, request: pb.GetPolicyRequest) -> pb.GetPolicyResponse:
        """Everybody may read the rules that govern them."""
        return policy_requests.get(uow, request)

    @query
    def ComparePolicies(
        self, uow: UnitOfWork, request: pb.ComparePoliciesRequest
    ) -> pb.ComparePoliciesResponse:
        """Everybody may read the rules that govern them."""
        return policy_requests.compare(uow, request)

    @query
    def GetPermissions(
        self, uow: UnitOfWork, request: pb.GetPermissionsRequest
    ) -> pb.GetPermissionsResponse:
        """Everybody may ask for their own; without a policy nobody has any but an administrator."""
        current = _in_force(uow)
        granted = permissions_of(uow.actor, current.rules if current else None)
        return pb.GetPermissionsResponse(
            permissions=[
                pb.GrantedPermission(
                    name=one.name,
                    scope=pb.PermissionScope.Value(f"PERMISSION_SCOPE_{one.scope.upper()}"),
                    clause=one.clause,
                    zh=one.say.zh,
                    en=one.say.en,
                )
                for one in granted
            ]
        )

    @query
    def ListDecisions(
        self, uow: UnitOfWork, request: pb.ListDecisionsRequest
    ) -> pb.ListDecisionsResponse:
        """Readers named by policy see all; everybody sees those that concern them."""
        return decisions.page(uow, request)

    @query
    def GetDecision(
        self, uow: UnitOfWork, request: pb.GetDecisionRequest
    ) -> pb.GetDecisionResponse:
        """Readers named by policy see all; everybody sees those that concern them."""
        return pb.GetDecisionResponse(decision=decisions.get(uow, request.decision_id))

    @query
    def GetBacklog(self, uow: UnitOfWork, request: pb.GetBacklogRequest) -> pb.GetBacklogResponse:
        """Counts for operators; the oldest unsent event tells how far subscribers lag."""
        self._require_operator(uow)
        unsent = outbox.c.published_at.is_(None)
        oldest = uow.execute(sa.select(sa.func.min(outbox.c.happened_at)).where(unsent)).scalar()
        count = uow.execute(sa.select(sa.func.count()).where(unsent)).scalar_one()
        waiting = sa.select(sa.func.count()).select_from(inbox)
        answer = pb.GetBacklogResponse(
            unsent_count=count,
            retrying_count=uow.execute(waiting.where(inbox.c.next_at.is_not(None))).scalar_one(),
            parked_count=uow.execute(waiting.where(inbox.c.parked_at.is_not(None))).scalar_one(),
        )
        if isinstance(oldest, datetime):
            answer.oldest_unsent_time.FromDatetime(oldest)
        return answer

    @query
    def ListParkedMessages(
        self, uow: UnitOfWork, request: pb.ListParkedMessagesRequest
    ) -> pb.ListParkedMessagesResponse:
        """Messages that used up their attempts, or were no events at all."""
        self._require_operator(uow)
        size = paging.page_size(request)
        listed = (
            sa.select(inbox)
            .where(inbox.c.parked_at.is_not(None))
            .order_by(inbox.c.received_at, inbox.c.event_id)
            .limit(size + 1)
        )
        if keys := paging.read_token(request):
            after = sa.tuple_(inbox.c.received_at, inbox.c.event_id)
            listed = listed.where(after > sa.tuple_(datetime.fromisoformat(keys[0]), keys[1]))
        found = list(uow.execute(listed).mappings())
        rows, token = paging.cut(
            request, found, size, lambda last: (last["received_at"], last["event_id"])
        )
        return pb.ListParkedMessagesResponse(
            messages=[_parked(row) for row in rows], next_page_token=token
        )

    @command
    def RetryParkedMessage(
        self, uow: UnitOfWork, request: pb.RetryParkedMessageRequest
    ) -> pb.RetryParkedMessageResponse:
        """Due at once, with all its attempts again."""
        self._require_operator(uow)
        key = (inbox.c.event_id == request.message_id) & inbox.c.parked_at.is_not(None)
        again = {"parked_at": None, "attempts": 0, "next_at": uow.now}
        if uow.execute(inbox.update().where(key), again).rowcount == 0:
            raise NOT_PARKED.refuse()
        row = uow.one(sa.select(inbox).where(inbox.c.event_id == request.message_id))
        return pb.RetryParkedMessageResponse(message=_parked(row))

    def _require_operator(self, uow: UnitOfWork) -> None:
        if not uow.actor.has(ADMINISTRATOR):
            uow.policy(PolicySection).rules.operations.operate.require(uow.actor)


def _in_force(uow: UnitOfWork) -> InForce[PolicySection] | None:
    """Return the policy in force; None before the first one is."""
    try:
        return uow.policy(PolicySection)
    except Refused as refused:
        if refused.reason != NO_POLICY.code:
            raise
        return None


def _parked(row: Any) -> pb.ParkedMessage:
    answer = pb.ParkedMessage(
        message_id=row["event_id"],
        type=row["type"],
        consumer=row["consumer"],
        attempt_count=row["attempts"],
        last_error=row["last_error"] or "",
    )
    answer.receive_time.FromDatetime(row["received_at"])
    return answer


def servicer(doors: Mapping[str, Door]) -> Servicer:
    """Serve the operations of one or several services; the request names which."""
    served = {name: Operations(door) for name, door in doors.items()}
    methods = pb.DESCRIPTOR.services_by_name["OperationsService"].methods
    chosen = {method.name: _hand_over(served, method.name) for method in methods}
    each: OperationsServiceServicer = type("Chosen", (OperationsServiceServicer,), chosen)()
    return Servicer(
        "crm.operations.v1.OperationsService",
        lambda server: add_OperationsServiceServicer_to_server(each, server),
    )


def _hand_over(served: Mapping[str, Operations], method: str) -> Callable[[Any, Any, Any], Any]:
    """Return a method that hands its call to the operations of the service that it names."""

    def call(_: Any, request: Any, context: Any) -> Any:
        operations = served.get(request.service)
        if operations is None:
            status = to_status(SERVICE_UNKNOWN.refuse(), "crm")
            context.abort_with_status(rpc_status.to_status(status))
        return getattr(operations, method)(request, context)

    return call
