"""The whole platform in one thread: real services over SQLite in memory, a bus that tests drive.

Requests enter by gRPC messages; responses, events and rows come out. The clock stands still
until the test moves it.
"""

import random
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from crm.customers.v1.customers_pb2_grpc import CustomerServiceStub
from crm.operations.v1 import operations_pb2 as operations
from crm.operations.v1.operations_pb2_grpc import (
    OperationsServiceStub,
    add_OperationsServiceServicer_to_server,
)
from crm.ownership.v1 import ownership_pb2 as ownership
from crm.ownership.v1.ownership_pb2_grpc import OwnershipServiceStub, StaffServiceStub
from crm.review.v1.review_pb2_grpc import ReviewServiceStub
from crm.scheduler.v1.scheduler_pb2_grpc import SchedulerServiceStub

from chassis.identity import PEER, Signer, Verifier, join_keys, new_key_pair
from chassis.kernel import ADMINISTRATOR, Identity
from chassis.local import LocalServer
from chassis.operations import Operations
from chassis.pack import Pack, load_pack
from chassis.relay import Outgoing, Relay
from chassis.rounds import Peers
from chassis.service import Parts, Service, assemble
from services.activity.parts import ACTIVITY
from services.customers.parts import CUSTOMERS
from services.ownership.parts import OWNERSHIP
from services.review.parts import REVIEW
from services.scheduler.parts import SCHEDULER

SERVICES: tuple[Service, ...] = (CUSTOMERS, OWNERSHIP, REVIEW, ACTIVITY, SCHEDULER)
PACK = Path(__file__).parents[1] / "policies" / "haixin-pool.yaml"
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2026-03-02, 09:00 in Shanghai."""
ADMIN = Identity("admin", "管理员", frozenset({ADMINISTRATOR}))


@cache
def keys() -> tuple[str, dict[str, str], str]:
    """Return the run's keys: that of people, those of the services, and the public ones."""
    people, public = new_key_pair("test")
    private: dict[str, str] = {}
    for service in SERVICES:
        private[service.name], its_public = new_key_pair(f"{PEER}{service.name}")
        public = join_keys(public, its_public)
    return people, private, public


@cache
def haixin() -> Pack:
    """Return the haixin pack."""
    return load_pack(PACK)


