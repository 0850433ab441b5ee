"""The duty rota and its turns, without a service around them."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.rota import Rep, build, months_of, week_of
from services.ownership.domain.turns import Turn, in_turn, passed_to
from tests.platform import haixin


def rules(**values: Any) -> Any:
    """Return the rota's rules with other values."""
    section = OwnershipPolicy.model_validate(haixin().sections["ownership"].rules)
    changed = {
        name: getattr(section.rota, name).model_copy(update={"value": value})
        for name, value in values.items()
    }
    return section.rota.model_copy(update=changed)


A, B, C, D = (
    Rep("a", "s/1", 400),
    Rep("b", "s/1", 300),
    Rep("c", "s/2", 200),
    Rep("d", "s/2", 200),
)
FAILED = Rep("x", "s/1", 500, passed=False)
PASSED = Rep("y", "s/2", 250, passed=True)
BANNED = Rep("z", "s/2", 450, passed=True, banned=True)

TABLE = [
    ("by performance, equals by id", {}, [D, C, B, A], "abcd", {}),
    ("rank, then filter", {"size": 2}, [FAILED, A, B], "a",
     {"x": "CALLS_FAILED", "b": "RANKED_BELOW"}),
    ("filter, then rank", {"size": 2, "filter_order": "filter_then_rank"}, [FAILED, A, B, C],
     "ab", {"x": "CALLS_FAILED", "c": "RANKED_BELOW"}),
    ("a banned one takes a place", {"size": 2}, [BANNED, A, B], "a",
     {"z": "BANNED", "b": "RANKED_BELOW"}),
    ("a banned one takes none", {"size": 2, "filter_order": "filter_then_rank"}, [BANNED, A, B],
     "ab", {"z": "BANNED"}),
    ("not assessed, eligible", {}, [A, PASSED], "ay", {}),
    ("not assessed, not eligible", {"unassessed": "not_eligible"}, [A, PASSED], "y",
     {"a": "CALLS_NOT_ASSESSED"}),
    ("nobody", {}, [], "", {}),
    ("groups by number", {"scheme": "groups", "groups": 1}, [A, B, C], "ab", {"c": "NO_TURN"}),
    ("groups by name", {"scheme": "groups", "groups": ("s/2", "s/1")}, [A, B, C, D], "cdab", {}),
    ("each group ranked apart", {"scheme": "groups", "groups": 2, "size": 1}, [A, B, C, D], "ac",
     {"b": "RANKED_BELOW", "d": "RANKED_BELOW"}),
    ("without a team no turn", {"scheme": "groups"}, [Rep("n", "", 900), A], "a", {"n": "NO_TURN"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "reps", "members", "left_out"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_who_is_on_it(
    values: dict[str, Any], reps: list[Rep], members: str, left_out: dict[str, str]
) -> None:
    rota = build(reps, rules(**values))
    assert "".join(item.staff_id for item in rota.members) == members
    assert {item.staff_id: item.reason for item in rota.left_out} == left_out


def test_weeks_begin_on_monday() -> None:
    assert week_of(date(2026, 3, 8)) == week_of(date(2026, 3, 2)) == date(2026, 3, 2)
    assert months_of(date(2026, 3, 30), rules()) == ("2026-02",)
    quarter = rules(performance_period="previous_three_calendar_months")
    assert months_of(date(2026, 1, 5), quarter) == ("2025-10", "2025-11", "2025-12")


@pytest.mark.parametrize(
    ("ring", "turn", "wanted"),
    [
        ("abc", Turn(), "abc"),
        ("abc", Turn("a", 0), "bca"),
        ("abc", Turn("c", 2), "abc"),
        ("ac", Turn("b", 1), "ca"),
        ("ab", Turn("c", 2), "ab"),
        ("abxc", Turn("b", 1), "xcab"),
        ("", Turn("b", 1), ""),
    ],
)
def test_whose_turn_it_is(ring: str, turn: Turn, wanted: str) -> None:
    assert "".join(in_turn(tuple(ring), turn)) == wanted


@given(
    size=st.integers(1, 8),
    absences=st.lists(st.sets(st.integers(0, 7)), max_size=60),
)
def test_turns_of_those_never_skipped_differ_by_at_most_one(
    size: int, absences: list[set[int]]
) -> None:
    ring = tuple(str(number) for number in range(size))
    turn, given_to, skipped = Turn(), Counter[str](), set()
    for absent in absences:
        for who in in_turn(ring, turn):
            if int(who) in absent:
                skipped.add(who)
                continue
            given_to[who] += 1
            turn = passed_to(ring, who)
            break
    always = [given_to[who] for who in ring if who not in skipped]
    assert not always or max(always) - min(always) <= 1
