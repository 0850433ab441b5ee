"""Asks ownership who holds a customer, in the name of the caller."""

from typing import Any

from crm.ownership.v1 import ownership_pb2 as ownership
from crm.ownership.v1.ownership_pb2_grpc import OwnershipServiceStub

from chassis.call import Call
from chassis.grpc_client import call_peer
from chassis.kernel import Kind, Refused
from services.activity.domain.policy import ActivityPolicy
from services.activity.domain.reasons import CUSTOMER_UNKNOWN, NOT_HELD

TIMEOUT_SECONDS = 5.0


class Peers:
    """The service that knows first who holds a customer."""

    def __init__(self, ownership_channel: Any) -> None:
        self._ownership = OwnershipServiceStub(ownership_channel)

    def require_holder(self, call: Call, customer_id: str) -> None:
        """Refuse unless the caller holds the customer right now.

        An announcement on its way here never stands against a rightful holder.
        """
        rules = call.read(lambda uow: uow.policy(ActivityPolicy).rules.follow_ups)
        request = ownership.GetPositionRequest(customer_id=customer_id)
        holder = ""
        try:
            holder = call_peer(
                self._ownership.GetPosition,
                request,
                metadata=call.peer_metadata(),
                timeout=TIMEOUT_SECONDS,
            ).position.holder_id
        except Refused as refused:
            if refused.kind is Kind.NOT_FOUND:
                raise CUSTOMER_UNKNOWN.refuse(clause=rules.entered.clause) from None
            if refused.kind is not Kind.FORBIDDEN:
                raise
        if holder != call.actor.staff_id:
            raise NOT_HELD.refuse(clause=rules.held.clause)
