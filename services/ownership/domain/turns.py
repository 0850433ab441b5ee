"""Turns: who is next in a ring that is gone round one by one."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """Who had the last turn, and where in the ring that one stood."""

    last: str = ""
    place: int = 0


def in_turn(ring: Sequence[str], turn: Turn) -> tuple[str, ...]:
    """Return the whole ring, beginning with whose turn it is.

    When the ring was changed meanwhile, it goes on after the last one, or where that one was.
    """
    if not ring:
        return ()
    place = (ring.index(turn.last) + 1 if turn.last in ring else turn.place) % len(ring)
    return (*ring[place:], *ring[:place])


def passed_to(ring: Sequence[str], chosen: str) -> Turn:
    """Return the turn after `chosen` had his: those who were skipped have lost theirs."""
    return Turn(chosen, ring.index(chosen))
