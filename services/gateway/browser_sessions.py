"""Sessions of the console: its refresh token lies in a cookie that no script reads.

The cookie goes to `/session` only, and is heeded only when a page of this origin asks. What the
pages call the API with is the access token, which they keep in memory.
"""

import ipaddress
from datetime import datetime
from urllib.parse import urlsplit

from crm.gateway.v1 import gateway_pb2 as pb
from google.protobuf import json_format
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chassis.contract import check_request
from chassis.kernel import Clock
from services.gateway.admission import Admission
from services.gateway.domain import reasons
from services.gateway.sign_in import Granted, Sessions
from services.gateway.transcoding.bodies import read_body
from services.gateway.transcoding.decode import decode
from services.gateway.transcoding.schema import Binding

FOLDER = "/session"
MARK = ("x-requested-with", "crm-console")
"""A header that no form and no image can send; another origin's script has to ask first."""


class BrowserSessions:
    """The three calls. `login` is the binding that describes a sign-in's body."""

    def __init__(
        self,
        sessions: Sessions,
        *,
        login: Binding,
        admission: Admission,
        clock: Clock,
        max_body_bytes: int,
    ) -> None:
        self._sessions = sessions
        self._login = login
        self._admission = admission
        self._clock = clock
        self._limit = max_body_bytes

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        calls = {"sign-in": self.sign_in, "renew": self.renew, "sign-out": self.sign_out}
        return [Route(f"{FOLDER}/{name}", call, methods=["POST"]) for name, call in calls.items()]

    async def sign_in(self, request: Request) -> Response:
        """Start a session, in the place of the one that this browser had."""
        address = await self._admit(request)
        query = request.scope["query_string"].decode("latin-1")
        body = await read_body(request, self._limit)
        decoded = decode(self._login, [], query, body)
        wanted = pb.LoginRequest.FromString(decoded.SerializeToString())
        check_request(wanted)
        granted = await self._sessions.start(wanted, address, _trace_parent(request))
        await self._sessions.end(request.cookies.get(cookie_name(request), ""))
        return self._answer(request, granted)

    async def renew(self, request: Request) -> Response:
        """Exchange the cookie for new tokens; without a usable one raises SESSION_OVER."""
        await self._admit(request)
        token = request.cookies.get(cookie_name(request), "")
        return self._answer(request, await self._sessions.renew(token, _trace_parent(request)))

    async def sign_out(self, request: Request) -> Response:
        """End the session and remove the cookie, whether or not there was one."""
        await self._admit(request)
        await self._sessions.end(request.cookies.get(cookie_name(request), ""))
        answer = Response(status_code=204)
        self._set_cookie(request, answer, "", self._clock())
        return answer

    async def _admit(self, request: Request) -> str:
        """Return the caller's address; raises OTHER_SITE and TOO_MANY_REQUESTS."""
        address = await self._admission.anyone(request)
        if not asked_by_own_page(request.headers):
            raise reasons.OTHER_SITE.refuse()
        return address

    def _answer(self, request: Request, granted: Granted) -> Response:
        staff = json_format.MessageToDict(
            granted.staff,
            preserving_proto_field_name=True,
            always_print_fields_with_no_presence=True,
        )
        answer = JSONResponse(
            {
                "access_token": granted.access_token,
                "expires_in": int(granted.lifetime.total_seconds()),
                "staff": staff,
            }
        )
        self._set_cookie(request, answer, granted.refresh_token, granted.expires_at)
        return answer

    def _set_cookie(
        self, request: Request, answer: Response, value: str, expires_at: datetime
    ) -> None:
        answer.set_cookie(
            cookie_name(request),
            value,
            max_age=int((expires_at - self._clock()).total_seconds()),
            path=FOLDER,
            secure=port_in_clear(request) is None,
            httponly=True,
            samesite="strict",
        )


def asked_by_own_page(headers: Headers) -> bool:
    """Whether a script on a page of this origin sent the request.

    Browsers say so themselves; those that do not (old ones, plain HTTP) name the page's origin.
    """
    name, value = MARK
    if headers.get(name) != value:
        return False
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] == "same-origin"
    scheme, _, authority = headers.get("origin", "").lower().partition("://")
    host = headers.get("host", "").lower()
    return scheme in ("http", "https") and authority == host != ""


def port_in_clear(request: Request) -> int | None:
    """Return the port where this is plain HTTP that never leaves the machine, else None."""
    try:
        called = urlsplit(f"//{request.headers.get('host', '')}")
        host, port = called.hostname or "", called.port or 80
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return None
    return port if loopback and request.scope["scheme"] == "http" else None


def cookie_name(request: Request) -> str:
    """Return the cookie's name. Cookies do not tell ports apart, so on one machine it does."""
    port = port_in_clear(request)
    return "__Secure-crm-session" if port is None else f"crm-session-{port}"


def _trace_parent(request: Request) -> str:
    header: str = request.scope["state"]["trace"].header
    return header
