"""The whole platform in one thread, over SQLite in memory, on the Monday of the cases."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from chassis.pack import Pack, load_pack
from chassis.service import Service
from cli.rehearsal.platform import ADMIN, Rehearsal, keys
from services.__main__ import services

__all__ = ["ADMIN", "MONDAY", "PACK", "SERVICES", "Platform", "haixin", "keys"]

SERVICES: tuple[Service, ...] = services()
PACK = Path(__file__).parents[1] / "policies" / "haixin-pool.yaml"
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday 2026-03-02, 09:00 in Shanghai."""


@cache
def haixin() -> Pack:
    """Return the haixin pack."""
    return load_pack(PACK)


class Platform(Rehearsal):
    """Every service, their databases, and the bus between them. It begins on that Monday."""

    def __init__(self, seed: int = 0, urls: dict[str, str] | None = None) -> None:
        super().__init__(MONDAY, seed, urls)
