"""Which basis makes a term be over by a moment: the computation of deadlines, asked backwards."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.domain.deadlines import deadline
from services.scheduler.domain.foresight import due_if_before
from services.scheduler.domain.terms import Term, Unit
from tests.unit.scheduler.almanac import local, reckoning

MICROSECOND = timedelta(microseconds=1)
MOMENTS = st.integers(0, 400 * 86_400_000_000).map(
    lambda micros: local("2026-01-01 00:00") + timedelta(microseconds=micros)
)


@pytest.mark.parametrize(
    "until, before",
    [
        ("2026-03-10 00:05", "2026-03-03 00:00"),  # what began on Monday the 2nd is over
        ("2026-03-09 23:59", "2026-03-02 00:00"),
        ("2026-02-28 00:00", "2026-02-14 00:00"),  # over Spring Festival
    ],
)
def test_five_working_days_are_over_by_then(until: str, before: str) -> None:
    term = Term(5, Unit.WORKING_DAYS)
    assert due_if_before(local(until), term, reckoning()) == local(before)


@settings(deadline=None)
@given(MOMENTS, MOMENTS, st.integers(1, 40), st.sampled_from(list(Unit)))
def test_an_earlier_basis_is_due_and_a_later_one_is_not(
    until: datetime, basis: datetime, amount: int, unit: Unit
) -> None:
    term = Term(amount, unit)
    before = due_if_before(until, term, reckoning())
    for one in (basis, before, before - MICROSECOND):
        due_at = deadline(one, term, reckoning()).due_at
        assert (due_at <= until) == (one < before)
