"""A whole gateway on a socket, with a clock that tests turn."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import httpx
import uvicorn
from argon2 import PasswordHasher
from crm.operations.v1 import operations_pb2, operations_pb2_grpc
from crm.ownership.v1 import ownership_pb2, ownership_pb2_grpc

from chassis import service
from chassis.db import Database
from chassis.identity import Signer, Verifier, new_key_pair
from chassis.kernel import SYSTEM, Identity
from chassis.policies import PolicyStore
from services.gateway.api import Parts, build_app
from services.gateway.app.accounts import create_account
from services.gateway.parts import GATEWAY
from services.gateway.serving import Server
from services.gateway.settings import GatewaySettings

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse 电池"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """The time, until a test moves it. Also stands in for the `time` module of `limits`."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def time(self) -> float:
        return self.now.timestamp()

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


class StaffDirectory(ownership_pb2_grpc.StaffServiceServicer):
    """The staff service with the people a test puts in."""

    def __init__(self, verifier: Verifier, clock: Clock) -> None:
        self.people: dict[str, ownership_pb2.Staff] = {}
        self._verifier = verifier
        self._clock = clock

    def put(self, staff_id: str, *roles: str) -> None:
        self.people[staff_id] = ownership_pb2.Staff(
            staff_id=staff_id, display_name=f"员工{staff_id}", roles=roles, department="KA"
        )

    def GetStaff(  # noqa: N802 - the name in the proto
        self, request: Any, context: Any
    ) -> ownership_pb2.GetStaffResponse:
        token = dict(context.invocation_metadata())["authorization"].removeprefix("Bearer ")
        assert self._verifier.verify(token, self._clock()).has(SYSTEM)
        if request.staff_id not in self.people:
            context.abort(grpc.StatusCode.NOT_FOUND, "nobody")
        return ownership_pb2.GetStaffResponse(staff=self.people[request.staff_id])


class Permissions(operations_pb2_grpc.OperationsServiceServicer):
    """What the ownership service says people may do."""

    def __init__(self, verifier: Verifier, clock: Clock) -> None:
        self.of: dict[str, set[str]] = {}
        self._verifier = verifier
        self._clock = clock

    def GetPermissions(  # noqa: N802 - the name in the proto
        self, request: Any, context: Any
    ) -> operations_pb2.GetPermissionsResponse:
        token = dict(context.invocation_metadata())["authorization"].removeprefix("Bearer ")
        caller = self._verifier.verify(token, self._clock())
        held = sorted(self.of.get(caller.staff_id, ())) if request.service == "ownership" else []
        granted = [operations_pb2.GrantedPermission(name=name) for name in held]
        return operations_pb2.GetPermissionsResponse(permissions=granted)


@dataclass
class Gateway:
    """A running gateway and the hands a test needs on it."""

    http: httpx.Client
    clock: Clock
    signer: Signer
    database: Database
    staff: StaffDirectory
    permissions: Permissions
    parts: Parts
    private_key: str
    public_keys: str
    addresses: dict[str, str] = field(default_factory=dict)

    def token(self, *roles: str, staff_id: str = "s1", minutes: float = 15) -> str:
        """Make an access token as the gateway would."""
        identity = Identity(staff_id=staff_id, name="员工", roles=frozenset(roles))
        return self.signer.sign(identity, self.clock(), timedelta(minutes=minutes))

    def bearer(self, *roles: str, staff_id: str = "s1") -> dict[str, str]:
        """Return the header of a valid token."""
        return {"authorization": f"Bearer {self.token(*roles, staff_id=staff_id)}"}

    def add(self, username: str, staff_id: str, *roles: str) -> None:
        """Add a person with an account."""
        self.staff.put(staff_id, *roles)
        create_account(
            self.database,
            username=username,
            password=PASSWORD,
            staff_id=staff_id,
            now=self.clock(),
            hasher=QUICK,
        )

    def login(self, username: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in."""
        return self.http.post("/v1/login", json={"username": username, "password": password})


@contextmanager
def running_gateway(
    descriptors: bytes, addresses: dict[str, str], **settings: Any
) -> Iterator[Gateway]:
    """Start a gateway with its own database, keys and staff directory, on a free port."""
    clock = Clock()
    private_key, public_keys = new_key_pair("test")
    signer, verifier = Signer(private_key), Verifier(public_keys)
    staff, permissions = StaffDirectory(verifier, clock), Permissions(verifier, clock)
    server = grpc.server(futures.ThreadPoolExecutor(4))
    ownership_pb2_grpc.add_StaffServiceServicer_to_server(staff, server)  # type: ignore[arg-type]
    operations_pb2_grpc.add_OperationsServiceServicer_to_server(permissions, server)  # type: ignore[arg-type]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    folder = tempfile.TemporaryDirectory()
    database = Database(f"sqlite:///{folder.name}/gateway.db")
    assemble_over(database, clock).create_tables()
    console = Path(folder.name) / "console"
    console.mkdir()
    (console / "index.html").write_text("<!doctype html>", encoding="utf-8")
    told = {
        "request_rate": "1000000/minute",
        "console_folder": console,
        "blobs": f"{folder.name}/blobs",
        **settings,
    }
    everywhere = {"ownership": f"127.0.0.1:{port}", **addresses}
    parts = Parts(
        settings=GatewaySettings(**told),
        descriptors=descriptors,
        addresses=everywhere,
        database=database,
        signer=signer,
        verifier=verifier,
        clock=clock,
        new_id=lambda: str(uuid4()),
        hasher=QUICK,
    )
    with serving(build_app(parts)) as url, httpx.Client(base_url=url, timeout=20) as http:
        yield Gateway(
            http,
            clock,
            signer,
            database,
            staff,
            permissions,
            parts,
            private_key,
            public_keys,
            everywhere,
        )
    server.stop(0).wait()
    database.close()
    folder.cleanup()


def assemble_over(database: Database, clock: Clock) -> service.Parts:
    """Return the part of the gateway that hears of events, over its database."""
    policies = PolicyStore(GATEWAY.policy)
    return service.Parts(GATEWAY, database, clock, lambda: str(uuid4()), policies)


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an ASGI application on a thread; yield its address."""
    # asyncio turns Nagle's algorithm off only where the protocol is named: 40 ms a request.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", lifespan="on", ws="none")
    server = Server(config)
    ready = threading.Event()
    started = server.startup

    async def startup(sockets: list[socket.socket] | None = None) -> None:
        await started(sockets=sockets)
        ready.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
