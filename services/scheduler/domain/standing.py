"""From what is known of a clock to when it is due: the rule of the pack applied to facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from services.scheduler.domain.deadlines import deadline
from services.scheduler.domain.facts import Fact, Facts, Moved, Paused, Started, State, Stopped
from services.scheduler.domain.policy import MOST_UNITS, ClockRule, Hearing, Start
from services.scheduler.domain.terms import Deadline, Pause, Reckoning, Term

MOST_KEPT = 200
"""Characters of a field that is repeated when a clock is announced."""

Said = TypeVar("Said", bound=Hearing)


@dataclass(frozen=True, slots=True)
class Heard:
    """What an event says, as far as clocks are concerned."""

    type: str
    subject: str
    sequence: int
    time: datetime
    data: Mapping[str, Any]


def term_of(rule: ClockRule, amount: int | None) -> Term:
    """Return how long a clock runs; `amount` is what its start stated, for rules that want it."""
    stated = rule.after.amount.value if rule.after.amount else min(max(amount or 0, 0), MOST_UNITS)
    return Term(
        amount=stated,
        unit=rule.after.unit,
        warn_before=rule.warn_before.value if rule.warn_before else 0,
        least_after_pause=rule.least_after_pause.value if rule.least_after_pause else 0,
    )


def due(
    rule: ClockRule, facts: Facts, reckoning: Reckoning, floor: datetime | None = None
) -> Deadline | None:
    """Return when a clock is due by what is known of it; None unless it runs."""
    if facts.basis is None or facts.runs is not State.ARMED:
        return None
    return deadline(facts.basis, term_of(rule, facts.amount), reckoning, facts.spans, floor)


def facts_in(rule: ClockRule, heard: Heard) -> list[tuple[str, Fact]]:
    """Return what an event says about a clock: of which subject, and the fact.

    Raises when a field is missing or is no time: such an event is kept for a person to look at.
    """
    mark = heard.sequence if rule.by_sequence else _micros(heard.time)
    moved = heard.sequence if rule.moves_by_sequence else _micros(heard.time)
    said: list[tuple[Hearing, Fact]] = [
        *((start, _started(rule, start, heard, mark)) for start in _starts(rule, heard)),
        *((move, Moved(moved, _moment(move, heard))) for move in _on(rule.moves, heard)),
        *((stop, Stopped(mark)) for stop in _on(rule.stops, heard)),
        *((pause, Paused(mark, _stated(pause, heard))) for pause in _on(rule.pauses, heard)),
        *(
            (end, Paused(mark, _read(heard.data[end.since]), _stated(end, heard)))
            for end in _on(rule.resumes, heard)
        ),
    ]
    return [(_subject(hearing, heard), fact) for hearing, fact in said]


def _on(hearings: Iterable[Said], heard: Heard) -> Iterator[Said]:
    return (hearing for hearing in hearings if hearing.on == heard.type)


def _starts(rule: ClockRule, heard: Heard) -> Iterator[Start]:
    """An event that allows no time at all, by a field of 0, starts no clock."""
    field = rule.after.amount_from
    return (start for start in _on(rule.starts, heard) if not field or int(heard.data[field]))


def _started(rule: ClockRule, start: Start, heard: Heard, mark: int) -> Started:
    since = heard.data.get(start.paused_since) if start.paused_since else None
    return Started(
        mark,
        _stated(start, heard),
        str(heard.data.get(start.party, "")) if start.party else "",
        int(heard.data[rule.after.amount_from]) if rule.after.amount_from else None,
        {key: str(heard.data.get(key, ""))[:MOST_KEPT] for key in start.keep},
        Pause(_read(since), heard.time) if since else None,
    )


def _subject(hearing: Hearing, heard: Heard) -> str:
    return str(heard.data[hearing.subject]) if hearing.subject else heard.subject


def _moment(hearing: Hearing, heard: Heard) -> datetime | None:
    if hearing.at is None:
        return heard.time
    text = heard.data[hearing.at]
    return _read(text) if text else None


def _read(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {text}")
    return moment.astimezone(UTC)


def _stated(hearing: Hearing, heard: Heard) -> datetime:
    moment = _moment(hearing, heard)
    if moment is None:
        raise ValueError(f"{heard.type} does not say when")
    return moment


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
