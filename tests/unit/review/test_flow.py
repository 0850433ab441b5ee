"""The step function of a case, as tables."""

import pytest

from services.review.domain.flow import FULFILLED_BY, Announcement, Flow, Happening, State, step

OPEN, APPROVED, DONE, FAILED = State.OPEN, State.APPROVED, State.DONE, State.FAILED
TOLD = (Announcement.APPROVED,)


@pytest.mark.parametrize(
    ("kind", "state", "awaiting", "told"),
    [
        ("register", APPROVED, {"customers", "ownership"}, TOLD),
        ("claim", APPROVED, {"customers", "ownership"}, TOLD),
        ("release", APPROVED, {"ownership"}, TOLD),
        ("ruling", APPROVED, {"ownership"}, TOLD),
        ("reallocation", APPROVED, {"ownership"}, TOLD),
        ("dismissal", DONE, set(), (*TOLD, Announcement.COMPLETED)),
    ],
)
def test_approval_waits_for_those_who_carry_it_out(
    kind: str, state: State, awaiting: set[str], told: tuple[Announcement, ...]
) -> None:
    assert step(Flow(kind, OPEN), Happening.APPROVED) == (
        Flow(kind, state, frozenset(awaiting)),
        told,
    )


@pytest.mark.parametrize("kind", FULFILLED_BY)
@pytest.mark.parametrize(
    ("state", "happening", "after", "told"),
    [
        (State.PREPARING, Happening.PREPARED, OPEN, Announcement.OPENED),
        (State.PREPARING, Happening.REFUSED, State.REFUSED, Announcement.CLOSED),
        (State.PREPARING, Happening.ABANDONED, State.REFUSED, Announcement.CLOSED),
        (OPEN, Happening.REJECTED, State.REJECTED, Announcement.CLOSED),
        (OPEN, Happening.WITHDRAWN, State.WITHDRAWN, Announcement.CLOSED),
        (APPROVED, Happening.FULFILMENT_REFUSED, FAILED, Announcement.FAILED),
    ],
)
def test_what_happens_to_every_kind(
    kind: str, state: State, happening: Happening, after: State, told: Announcement
) -> None:
    assert step(Flow(kind, state), happening) == (Flow(kind, after), (told,))


@pytest.mark.parametrize("kind", FULFILLED_BY)
@pytest.mark.parametrize("ended", [DONE, FAILED, State.REJECTED, State.REFUSED, State.WITHDRAWN])
@pytest.mark.parametrize("happening", Happening)
def test_nothing_happens_to_what_has_ended(kind: str, ended: State, happening: Happening) -> None:
    assert step(Flow(kind, ended), happening, "ownership") == (Flow(kind, ended), ())


def test_all_must_have_carried_it_out() -> None:
    approved = Flow("claim", APPROVED, FULFILLED_BY["claim"])
    half, told = step(approved, Happening.FULFILLED, "ownership")
    assert (half.awaiting, told) == ({"customers"}, ())
    assert step(half, Happening.FULFILLED, "ownership") == (half, ())
    assert step(half, Happening.FULFILLED, "customers") == (
        Flow("claim", DONE),
        (Announcement.COMPLETED,),
    )
