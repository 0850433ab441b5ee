"""SessionService: sign in, refresh, sign out, who am I."""

import secrets
from collections.abc import Mapping
from datetime import datetime
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


class Sessions:
    """The servicer. Passwords are hashed and the database is asked on threads."""

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
        """Start a session. An unknown name, a wrong password and a disabled account look alike."""
        request = read(call, pb.LoginRequest)
        username = canonical_username(request.username)
        await self._rates.attempt(username, call.caller.address)
        account = await to_thread.run_sync(accounts.find_account, self._database, username)
        stored = account["password_hash"] if account else None
        right = await self._passwords.matches(stored, request.password)
        if account is None or not right or account["disabled_at"] is not None:
            raise reasons.SIGN_IN_REFUSED.refuse()
        await self._rates.succeeded(username)
        identity = await self._directory.person(account["staff_id"], _trace_parent(call))
        if self._passwords.outdated(account["password_hash"]):
            renewed = await self._passwords.hash(request.password)
            await to_thread.run_sync(accounts.renew_hash, self._database, username, renewed)
        token, now = secrets.token_urlsafe(32), self._clock()
        expires_at = await to_thread.run_sync(
            lambda: sessions.start(
                self._database,
                username=username,
                address=call.caller.address,
                session_id=self._new_id(),
                token=token,
                now=now,
                lifetimes=self._lifetimes,
            )
        )
        return self._grant(pb.LoginResponse(), identity, token, now, expires_at)

    async def refresh_token(self, call: Call) -> pb.RefreshTokenResponse:
        """Exchange a refresh token. It is spent only once the directory has answered."""
        old = read(call, pb.RefreshTokenRequest).refresh_token
        now = self._clock()
        holder = await to_thread.run_sync(sessions.look_up, self._database, old, now)
        identity = await self._directory.person(holder.staff_id, _trace_parent(call))
        new = secrets.token_urlsafe(32)
        expires_at = await to_thread.run_sync(
            lambda: sessions.rotate(
                self._database, old=old, new=new, now=now, lifetimes=self._lifetimes
            )
        )
        return self._grant(pb.RefreshTokenResponse(), identity, new, now, expires_at)

    async def logout(self, call: Call) -> pb.LogoutResponse:
        """End a session; the answer does not tell whether there was one."""
        token = read(call, pb.LogoutRequest).refresh_token
        await to_thread.run_sync(sessions.end, self._database, token, self._clock())
        return pb.LogoutResponse()

    async def get_me(self, call: Call) -> pb.GetMeResponse:
        """Return what the access token says."""
        if call.caller.identity is None:
            raise UNAUTHENTICATED.refuse()
        return pb.GetMeResponse(staff=_person(call.caller.identity))

    def _grant(
        self, answer: Answer, identity: Identity, token: str, now: datetime, expires_at: datetime
    ) -> Answer:
        lifetime = self._lifetimes.access
        answer.access_token = self._signer.sign(identity, now, lifetime)
        answer.token_type = "Bearer"  # noqa: S105 - the name of a scheme
        answer.expires_in = int(lifetime.total_seconds())
        answer.refresh_token = token
        answer.refresh_expire_time.FromDatetime(expires_at)
        answer.staff.CopyFrom(_person(identity))
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
