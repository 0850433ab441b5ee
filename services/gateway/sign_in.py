"""SessionService: sign in, refresh, sign out, who am I."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from anyio import to_thread
from crm.gateway.v1 import gateway_pb2 as pb
from google.protobuf.message import Message

from chassis.contract import check_request
from chassis.db import Database
from chassis.identity import UNAUTHENTICATED, Signer
from chassis.kernel import Clock, Identity, Ids
from services.gateway.app import accounts, sessions
from services.gateway.backends import Handler
from services.gateway.directory import Directory
from services.gateway.domain import reasons
from services.gateway.domain.accounts import canonical_username
from services.gateway.passwords import Passwords
from services.gateway.rates import Rates
from services.gateway.transcoding.transcoder import Call

SERVICE = "/crm.gateway.v1.SessionService/"
PUBLIC = frozenset({f"{SERVICE}Login", f"{SERVICE}RefreshToken", f"{SERVICE}Logout"})
"""Methods that need no access token."""

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", pb.LoginResponse, pb.RefreshTokenResponse)


def read(call: Call, kind: type[Request]) -> Request:
    """Return the call's message in its generated class, checked against the contract."""
    request = kind.FromString(call.message.SerializeToString())
    check_request(request)
    return request


@dataclass(frozen=True, slots=True)
class Granted:
    """What a sign-in or a refresh gives."""

    identity: Identity
    access_token: str
    lifetime: timedelta
    """Of the access token."""
    refresh_token: str
    expires_at: datetime
    """When the refresh token expires."""

    @property
    def staff(self) -> pb.Person:
        """Return who signed in."""
        return _person(self.identity)


class Sessions:
    """The servicer, and what the console's sessions are made by.

    Passwords are hashed and the database is asked on threads.
    """

    def __init__(
        self,
        *,
        database: Database,
        passwords: Passwords,
        rates: Rates,
        directory: Directory,
        signer: Signer,
        clock: Clock,
        new_id: Ids,
        lifetimes: sessions.Lifetimes,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._rates = rates
        self._directory = directory
        self._signer = signer
        self._clock = clock
        self._new_id = new_id
        self._lifetimes = lifetimes

    def handlers(self) -> Mapping[str, Handler]:
        """Return the methods by gRPC path."""
        methods: list[Handler] = [self.login, self.refresh_token, self.logout, self.get_me]
        names = ("Login", "RefreshToken", "Logout", "GetMe")
        return {SERVICE + name: method for name, method in zip(names, methods, strict=True)}

    async def login(self, call: Call) -> pb.LoginResponse:
        """Start a session and give its tokens to the caller."""
        request = read(call, pb.LoginRequest)
        granted = await self.start(request, call.caller.address, _trace_parent(call))
        return _fill(pb.LoginResponse(), granted)

    async def refresh_token(self, call: Call) -> pb.RefreshTokenResponse:
        """Exchange a refresh token."""
        old = read(call, pb.RefreshTokenRequest).refresh_token
        return _fill(pb.RefreshTokenResponse(), await self.renew(old, _trace_parent(call)))

    async def logout(self, call: Call) -> pb.LogoutResponse:
        """End a session; the answer does not tell whether there was one."""
        await self.end(read(call, pb.LogoutRequest).refresh_token)
        return pb.LogoutResponse()

    async def get_me(self, call: Call) -> pb.GetMeResponse:
        """Return what the access token says."""
        if call.caller.identity is None:
            raise UNAUTHENTICATED.refuse()
        return pb.GetMeResponse(staff=_person(call.caller.identity))

    async def start(self, request: pb.LoginRequest, address: str, trace_parent: str) -> Granted:
        """Start a session. An unknown name, a wrong password and a disabled account look alike."""
        username = canonical_username(request.username)
        await self._rates.attempt(username, address)
        account = await to_thread.run_sync(accounts.find_account, self._database, username)
        stored = account["password_hash"] if account else None
        right = await self._passwords.matches(stored, request.password)
        if account is None or not right or account["disabled_at"] is not None:
            raise reasons.SIGN_IN_REFUSED.refuse()
        await self._rates.succeeded(username)
        identity = await self._directory.person(account["staff_id"], trace_parent)
        if self._passwords.outdated(account["password_hash"]):
            renewed = await self._passwords.hash(request.password)
            await to_thread.run_sync(accounts.renew_hash, self._database, username, renewed)
        token, now = secrets.token_urlsafe(32), self._clock()
        expires_at = await to_thread.run_sync(
            lambda: sessions.start(
                self._database,
                username=username,
                address=address,
                session_id=self._new_id(),
                token=token,
                now=now,
                lifetimes=self._lifetimes,
            )
        )
        return self._grant(identity, token, now, expires_at)

    async def renew(self, old: str, trace_parent: str) -> Granted:
        """Exchange a refresh token. It is spent only once the directory has answered."""
        now = self._clock()
        holder = await to_thread.run_sync(sessions.look_up, self._database, old, now)
        identity = await self._directory.person(holder.staff_id, trace_parent)
        token, expires_at = await to_thread.run_sync(
            lambda: sessions.rotate(
                self._database,
                old=old,
                salt=secrets.token_urlsafe(32),
                now=now,
                lifetimes=self._lifetimes,
            )
        )
        return self._grant(identity, token, now, expires_at)

    async def end(self, token: str) -> None:
        """End the session of a refresh token, if there is one."""
        await to_thread.run_sync(sessions.end, self._database, token, self._clock())

    def _grant(
        self, identity: Identity, token: str, now: datetime, expires_at: datetime
    ) -> Granted:
        lifetime = self._lifetimes.access
        access_token = self._signer.sign(identity, now, lifetime)
        return Granted(identity, access_token, lifetime, token, expires_at)


def _fill(answer: Answer, granted: Granted) -> Answer:
    answer.access_token = granted.access_token
    answer.token_type = "Bearer"  # noqa: S105 - the name of a scheme
    answer.expires_in = int(granted.lifetime.total_seconds())
    answer.refresh_token = granted.refresh_token
    answer.refresh_expire_time.FromDatetime(granted.expires_at)
    answer.staff.CopyFrom(granted.staff)
    return answer


def _trace_parent(call: Call) -> str:
    return dict(call.metadata).get("traceparent", "")


def _person(identity: Identity) -> pb.Person:
    return pb.Person(
        staff_id=identity.staff_id,
        display_name=identity.name,
        roles=sorted(identity.roles),
        department=identity.department,
        team=identity.team,
    )
