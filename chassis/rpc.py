"""The door of every service: what happens around a use case.

Each call is identified, checked against the contract, run in one transaction, answered or
refused in one shape. A method of a servicer is declared with `@query` (reads), `@command`
(writes; repeating a `request_id` repeats the answer, never the effect) or `@procedure` (several
transactions with calls to peers between them).
"""

import functools
import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message
from grpc_status import rpc_status

from chassis import telemetry
from chassis.call import Call, Door
from chassis.contract import check_request
from chassis.grpc_errors import INTERNAL, to_status
from chassis.identity import (
    PEER_METADATA,
    UNAUTHENTICATED,
)
from chassis.kernel import (
    FORBIDDEN,
    SYSTEM,
    Decision,
    Refused,
)
from chassis.unit import UnitOfWork

Answer = TypeVar("Answer", bound=Message)
Result = TypeVar("Result")

_log = logging.getLogger(__name__)


Method = Callable[[Any, Any, Any], Any]


def query(handler: Callable[[Any, UnitOfWork, Any], Any]) -> Method:
    """Serve `handler(self, uow, request)` in a read-only transaction."""
    return _served(
        handler, lambda self, call: call.read(lambda uow: handler(self, uow, call.request))
    )


def command(handler: Callable[[Any, UnitOfWork, Any], Message]) -> Method:
    """Serve `handler(self, uow, request)` in one transaction, once per request id."""
    answer = handler.__annotations__["return"]
    return _served(
        handler,
        lambda self, call: call.commit(lambda uow: handler(self, uow, call.request), answer),
    )


def peer_command(handler: Callable[[Any, UnitOfWork, Any], Message]) -> Method:
    """Serve a command that only another service may give, on behalf of a person."""
    answer = handler.__annotations__["return"]
    return _served(
        handler,
        lambda self, call: call.commit(lambda uow: handler(self, uow, call.request), answer),
        peers_only=True,
    )


def peer_query(handler: Callable[[Any, UnitOfWork, Any], Any]) -> Method:
    """Serve a query that only another service may make."""
    return _served(
        handler,
        lambda self, call: call.read(lambda uow: handler(self, uow, call.request)),
        peers_only=True,
    )


def procedure(handler: Callable[[Any, Call, Any], Any]) -> Method:
    """Serve `handler(self, call, request)`, which opens its own transactions."""
    return _served(handler, lambda self, call: handler(self, call, call.request))


def _served(handler: Any, run: Callable[[Any, Call], Any], *, peers_only: bool = False) -> Method:
    @functools.wraps(handler)
    def method(self: Any, request: Any, context: grpc.ServicerContext) -> Any:
        door: Door = self.door
        metadata = {key: str(value) for key, value in context.invocation_metadata()}
        trace = telemetry.continue_trace(metadata.get("traceparent", ""), door.new_id)
        with telemetry.traced(trace, door.service, handler.__name__):
            call: Call | None = None
            try:
                token = _bearer(metadata)
                actor = door.verifier.verify(token, door.clock())
                if peers_only:
                    _require_peer(door, metadata)
                check_request(request)
                call = Call(door, handler.__name__, request, actor, token, trace, context.is_active)
                return run(self, call)
            except Refused as refused:
                refused.decision_id = _record_refusal(call, refused) if call else ""
                context.abort_with_status(rpc_status.to_status(to_status(refused, door.service)))
            except Exception:  # noqa: BLE001 - logged; the caller learns no more than that
                _log.exception("%s failed", handler.__name__)
                status = to_status(INTERNAL.refuse(), door.service)
                status.code = grpc.StatusCode.INTERNAL.value[0]
                context.abort_with_status(rpc_status.to_status(status))
            raise AssertionError("unreachable")

    return method


def _require_peer(door: Door, metadata: Mapping[str, str]) -> None:
    token = metadata.get(PEER_METADATA, "")
    if not token or not door.verifier.verify(token, door.clock()).has(SYSTEM):
        raise FORBIDDEN.refuse()


def _bearer(metadata: Mapping[str, str]) -> str:
    scheme, _, token = metadata.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UNAUTHENTICATED.refuse()
    return token


def _record_refusal(call: Call, refused: Refused) -> str:
    """Keep what a rule of the book refused, and return the decision's id.

    A rehearsal and a malformed request leave no trace.
    """
    if not refused.clause or getattr(call.request, "validate_only", False):
        return ""
    subject = next(
        (
            value
            for name in ("customer_id", "case_id", "staff_id")
            if (value := getattr(call.request, name, ""))
        ),
        call.actor.staff_id,
    )
    decision = Decision(
        call.method, "refused", refused.reason, refused.clause, refused.say, refused.figures
    )
    return call.run(lambda uow: uow.record(decision, subject))
