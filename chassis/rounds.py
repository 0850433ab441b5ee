"""Recurring work that may ask other services between its transactions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from chassis.grpc_client import call_peer
from chassis.identity import PEER_METADATA, PEER_TOKEN, Signer, system
from chassis.unit import UnitOfWork

if TYPE_CHECKING:
    from chassis.service import Parts

Result = TypeVar("Result")
PEER_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Peers:
    """How a service reaches others: the key that names it, and a channel by service name."""

    signer: Signer | None = None
    channel: Callable[[str], Any] | None = None

    def metadata(self, parts: "Parts") -> Sequence[tuple[str, str]]:
        """Return what a call carries that no person asked for: this service, and only that."""
        if self.signer is None:
            raise RuntimeError(f"{parts.service.name} has no key to call others with")
        token = self.signer.sign(system(parts.service.name), parts.clock(), PEER_TOKEN)
        return [("authorization", f"Bearer {token}"), (PEER_METADATA, token)]


class Round:
    """One round. Everything in it is done in the name of the service itself."""

    def __init__(self, parts: "Parts", peers: Peers) -> None:
        self.parts = parts
        self._peers = peers
        self._id = parts.new_id()

    def run(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work` in a transaction of its own."""
        return self.parts.database.run(lambda connection: work(self._unit(connection)))

    def read(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Run `work` in a read-only transaction."""
        with self.parts.database.read() as connection:
            return work(self._unit(connection))

    def channel(self, name: str) -> Any:
        """Return the channel to a service."""
        if self._peers.channel is None:
            raise RuntimeError(f"no address of {name}")
        return self._peers.channel(name)

    def ask(self, method: Callable[..., Any], request: Any) -> Any:
        """Call a method of another service; raises Refused, and RuntimeError in a transaction."""
        metadata = self._peers.metadata(self.parts)
        return call_peer(method, request, metadata=metadata, timeout=PEER_SECONDS)

    def _unit(self, connection: sa.Connection) -> UnitOfWork:
        name = self.parts.service.name
        return UnitOfWork(
            service=name,
            connection=connection,
            now=self.parts.clock(),
            new_id=self.parts.new_id,
            actor=system(name),
            correlation_id=self._id,
            causation_id=self._id,
            policies=self.parts.policies,
        )
