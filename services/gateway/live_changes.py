"""GET /v1/changes: a stream of hints that something changed, so that nobody has to keep asking."""

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Collection, Sequence

import grpc
from crm.operations.v1 import operations_pb2 as pb
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from services.gateway import directory
from services.gateway.admission import Admission
from services.gateway.domain.topics import READERS, topics_read
from services.gateway.feed import Ear, Feed
from services.gateway.transcoding.transcoder import Caller

PATH = "/v1/changes"
MEDIA_TYPE = "text/event-stream"
NOTHING = ("", "")
"""The hint that begins a stream: it changes nothing and bears the position."""
_GET_PERMISSIONS = "/crm.operations.v1.OperationsService/GetPermissions"
_POSITION = re.compile(r"\d{1,18}")
_log = logging.getLogger(__name__)


class LiveChanges:
    """The endpoint, an ASGI application.

    `call` calls a method of one of `services`; raises AioRpcError.
    """

    def __init__(
        self,
        feed: Feed,
        admission: Admission,
        call: directory.Send,
        services: Collection[str],
        keep_alive_seconds: float,
    ) -> None:
        self._feed = feed
        self._admission = admission
        self._call = call
        self._services = frozenset(services)
        self._keep_alive = keep_alive_seconds

    def routes(self) -> list[BaseRoute]:
        """Return the route."""
        return [Route(PATH, self, methods=["GET"])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send hints until the token expires, the client goes or the process ends."""
        request = Request(scope, receive)
        caller = await self._admission.signed_in(request)
        who = caller.identity
        assert who is not None
        headers = {"x-accel-buffering": "no"}
        if request.method == "HEAD":
            await Response(headers=headers, media_type=MEDIA_TYPE)(scope, receive, send)
            return
        given = request.headers.get("last-event-id", "")
        async with self._feed.listen(
            who.staff_id,
            who.roles,
            topics_read(await self._permissions(request, caller)),
            int(given) if _POSITION.fullmatch(given) else None,
            lambda: self._admission.still_in(caller),
        ) as ear:
            answer = StreamingResponse(self._tell(ear), headers=headers, media_type=MEDIA_TYPE)
            await answer(scope, receive, send)

    async def _tell(self, ear: Ear) -> AsyncIterator[str]:
        """Yield hints as they come. Only the last of several bears the position to go on from."""
        hints, position = ear.listener.take(time.monotonic())
        yield _events([*hints, NOTHING], position)
        while ear.valid() and not self._feed.closing:
            try:
                await asyncio.wait_for(ear.bell.wait(), self._keep_alive)
            except TimeoutError:
                yield ": nothing yet\n\n"
                continue
            ear.bell.clear()
            hints, position = ear.listener.take(time.monotonic())
            if hints:
                yield _events(hints, position)

    async def _permissions(self, request: Request, caller: Caller) -> frozenset[tuple[str, str]]:
        """Return what the caller may do; a service that does not answer gives nothing."""
        metadata = (
            ("authorization", f"Bearer {caller.token}"),
            ("traceparent", request.scope["state"]["trace"].header),
        )

        async def ask(service: str) -> set[tuple[str, str]]:
            message = pb.GetPermissionsRequest(service=service)
            try:
                raw = await self._call(service, _GET_PERMISSIONS, message, metadata)
            except grpc.aio.AioRpcError as error:
                _log.warning("%s does not tell permissions: %s", service, error.code())
                return set()
            return {
                (service, one.name) for one in pb.GetPermissionsResponse.FromString(raw).permissions
            }

        asked = {service for readers in READERS.values() for service, _ in readers}
        answers = await asyncio.gather(*map(ask, sorted(asked & self._services)))
        return frozenset().union(*answers)


def _events(hints: Sequence[tuple[str, str]], position: int) -> str:
    told = [json.dumps({"topic": topic, "subject_id": subject_id}) for topic, subject_id in hints]
    return "".join(f"data: {text}\n\n" for text in told[:-1]) + (
        f"id: {position}\ndata: {told[-1]}\n\n"
    )