class Platform:
    """Every service, their databases, and the bus between them."""

    def __init__(self, seed: int = 0, urls: dict[str, str] | None = None) -> None:
        self.now = MONDAY
        self.random = random.Random(seed)
        self.parts: dict[str, Parts] = {}
        self.servers: dict[str, LocalServer] = {}
        self.events: list[Outgoing] = []
        self._signer, verifier = Signer(keys()[0]), self.verifier()
        for service in SERVICES:
            url = (urls or {}).get(service.name, "sqlite://")
            self.parts[service.name] = self.open(service, url)
            self.servers[service.name] = LocalServer()
        for name, parts in self.parts.items():
            door = parts.door(verifier, self.peers(name).signer)
            for servicer in parts.service.servicers(door, self.channel):
                servicer.add(self.servers[name])  # type: ignore[arg-type]
            server: Any = self.servers[name]
            add_OperationsServiceServicer_to_server(Operations(door), server)
        channels: dict[str, Any] = dict(self.servers)
        self.customers = CustomerServiceStub(channels["customers"])
        self.ownership = OwnershipServiceStub(channels["ownership"])
        self.staff = StaffServiceStub(channels["ownership"])
        self.review = ReviewServiceStub(channels["review"])
        self.scheduler = SchedulerServiceStub(channels["scheduler"])
        self.people: dict[str, Identity] = {"admin": ADMIN}

    def open(self, service: Service, url: str) -> Parts:
        """Put a service together over an empty database."""
        parts = assemble(service, url, lambda: self.now, self.new_id)
        parts.create_tables()
        return parts

    def verifier(self) -> Verifier:
        """Return what the services check tokens with."""
        return Verifier(keys()[2])

    def peers(self, name: str) -> Peers:
        """Return how a service reaches the others."""
        return Peers(Signer(keys()[1][name]), self.channel)

    def tick(self) -> None:
        """Let every service do its recurring work once, and everything that follows from it."""
        for parts in self.parts.values():
            for work in parts.service.ticks.values():
                parts.tick(work)
            self.settle()
            for work_round in parts.service.rounds.values():
                parts.round(work_round, self.peers(parts.service.name))
            self.settle()

    def pass_to(self, moment: datetime) -> None:
        """Let time pass until `moment`, with the recurring work of every five minutes.

        Nothing of the platform falls due between two rounds of five minutes; where nothing is
        left to do a round costs a few reads.
        """
        while self.now < moment:
            self.now = min(self.now + timedelta(minutes=5), moment)
            self.tick()

    def channel(self, name: str) -> Any:
        """Return the channel that services call each other through."""
        return self.servers[name]

    def new_id(self) -> str:
        """Return an id that depends on the seed only."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def token(self, who: Identity) -> str:
        """Return a valid token for a person."""
        return self._signer.sign(who, self.now, timedelta(minutes=15))

    def call(self, method: Any, request: Any, who: str | Identity = "admin") -> Any:
        """Call a method as a person; raises LocalRpcError for a refusal."""
        identity = self.people[who] if isinstance(who, str) else who
        fields = request.DESCRIPTOR.fields_by_name
        if "request_id" in fields and not request.request_id:
            request.request_id = self.new_id()
        metadata = [("authorization", f"Bearer {self.token(identity)}")]
        return method(request, timeout=5.0, metadata=metadata)

    def operations(self, service: str) -> OperationsServiceStub:
        """Return the operations stub of a service."""
        channel: Any = self.servers[service]
        stub: OperationsServiceStub = OperationsServiceStub(channel)
        return stub

    def apply(self, pack: Pack, effective: datetime | None = None) -> None:
        """Apply a pack to every service, in force from `effective` (or the pack's own time)."""
        for service in SERVICES:
            request = operations.ApplyPolicyRequest(
                service=service.name, pack=pack.meta.name, time_zone=pack.meta.time_zone
            )
            request.effective_time.FromDatetime(effective or pack.meta.effective_time)
            request.section.update(pack.sections[service.name].to_json())
            self.call(self.operations(service.name).ApplyPolicy, request)

    def hire(
        self,
        staff_id: str,
        name: str,
        roles: Sequence[str] = ("sales_rep",),
        *,
        hired: str = "2024-01-01",
        department: str = "sales",
        team: str = "1",
        limit: int = 0,
    ) -> Identity:
        """Add a person to the directory, who can then act."""
        staff = ownership.Staff(
            staff_id=staff_id,
            display_name=name,
            hire_date=hired,
            department=department,
            team=team,
            roles=roles,
            personal_limit_count=limit,
        )
        self.call(self.staff.CreateStaff, ownership.CreateStaffRequest(staff=staff))
        self.people[staff_id] = Identity(staff_id, name, frozenset(roles), department, team)
        return self.people[staff_id]

    def settle(self) -> list[Outgoing]:
        """Deliver events until nothing is left; return those that were sent."""
        before = len(self.events)
        while any(
            Relay(parts.database, parts.clock, _Bus(self), "test").run_once()
            for parts in self.parts.values()
        ):
            pass
        return self.events[before:]

    def deliver(self, event: Outgoing) -> None:
        """Hand an event to every service that subscribes to it."""
        self.events.append(event)
        for parts in self.parts.values():
            if event.type in parts.service.handlers:
                parts.inbox().receive(event.body)


class _Bus:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def publish(self, batch: Sequence[Outgoing]) -> dict[str, str]:
        for event in batch:
            self._platform.deliver(event)
        return {}
