"""The HTTP endpoint of every annotated method."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chassis.kernel import Identity
from chassis.whole_numbers import whole_numbers
from services.gateway.domain import reasons
from services.gateway.problems import Problem
from services.gateway.transcoding.bodies import read_body
from services.gateway.transcoding.decode import decode
from services.gateway.transcoding.routes import NoSuchMethod, NoSuchPath, Routes
from services.gateway.transcoding.schema import Method, Schema, required
from services.gateway.transcoding.strict_json import refuse

_EMPTY = "google.protobuf.Empty"
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request. `identity` and `token` are empty for methods open to everyone."""

    address: str
    identity: Identity | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A decoded request on its way to a backend, which answers with the response's bytes."""

    method: Method
    message: Message
    caller: Caller
    metadata: tuple[tuple[str, str], ...]


Guard = Callable[[Request, Method], Awaitable[Caller]]
"""Says who calls, or raises: no token where one is needed, too many requests."""
Backend = Callable[[Call], Awaitable[bytes]]
"""Performs a call; raises Refused or Problem."""
Handler = Callable[[Call, Request], Awaitable[Message | Response]]
"""Performs a call whose request or response is bytes (`google.api.HttpBody`), over HTTP itself."""


class Transcoder:
    """An ASGI application for all HTTP bindings of a schema."""

    def __init__(
        self,
        schema: Schema,
        *,
        guard: Guard,
        backend: Backend,
        max_body_bytes: int,
        streamed: Mapping[str, Handler] = MappingProxyType({}),
    ) -> None:
        """Take the handlers of the methods that are `streamed`, by path; ValueError for a gap."""
        if gap := {one.path for one in schema.methods if one.streamed} ^ streamed.keys():
            raise ValueError(f"streamed, or handled as such, but not both: {sorted(gap)}")
        self._pool = schema.pool
        self._routes = Routes(schema.bindings)
        self._guard = guard
        self._backend = backend
        self._limit = max_body_bytes
        self._streamed = streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; refusals are raised for the edge to render."""
        answer = await self.answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """Find the method, decode, call, encode. Raises Refused and Problem."""
        try:
            binding, segments = self._routes.find(request.method, _raw_path(request))
        except NoSuchPath:
            raise reasons.NO_SUCH_PATH.refuse() from None
        except NoSuchMethod as other:
            allowed = ", ".join(other.allowed)
            refused = reasons.NO_SUCH_METHOD.refuse(allowed=allowed)
            raise Problem(405, refused, {"allow": allowed}) from None
        method = binding.method
        caller = await self._guard(request, method)
        body = b"" if binding.takes_bytes else await read_body(request, self._limit)
        query = request.scope["query_string"].decode("latin-1")
        message = decode(binding, segments, query, body)
        _identify_request(method, message, request.headers.get("idempotency-key"))
        call = Call(method, message, caller, _metadata(request, caller))
        if method.streamed:
            answer = await self._streamed[method.path](call, request)
            if isinstance(answer, Response):
                return answer
            return self._respond(method, answer.SerializeToString())
        return self._respond(method, await self._backend(call))

    def _respond(self, method: Method, raw: bytes) -> Response:
        if method.descriptor.output_type.full_name == _EMPTY:
            return Response(status_code=204)
        return Response(self._encode(method, raw), media_type="application/json")

    def _encode(self, method: Method, raw: bytes) -> bytes:
        content = json_format.MessageToDict(
            method.response.FromString(raw),
            preserving_proto_field_name=True,
            always_print_fields_with_no_presence=True,
            descriptor_pool=self._pool,
        )
        whole = whole_numbers(content)
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _raw_path(request: Request) -> str:
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return bytes(raw).partition(b"?")[0].decode("latin-1")


def _identify_request(method: Method, message: Any, key: str | None) -> None:
    """Fill `request_id` from the header; a request that needs one and has none is refused."""
    field = method.descriptor.input_type.fields_by_name.get("request_id")
    if field is None:
        return
    given = message.request_id
    if key and given and key != given:
        raise refuse([reasons.REQUEST_ID_TWICE.violate("request_id")])
    if key and not given:
        message.request_id = key
    elif not given and required(field):
        raise refuse([reasons.REQUEST_ID_MISSING.violate("request_id")])


def _metadata(request: Request, caller: Caller) -> tuple[tuple[str, str], ...]:
    """Return what travels with the call; headers that gRPC cannot carry are left out."""
    given = {
        "traceparent": request.scope["state"]["trace"].header,
        "x-request-id": request.headers.get("x-request-id", ""),
        "accept-language": request.headers.get("accept-language", ""),
    }
    sent = [(key, value) for key, value in given.items() if _PRINTABLE.fullmatch(value)]
    if caller.token:
        sent.append(("authorization", f"Bearer {caller.token}"))
    return tuple(sent)
