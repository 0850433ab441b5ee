"""What makes a service: its name, policy, tables, handlers and methods, in one value."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from chassis import tables
from chassis.call import Door
from chassis.db import Database
from chassis.grpc_server import Servicer
from chassis.identity import Signer, Verifier
from chassis.inbox import Handler, Inbox
from chassis.kernel import Clock, Ids
from chassis.policies import PolicyStore, Weigh
from chassis.rounds import Peers, Round
from chassis.rules import PolicySection
from chassis.unit import UnitOfWork

Channels = Callable[[str], object]
"""Gives the gRPC channel to a service by name."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service, as its `parts.py` declares it."""

    name: str
    policy: type[PolicySection]
    metadata: sa.MetaData
    migrations: Path
    handlers: Mapping[str, Handler]
    emits: frozenset[str]
    awaited: frozenset[str]
    """The emitted types that another service subscribes to: they must reach a queue."""
    servicers: Callable[[Door, Channels], Sequence[Servicer]]
    weigh: Weigh | None = None
    """Says what a new policy version would do at once; None where nothing happens by time."""
    ticks: Mapping[float, Callable[[UnitOfWork], None]] = field(default_factory=dict)
    """Work that recurs: seconds between → one transaction of it."""
    rounds: Mapping[float, Callable[[Round], None]] = field(default_factory=dict)
    """Work that recurs and asks other services: seconds between → one round of it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A service put together with its database, clock and ids."""

    service: Service
    database: Database
    clock: Clock
    new_id: Ids
    policies: PolicyStore

    def door(self, verifier: Verifier, signer: Signer | None = None) -> Door:
        """Return the door its methods are served through; `signer` names it to its peers."""
        return Door(
            self.service.name,
            self.database,
            self.clock,
            self.new_id,
            verifier,
            self.policies,
            signer,
        )

    def inbox(self) -> Inbox:
        """Return the inbox its handlers run in."""
        return Inbox(
            self.service.name,
            self.database,
            self.clock,
            self.new_id,
            self.policies,
            self.service.handlers,
        )

    def tick(self, work: Callable[[UnitOfWork], None]) -> None:
        """Run one round of recurring work in a transaction of its own."""
        Round(self, Peers()).run(work)

    def round(self, work: Callable[[Round], None], peers: Peers) -> None:
        """Run one round of recurring work that asks other services."""
        work(Round(self, peers))

    def create_tables(self) -> None:
        """Create the schema in an empty database."""
        with self.database.engine.begin() as connection:
            tables.metadata.create_all(connection)
            self.service.metadata.create_all(connection)


def utc_now() -> datetime:
    """The clock of real processes."""
    return datetime.now(UTC)


def random_id() -> str:
    """The ids of real processes: UUIDs, version 4."""
    return str(uuid.uuid4())


def assemble(
    service: Service, database_url: str, clock: Clock = utc_now, new_id: Ids = random_id
) -> Parts:
    """Put a service together over a database."""
    policies = PolicyStore(service.policy, service.weigh)
    return Parts(service, Database(database_url), clock, new_id, policies)
