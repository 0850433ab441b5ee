"""What is shown and enforced, which announcement counts, when a run stops itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reclaim import (
    Announced,
    Taking,
    least_to_trip,
    reclaimable,
    take_over,
    trips,
)
from tests.builders import variant
from tests.platform import haixin

NOW = datetime(2026, 3, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class At:
    """A position, held and due now unless a test says otherwise."""

    location: str = "private_library"
    holder_id: str | None = "li"
    category: str = "intended"
    protected_at: datetime | None = NOW - 8 * DAY
    due_at: datetime | None = NOW
    clock_version: int = 3
    freeze_count: int = 0
    thawed_at: datetime | None = None


def rules(**parameters: Any) -> Any:
    section = variant(haixin(), **parameters).sections["ownership"]
    return OwnershipPolicy.model_validate(section.rules).reclaim


@pytest.mark.parametrize(
    "position, due",
    [
        (At(), NOW),
        (At(category="online"), None),
        (At(freeze_count=1), None),
        (At(location="public_pool", holder_id=None), None),
        (At(due_at=None), None),
    ],
)
def test_what_is_shown_is_what_is_enforced(position: At, due: datetime | None) -> None:
    assert reclaimable(position, rules()) == due


@pytest.mark.parametrize(
    "position, announced, taking",
    [
        (At(), Announced("li", 4, NOW - DAY, NOW + DAY), Taking.TAKEN),
        (At(), Announced("li", 3, NOW - DAY, NOW + DAY), Taking.IGNORED),
        (At(), Announced("wang", 4, NOW - DAY, NOW + DAY), Taking.IGNORED),
        (At(), Announced("li", 4, NOW - 9 * DAY, NOW), Taking.IGNORED),
        (At(), Announced("li", 4, NOW - 8 * DAY, NOW), Taking.TAKEN),
        (At(), Announced("li", 4, NOW, NOW + DAY), Taking.TOO_LATE),
        (At(freeze_count=1), Announced("li", 4, NOW, NOW + DAY), Taking.TAKEN),
        (At(category="online"), Announced("li", 4, NOW, NOW + DAY), Taking.TAKEN),
        (At(due_at=NOW + DAY), Announced("li", 4, NOW, NOW + DAY), Taking.TAKEN),
        (At(due_at=None), Announced("li", 4, NOW, NOW + DAY), Taking.TAKEN),
        (At(holder_id=None, protected_at=None), Announced("", 4, NOW, NOW), Taking.IGNORED),
        (At(due_at=None, thawed_at=NOW), Announced("li", 4, NOW - DAY, NOW), Taking.IGNORED),
        (At(due_at=None, thawed_at=NOW), Announced("li", 4, NOW - DAY, NOW + DAY), Taking.TAKEN),
    ],
)
def test_which_announcement_counts(position: At, announced: Announced, taking: Taking) -> None:
    assert take_over(position, announced, rules(), NOW) is taking


@given(st.integers(0, 500), st.integers(0, 1000), st.integers(0, 400))
def test_the_breaker_counts_no_further_than_it_must(
    count: int, holdings: int, approved: int
) -> None:
    given_rules = RULES
    least = least_to_trip(holdings, approved, given_rules)
    assert trips(count, holdings, approved, given_rules) == (count >= least)


RULES = rules()
