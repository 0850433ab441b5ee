"""Every service over databases of its own, in one thread, and the bus between them.

Requests enter by gRPC messages; responses, events and rows come out. The code is that of a
running platform; only the network, the broker and the clock are not real.
"""

import random
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from crm.customers.v1.customers_pb2_grpc import CustomerServiceStub
from crm.operations.v1 import operations_pb2 as operations
from crm.operations.v1.operations_pb2_grpc import (
    OperationsServiceStub,
    add_OperationsServiceServicer_to_server,
)
from crm.ownership.v1 import ownership_pb2 as ownership
from crm.ownership.v1.leads_pb2_grpc import LeadServiceStub
from crm.ownership.v1.ownership_pb2_grpc import OwnershipServiceStub, StaffServiceStub
from crm.ownership.v1.reallocations_pb2_grpc import ReallocationServiceStub
from crm.ownership.v1.rulings_pb2_grpc import RulingServiceStub
from crm.review.v1.review_pb2_grpc import ReviewServiceStub
from crm.scheduler.v1.scheduler_pb2_grpc import SchedulerServiceStub

from chassis.identity import PEER, Signer, Verifier, join_keys, new_key_pair
from chassis.kernel import ADMINISTRATOR, Identity
from chassis.local import LocalServer
from chassis.operations import Operations
from chassis.relay import Outgoing, Relay
from chassis.rounds import Peers
from chassis.service import Parts, Service, assemble
from cli.pack_file import Pack
from cli.rehearsal.due import Dues
from services.__main__ import services

Stub = TypeVar("Stub")

ADMIN = Identity("admin", "管理员", frozenset({ADMINISTRATOR}))
SIGNED_FOR = timedelta(minutes=15)
RENEWED_AFTER = timedelta(minutes=10)
STRIDE = timedelta(hours=1)
"""The recurring work is done at least this often, whether anything is known to be due or not."""
PASSES = 50
"""Work that goes on making work is left for the next moment after this many passes."""


@cache
def keys() -> tuple[str, dict[str, str], str]:
    """Return this process's keys: that of people, those of the services, and the public ones."""
    people, public = new_key_pair("rehearsal")
    private: dict[str, str] = {}
    for service in services():
        private[service.name], its_public = new_key_pair(f"{PEER}{service.name}")
        public = join_keys(public, its_public)
    return people, private, public


