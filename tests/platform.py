"""The whole platform in one thread, over SQLite in memory, on the Monday of the cases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from chassis.kernel import Identity
from chassis.policies import PolicyStore
from chassis.relay import Outgoing
from chassis.service import Parts, Service, assemble
from cli.pack_file import Pack, load_pack
from cli.rehearsal.platform import ADMIN, Rehearsal, keys
from services.__main__ import services
from tests import shelf
from tests.contract.examples import compare

__all__ = ["ADMIN", "MONDAY", "PACK", "SERVICES", "Platform", "haixin", "keys"]

SERVICES: tuple[Service, ...] = services()
PACK = Path(__file__).parents[1] / "policies" / "haixin-pool.yaml"
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2026-03-02, 09:00 in Shanghai."""


@cache
def haixin() -> Pack:
    """Return the haixin pack."""
    return load_pack(PACK)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What a platform was when it was set up."""

    images: dict[str, bytes]
    parsed: dict[str, dict[int, Any]]
    people: dict[str, Identity]
    events: list[Outgoing]
    chance: Any


_BEGINNINGS: dict[str, _Beginning] = {}


class Platform(Rehearsal):
    """Every service, their databases, and the bus between them. It begins on that Monday."""

    def __init__(self, seed: int = 0, urls: dict[str, str] | None = None) -> None:
        self.on_shelf = not urls and shelf.lend()
        super().__init__(MONDAY, seed, urls)

    def assemble(self, service: Service, url: str) -> Parts:
        """Put a service together, over the process's own database where this test may use it."""
        if not self.on_shelf:
            return super().assemble(service, url)
        database = shelf.take(service.name, lambda: self._written.add(service.name))
        shelf.fill(database, _empty(service.name))
        policies = PolicyStore(service.policy, service.weigh)
        return Parts(service, database, lambda: self.now, self.new_id, policies)

    def open(self, service: Service, url: str) -> Parts:
        """Put a service together over a database that has its tables."""
        return self.assemble(service, url) if self.on_shelf else super().open(service, url)

    def deliver(self, *events: Outgoing) -> None:
        """Hand events to whoever subscribes; each is as subscribers are told."""
        for event in events:
            compare(event)
        super().deliver(*events)

    def begin(self, name: str, set_up: Callable[[], None]) -> None:
        """Be what `set_up` makes of an empty platform; made once in a process, where that may be.

        Everything that is set up under one `name` must be the same.
        """
        if not self.on_shelf:
            set_up()
            return
        if name not in _BEGINNINGS:
            set_up()
            _BEGINNINGS[name] = _Beginning(
                {key: shelf.image(parts.database) for key, parts in self.parts.items()},
                {key: dict(parts.policies.parsed) for key, parts in self.parts.items()},
                dict(self.people),
                list(self.events),
                self.random.getstate(),
            )
            return
        made = _BEGINNINGS[name]
        for key, parts in self.parts.items():
            shelf.fill(parts.database, made.images[key])
            parts.policies.parsed.update(made.parsed[key])
        self.people = dict(made.people)
        self.events = list(made.events)
        self.random.setstate(made.chance)


@cache
def _empty(service: str) -> bytes:
    (wanted,) = [each for each in SERVICES if each.name == service]
    parts = assemble(wanted, "sqlite://")
    parts.create_tables()
    content = shelf.image(parts.database)
    parts.database.close()
    return content
