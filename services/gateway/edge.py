"""The outermost layer: a trace for every request, headers on every answer, one shape of refusal."""

import logging
import re
from collections.abc import Mapping, MutableMapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import telemetry
from chassis.grpc_errors import INTERNAL
from chassis.kernel import Ids, Refused
from services.gateway import problems
from services.gateway.domain import reasons

_log = logging.getLogger(__name__)
_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")

SECURITY_HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


async def pass_on(request: Request, error: Exception) -> Response:
    """Let an exception reach the edge instead of Starlette's plain text."""
    raise error


class Edge:
    """ASGI middleware. Whatever is raised inside is answered with a problem document."""

    def __init__(self, app: ASGIApp, *, new_id: Ids) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        trace = telemetry.continue_trace(headers.get("traceparent", ""), self._new_id)
        scope.setdefault("state", {})["trace"] = trace
        request_id = headers.get("x-request-id", "")
        started = False

        async def finish(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _complete(message, trace.trace_id, request_id)
            await send(message)

        with telemetry.traced(trace, "gateway", f"{scope['method']} {scope['path'][:200]}"):
            try:
                await self._app(scope, receive, finish)
            except ClientDisconnect:
                return
            except Exception as error:
                if started:
                    raise
                problem = _problem(error)
                wanted = problems.language(headers.get("accept-language", ""))
                answer = problems.response(problem, wanted, trace.trace_id)
                await answer(scope, receive, finish)


def _problem(error: Exception) -> problems.Problem:
    if isinstance(error, problems.Problem):
        return error
    if isinstance(error, Refused):
        return problems.of_refused(error)
    if isinstance(error, HTTPException) and error.status_code == 404:
        return problems.of_refused(reasons.NO_SUCH_PATH.refuse())
    if isinstance(error, HTTPException) and error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return problems.Problem(
            405, reasons.NO_SUCH_METHOD.refuse(allowed=allowed), {"allow": allowed}
        )
    _log.exception("a request failed")
    return problems.Problem(500, INTERNAL.refuse())


def _complete(message: MutableMapping[str, object], trace_id: str, request_id: str) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("trace-id", trace_id)
    if _REQUEST_ID.fullmatch(request_id):
        headers.setdefault("x-request-id", request_id)
