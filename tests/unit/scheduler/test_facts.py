"""What is known of a clock does not depend on the order or the number of the messages."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.domain.deadlines import deadline
from services.scheduler.domain.facts import (
    Fact,
    Facts,
    Moved,
    Paused,
    Started,
    State,
    Stopped,
    join,
)
from services.scheduler.domain.terms import Pause, Term, Unit
from tests.unit.scheduler.almanac import local, reckoning

BEGIN = local("2026-02-01 00:00")
minutes = st.integers(0, 60 * 24 * 60).map(lambda count: BEGIN + timedelta(minutes=count))
marks = st.integers(1, 6)
DAYS = st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS])
terms = st.builds(Term, st.integers(1, 12), st.sampled_from(list(Unit)), st.integers(0, 3))
leave = st.frozensets(st.integers(0, 90).map(lambda n: (BEGIN + timedelta(days=n)).date()))


@st.composite
def spans(draw: st.DrawFn) -> list[Pause]:
    """Some pauses, in any order, overlapping or not."""
    begins = draw(st.lists(minutes, max_size=3))
    lengths = draw(st.lists(st.integers(1, 60 * 24 * 9), min_size=3, max_size=3))
    return [
        Pause(b, b + timedelta(minutes=length)) for b, length in zip(begins, lengths, strict=False)
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """What one subject's services announced: the marks of each kind name one fact each."""
    facts: list[Fact] = []
    for mark in draw(st.sets(marks)):
        kind = draw(st.sampled_from(["start", "stop", "freeze", "thaw", "restore"]))
        at = draw(minutes)
        later = at + timedelta(minutes=draw(st.integers(1, 9999)))
        match kind:
            case "start":
                facts.append(Started(mark, at, draw(st.sampled_from(["li", "wang"]))))
            case "restore":
                facts.append(Started(mark, at, "li", pause=Pause(at, later)))
            case "stop":
                facts.append(Stopped(mark))
            case "freeze":
                facts.append(Paused(mark, at))
            case _:
                facts += [Paused(mark, at), Paused(mark + 10, at, later)]
    facts += [Moved(mark, draw(st.none() | minutes)) for mark in draw(st.sets(marks))]
    return facts


def told(facts: list[Fact]) -> Facts:
    """Return what is known after hearing all of them."""
    known = Facts()
    for fact in facts:
        known = join(known, fact)
    return known


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_the_join_commutes_and_repeats_without_effect(history: list[Fact], choice: object) -> None:
    shuffled = [*history, *history[:3]]
    choice.shuffle(shuffled)  # type: ignore[attr-defined]
    known = told(history)
    assert told(shuffled) == known
    assert all(join(known, fact) is known for fact in history)


@given(minutes, terms, spans(), leave)
@settings(max_examples=400, deadline=None)
def test_never_due_before_it_began(
    basis: datetime, term: Term, pauses: list[Pause], away: frozenset[object]
) -> None:
    found = deadline(basis, term, reckoning(away), pauses)  # type: ignore[arg-type]
    assert found.due_at >= basis
    assert found.warn_at is None or basis <= found.warn_at <= found.due_at
    assert found == deadline(basis, term, reckoning(away), pauses)  # type: ignore[arg-type]


@given(minutes, minutes, terms, leave)
@settings(max_examples=400, deadline=None)
def test_a_later_follow_up_never_makes_it_due_earlier(
    one: datetime, other: datetime, term: Term, away: frozenset[object]
) -> None:
    first, last = sorted((one, other))
    almanac = reckoning(away)  # type: ignore[arg-type]
    assert deadline(first, term, almanac).due_at <= deadline(last, term, almanac).due_at


@given(minutes, terms, spans(), leave)
@settings(max_examples=400, deadline=None)
def test_neither_a_pause_nor_leave_makes_it_due_earlier(
    basis: datetime, term: Term, pauses: list[Pause], away: frozenset[object]
) -> None:
    plain = deadline(basis, term, reckoning())
    absent = deadline(basis, term, reckoning(away))  # type: ignore[arg-type]
    paused = deadline(basis, term, reckoning(), pauses)
    assert plain.due_at <= absent.due_at
    assert plain.due_at <= paused.due_at


@given(minutes, st.integers(1, 12), DAYS, leave)
@settings(max_examples=200, deadline=None)
def test_terms_in_days_end_with_a_day_and_count_as_many(
    basis: datetime, amount: int, unit: Unit, away: frozenset[object]
) -> None:
    almanac = reckoning(away)  # type: ignore[arg-type]
    found = deadline(basis, Term(amount, unit), almanac)
    assert len(found.counted) == amount
    assert found.due_at == almanac.starts(found.counted[-1] + timedelta(days=1))
    assert almanac.day_of(basis) not in found.counted


START = Started(2, local("2026-03-02 09:00"), "li")


@pytest.mark.parametrize(
    "facts, state",
    [
        ([], State.WAITING),
        ([Moved(1, BEGIN), Stopped(9)], State.WAITING),
        ([START], State.ARMED),
        ([START, Stopped(1)], State.ARMED),
        ([START, Stopped(2)], State.STOPPED),
        ([START, Stopped(3)], State.STOPPED),
        ([START, Stopped(3), Started(4, BEGIN, "wang")], State.ARMED),
        ([START, Paused(3, BEGIN)], State.PAUSED),
        ([START, Paused(1, BEGIN)], State.ARMED),  # of an earlier holder
        ([START, Paused(3, BEGIN), Paused(4, BEGIN, local("2026-03-04 09:00"))], State.ARMED),
        ([START, Paused(4, BEGIN, local("2026-03-04 09:00")), Paused(3, BEGIN)], State.ARMED),
        ([START, Paused(3, BEGIN), Stopped(4)], State.STOPPED),
    ],
)
def test_whether_it_runs(facts: list[Fact], state: State) -> None:
    assert told(facts).runs is state


def test_a_voided_follow_up_moves_it_back() -> None:
    moved = told([START, Moved(1, local("2026-03-04 09:00"))])
    assert moved.basis == local("2026-03-04 09:00")
    assert join(moved, Moved(2, None)).basis == START.at
    assert join(moved, Moved(2, local("2026-03-01 09:00"))).basis == START.at
