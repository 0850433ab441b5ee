"""How many names have each of the common pieces: remembered by the process that counted them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

import sqlalchemy as sa

FREQUENT = 64
"""Counting fewer entries than this costs next to nothing."""

LASTS = timedelta(hours=1)
KEPT = 100_000
"""Pieces remembered, some 10 MB at the most; a million names have fewer frequent ones."""


class PieceSizes:
    """The sizes that one process has counted in one database, as they were within the hour."""

    def __init__(self) -> None:
        self._counted: dict[int, tuple[int, datetime]] = {}

    def recall(self, pieces: Iterable[int], now: datetime) -> dict[int, int]:
        """Return the pieces with their sizes; 0 for each that must be counted."""
        oldest = now - LASTS
        nothing = (0, now)
        found = ((piece, self._counted.get(piece, nothing)) for piece in pieces)
        return {piece: size if since >= oldest else 0 for piece, (size, since) in found}

    def learn(self, counted: Mapping[str, int], now: datetime) -> None:
        """Remember what was counted of frequent pieces; of all others it is not worth it."""
        if len(self._counted) > KEPT:
            self._counted.clear()
        for piece, size in counted.items():
            if size >= FREQUENT:
                self._counted[int(piece)] = (size, now)


_SIZES: WeakKeyDictionary[sa.Pool, PieceSizes] = WeakKeyDictionary()


def sizes_of(connection: sa.Connection) -> PieceSizes:
    """Return what this process has counted in the database of a connection."""
    return _SIZES.setdefault(connection.engine.pool, PieceSizes())
