"""Who somebody is and which roles they have now, as the staff directory says."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import grpc
from crm.ownership.v1 import ownership_pb2 as pb
from google.protobuf.message import Message

from chassis.grpc_errors import PEER_UNAVAILABLE
from chassis.identity import Signer, system
from chassis.kernel import SYSTEM, Clock, Identity
from services.gateway.domain import reasons

_GET_STAFF = "/crm.ownership.v1.StaffService/GetStaff"
_OWN_TOKEN_LIFETIME = timedelta(minutes=1)
_log = logging.getLogger(__name__)

Send = Callable[[str, str, Message, tuple[tuple[str, str], ...]], Awaitable[bytes]]
"""Calls a method of a service by path; raises AioRpcError."""


class Directory:
    """Reads people from the ownership service, speaking for the gateway itself."""

    def __init__(self, send: Send, signer: Signer, clock: Clock) -> None:
        self._send = send
        self._signer = signer
        self._clock = clock

    async def person(self, staff_id: str, trace_parent: str) -> Identity:
        """Return the person, never with the role of a service.

        Raises NOT_ON_STAFF, also for who has departed, or PEER_UNAVAILABLE when nobody can tell.
        """
        token = self._signer.sign(system("gateway"), self._clock(), _OWN_TOKEN_LIFETIME)
        metadata = (("authorization", f"Bearer {token}"), ("traceparent", trace_parent))
        request = pb.GetStaffRequest(staff_id=staff_id)
        try:
            raw = await self._send("ownership", _GET_STAFF, request, metadata)
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                raise reasons.NOT_ON_STAFF.refuse() from None
            _log.warning("the staff directory did not answer: %s", error.code())
            raise PEER_UNAVAILABLE.refuse() from None
        staff = pb.GetStaffResponse.FromString(raw).staff
        if staff.state == pb.STAFF_STATE_DEPARTED:
            raise reasons.NOT_ON_STAFF.refuse()
        return Identity(
            staff_id=staff.staff_id,
            name=staff.display_name,
            roles=frozenset(staff.roles) - {SYSTEM},
            department=staff.department,
            team=staff.team,
        )