class Rehearsal:
    """A platform whose time stands still until it is moved.

    The same `seed` and the same requests give the same ids, rows and events. `urls` names a
    database by service; without one it is SQLite in memory. The databases must be empty.
    """

    def __init__(self, now: datetime, seed: int = 0, urls: dict[str, str] | None = None) -> None:
        self.now = now
        self.random = random.Random(seed)  # noqa: S311 - ids that repeat themselves, no secrets
        self.parts: dict[str, Parts] = {}
        self.servers: dict[str, LocalServer] = {}
        self.events: list[Outgoing] = []
        self._written: set[str] = set()
        """Services that committed something since their relay last found nothing to send."""
        self._signer, verifier = Signer(keys()[0]), self.verifier()
        self._signed: dict[Identity, tuple[str, datetime]] = {}
        for service in services():
            url = (urls or {}).get(service.name, "sqlite://")
            self.parts[service.name] = self.open(service, url)
            self.servers[service.name] = LocalServer()
        for name, parts in self.parts.items():
            door = parts.door(verifier, self.peers(name).signer)
            server: Any = self.servers[name]
            for servicer in parts.service.servicers(door, self.channel):
                servicer.add(server)
            add_OperationsServiceServicer_to_server(Operations(door), server)
        self.customers = self.stub(CustomerServiceStub, "customers")
        self.ownership = self.stub(OwnershipServiceStub, "ownership")
        self.staff = self.stub(StaffServiceStub, "ownership")
        self.review = self.stub(ReviewServiceStub, "review")
        self.leads = self.stub(LeadServiceStub, "ownership")
        self.rulings = self.stub(RulingServiceStub, "ownership")
        self.reallocations = self.stub(ReallocationServiceStub, "ownership")
        self.scheduler = self.stub(SchedulerServiceStub, "scheduler")
        self.people: dict[str, Identity] = {"admin": ADMIN}
        self._dues = Dues(self.parts)
        self._worked_at = now

    def open(self, service: Service, url: str) -> Parts:
        """Put a service together over an empty database."""
        parts = self.assemble(service, url)
        parts.create_tables()
        return parts

    def assemble(self, service: Service, url: str) -> Parts:
        """Put a service together over a database, with this platform's clock and ids."""
        parts = assemble(service, url, lambda: self.now, self.new_id)

        def committed(connection: sa.Connection) -> None:
            if not connection.get_execution_options().get("crm_read_only"):
                self._written.add(service.name)

        sa.event.listen(parts.database.engine, "commit", committed)
        return parts

    def close(self) -> None:
        """Close every database."""
        for parts in self.parts.values():
            parts.database.close()

    def verifier(self) -> Verifier:
        """Return what the services check tokens with."""
        return Verifier(keys()[2])

    def peers(self, name: str) -> Peers:
        """Return how a service reaches the others."""
        return Peers(Signer(keys()[1][name]), self.channel)

    def channel(self, name: str) -> Any:
        """Return the channel that services call each other through."""
        return self.servers[name]

    def new_id(self) -> str:
        """Return an id that depends on the seed only."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def stub(self, kind: Callable[[Any], Stub], service: str) -> Stub:
        """Return a generated stub of one of a service's gRPC services."""
        return kind(self.servers[service])

    def token(self, who: Identity) -> str:
        """Return a valid token for a person."""
        token, until = self._signed.get(who, ("", self.now))
        if until <= self.now:
            token, until = self._signer.sign(who, self.now, SIGNED_FOR), self.now + RENEWED_AFTER
            self._signed[who] = token, until
        return token

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
        return self.stub(OperationsServiceStub, service)

    def apply(self, pack: Pack, effective: datetime | None = None) -> None:
        """Apply a pack to every service, in force from `effective` (or the pack's own time)."""
        for name in self.parts:
            request = operations.ApplyPolicyRequest(
                service=name,
                pack=pack.meta.name,
                time_zone=pack.meta.time_zone,
                confirmed=True,
            )
            request.effective_time.FromDatetime(effective or pack.meta.effective_time)
            request.section.update(pack.sections[name].to_json())
            self.call(self.operations(name).ApplyPolicy, request)

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
        while self._written:
            for parts in [self.parts[name] for name in self.parts if name in self._written]:
                relay = Relay(parts.database, parts.clock, _Bus(self), "rehearsal")
                while relay.run_once():
                    pass
                self._written.discard(parts.service.name)
        return self.events[before:]

    def deliver(self, *events: Outgoing) -> None:
        """Hand events, in order, to every service that subscribes to them."""
        self.events += events
        for parts in self.parts.values():
            bodies = [event.body for event in events if event.type in parts.service.handlers]
            if bodies:
                parts.inbox().receive_all(bodies)

    def tick(self) -> None:
        """Let every service do its recurring work, and everything that follows from it."""
        self._worked_at = self.now
        for _ in range(PASSES):
            before = len(self.events)
            for parts in self.parts.values():
                parts.inbox().retry_due()
                for work in parts.service.ticks.values():
                    parts.tick(work)
                self.settle()
                for work_round in parts.service.rounds.values():
                    parts.round(work_round, self.peers(parts.service.name))
                self.settle()
            if len(self.events) == before:
                return

    def wait_until(self, moment: datetime) -> None:
        """Let time pass until `moment`; what falls due on the way happens in order, when due.

        What no row names the moment of happens within a stride of it.
        """
        while self.now < moment:
            stride = self._worked_at + STRIDE
            due = min(stride, self._dues.after(self.now) or stride)
            self.now = max(self.now, min(due, moment))
            if self.now >= due:
                self.tick()

    def pass_to(self, moment: datetime) -> None:
        """Let time pass until `moment`, and do the recurring work there."""
        self.wait_until(moment)
        if self._worked_at < self.now:
            self.tick()


class _Bus:
    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal

    def publish(self, batch: Sequence[Outgoing]) -> dict[str, str]:
        self._rehearsal.deliver(*batch)
        return {}
