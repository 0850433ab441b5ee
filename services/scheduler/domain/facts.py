"""What is known of a clock: a join of facts, so that they may come late, twice, in any order.

Every fact carries a mark that orders it among its kind. Joining is commutative and idempotent:
the same facts give the same state, whatever the messages did.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.scheduler.domain.terms import Pause


class State(StrEnum):
    """What a clock does.

    `waiting`: nothing that starts it is known yet; `dormant`: the policy has no such clock now.
    """

    WAITING = "waiting"
    ARMED = "armed"
    WARNED = "warned"
    FIRED = "fired"
    PAUSED = "paused"
    STOPPED = "stopped"
    DORMANT = "dormant"


@dataclass(frozen=True, slots=True)
class PauseFact:
    """A pause that began at `begin`; `end` is None while its end is not known."""

    begin: datetime
    end: datetime | None
    mark: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one clock of one subject."""

    start_mark: int = 0
    started_at: datetime | None = None
    party_id: str = ""
    amount: int | None = None
    """The term that the start brought with it, None when policy states it."""
    kept: Mapping[str, Any] = field(default_factory=dict)
    stop_mark: int = 0
    move_mark: int = 0
    moved_at: datetime | None = None
    pauses: tuple[PauseFact, ...] = ()

    @property
    def basis(self) -> datetime | None:
        """What the term counts from: the later of the start and the newest move."""
        if self.started_at is None or self.moved_at is None:
            return self.started_at
        return max(self.started_at, self.moved_at)

    @property
    def runs(self) -> State:
        """Whether it runs (ARMED), or why not."""
        if self.started_at is None:
            return State.WAITING
        if self.stop_mark >= self.start_mark:
            return State.STOPPED
        open_ended = any(p.end is None and p.mark > self.start_mark for p in self.pauses)
        return State.PAUSED if open_ended else State.ARMED

    @property
    def spans(self) -> tuple[Pause, ...]:
        """The pauses that are over."""
        return tuple(Pause(p.begin, p.end) for p in self.pauses if p.end and p.end > p.begin)


@dataclass(frozen=True, slots=True)
class Started:
    """It was started at `at` for a person; with a pause when it resumes an older start."""

    mark: int
    at: datetime
    party_id: str = ""
    amount: int | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The newest moment to count from is `at`; None takes every earlier move back."""

    mark: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """It was stopped."""

    mark: int


@dataclass(frozen=True, slots=True)
class Paused:
    """It stands still from `begin` on, until `end` if that is known."""

    mark: int
    begin: datetime
    end: datetime | None = None


Fact = Started | Moved | Stopped | Paused


def join(facts: Facts, fact: Fact) -> Facts:
    """Return what is known after hearing `fact`; the same object when it is nothing new."""
    match fact:
        case Started():
            return _started(facts, fact)
        case Moved():
            if fact.mark <= facts.move_mark:
                return facts
            return replace(facts, move_mark=fact.mark, moved_at=fact.at)
        case Stopped():
            return facts if fact.mark <= facts.stop_mark else replace(facts, stop_mark=fact.mark)
        case Paused():
            return _paused(facts, PauseFact(fact.begin, fact.end, fact.mark))


def _started(facts: Facts, fact: Started) -> Facts:
    if fact.pause:
        facts = _paused(facts, PauseFact(fact.pause.begin, fact.pause.end, fact.mark))
    if fact.mark <= facts.start_mark:
        return facts
    return replace(
        facts,
        start_mark=fact.mark,
        started_at=fact.at,
        party_id=fact.party_id,
        amount=fact.amount,
        kept=fact.kept,
    )


def _paused(facts: Facts, pause: PauseFact) -> Facts:
    known = {one.begin: one for one in facts.pauses}
    other = known.get(pause.begin)
    if other:
        ends = [end for end in (other.end, pause.end) if end]
        pause = PauseFact(pause.begin, max(ends, default=None), max(other.mark, pause.mark))
        if pause == other:
            return facts
    known[pause.begin] = pause
    return replace(facts, pauses=tuple(known[begin] for begin in sorted(known)))
