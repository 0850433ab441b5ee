"""The gateway as an ASGI application, put together from its parts."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from anyio import create_task_group, to_thread
from argon2 import PasswordHasher
from google.protobuf.message import Message
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chassis.db import Database
from chassis.identity import Signer, Verifier
from chassis.kernel import Clock, Ids
from services.gateway import documentation
from services.gateway.administration import Accounts
from services.gateway.admission import Admission
from services.gateway.app.probe import answers
from services.gateway.app.sessions import Lifetimes
from services.gateway.backends import Backends, Handler
from services.gateway.blobs import Blobs
from services.gateway.browser_sessions import BrowserSessions
from services.gateway.console import Console
from services.gateway.directory import Directory
from services.gateway.edge import Edge, pass_on
from services.gateway.feed import Feed
from services.gateway.files import Files
from services.gateway.live_changes import LiveChanges
from services.gateway.orphans import Orphans
from services.gateway.passwords import Passwords
from services.gateway.rates import Rates
from services.gateway.settings import GatewaySettings
from services.gateway.sign_in import SERVICE, Sessions
from services.gateway.transcoding.schema import Method, Schema
from services.gateway.transcoding.transcoder import Transcoder


@dataclass(frozen=True, slots=True)
class Parts:
    """What the gateway is made of. `addresses` are those of the gRPC servers by service name."""

    settings: GatewaySettings
    descriptors: bytes
    addresses: Mapping[str, str]
    database: Database
    signer: Signer
    verifier: Verifier
    clock: Clock
    new_id: Ids
    hasher: PasswordHasher = field(default_factory=PasswordHasher)


def build_app(parts: Parts) -> Starlette:
    """Return the application. It holds no state outside of `parts` and itself."""
    settings = parts.settings
    schema = Schema(parts.descriptors)
    own: dict[str, Handler] = {}
    backends = Backends(
        schema,
        parts.addresses,
        service_of=service_of,
        own=own,
        timeout_seconds=settings.backend_timeout_seconds,
    )
    rates = Rates(
        settings.rate_storage,
        clock=parts.clock,
        requests=settings.request_rate,
        per_username=settings.sign_in_rate_per_username,
        per_address=settings.sign_in_rate_per_address,
        uploads=settings.upload_rate,
    )
    passwords = Passwords(
        parts.hasher, threads=settings.hashing_threads, queue=settings.hashing_queue
    )
    directory = Directory(backends.send, parts.signer, parts.clock)
    lifetimes = Lifetimes(
        access=timedelta(seconds=settings.access_token_seconds),
        refresh=timedelta(days=settings.refresh_token_days),
        session=timedelta(days=settings.session_days),
    )
    sessions = Sessions(
        database=parts.database,
        passwords=passwords,
        rates=rates,
        directory=directory,
        signer=parts.signer,
        clock=parts.clock,
        new_id=parts.new_id,
        lifetimes=lifetimes,
    )
    own |= sessions.handlers()
    own |= Accounts(
        database=parts.database,
        passwords=passwords,
        rates=rates,
        directory=directory,
        clock=parts.clock,
        least_password=settings.least_password,
    ).handlers()

    blobs = Blobs(settings.blobs)
    files = Files(
        settings=settings,
        database=parts.database,
        blobs=blobs,
        rates=rates,
        send=backends.send,
        signer=parts.signer,
        clock=parts.clock,
        new_id=parts.new_id,
    )
    orphans = Orphans(
        parts.database,
        blobs,
        backends.send,
        parts.signer,
        parts.clock,
        after=timedelta(hours=settings.unused_hours),
    )

    admission = Admission(parts.verifier, rates, parts.clock)
    login = f"{SERVICE}Login"
    of_browsers = BrowserSessions(
        sessions,
        login=next(one for one in schema.bindings if one.method.path == login),
        admission=admission,
        clock=parts.clock,
        max_body_bytes=settings.max_body_bytes,
    )

    feed = Feed(
        parts.database,
        poll_seconds=settings.change_poll_seconds,
        per_person=settings.streams_per_person,
        most=settings.most_streams,
    )
    changes = LiveChanges(
        feed,
        admission,
        backends.send,
        parts.addresses.keys(),
        keep_alive_seconds=settings.stream_keep_alive_seconds,
    )

    async def live(request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> JSONResponse:
        """Ready when sign-in can work; services that are away are told, and need no restart."""
        services = await backends.reachable()
        database = await to_thread.run_sync(answers, parts.database)
        body = {"status": "ok" if database else "no database", "services": services}
        return JSONResponse(body, 200 if database else 503)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with create_task_group() as rounds:
            rounds.start_soon(orphans.go_round, settings.unused_round_seconds)
            yield
            rounds.cancel_scope.cancel()
        await backends.close()

    app = Starlette(
        routes=[
            *documentation.routes(schema),
            Route("/healthz/live", live),
            Route("/healthz/ready", ready),
            *of_browsers.routes(),
            *changes.routes(),
        ],
        middleware=[Middleware(Edge, new_id=parts.new_id)],
        exception_handlers={HTTPException: pass_on},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.end_streams = feed.close
    api = Transcoder(
        schema,
        guard=admission.to_method,
        backend=backends,
        max_body_bytes=settings.max_body_bytes,
        streamed=files.handlers(),
    )
    own_roots = {route.path.split("/")[1] for route in app.routes if isinstance(route, Route)}
    api_roots = {binding.template.segments[0] for binding in schema.bindings}
    app.router.default = Console(settings.console_folder, api, own_roots | api_roots)
    return app


def service_of(method: Method, message: Message) -> str:
    """Return the service a call is for: its package's, or the one an operator's request names."""
    service = method.package.split(".")[1]
    named: str = getattr(message, "service", "") if service == "operations" else service
    return named
