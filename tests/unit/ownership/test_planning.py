"""Distribution is even: nobody is given two more than another, whatever happened before."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ownership.domain.planning import (
    LAST_HOLDER,
    QUOTA_FULL,
    Mode,
    Plan,
    Rep,
    Standing,
    choose,
    preferred,
)

REPS = (Rep("a", "1", 300), Rep("b", "1", 500), Rep("c", "2", 400), Rep("d", "2"))


def run(plan: Plan, count: int, reps: tuple[Rep, ...] = REPS, **served: int) -> str:
    """Distribute customers; return who got them, in order."""
    standing = Standing(served=dict(served), room=dict.fromkeys([r.staff_id for r in reps], 999))
    got = []
    for _ in range(count):
        choice = choose(plan, reps, standing, not_to="", counted=True)
        assert choice.staff_id
        standing.give(choice.staff_id, counted=True)
        got.append(choice.staff_id)
    return "".join(got)


@pytest.mark.parametrize(
    "plan, expected",
    [
        (Plan(Mode.EVEN_BY_REP), "abcdab"),
        (Plan(Mode.EVEN_BY_REP, teams=("2",)), "cdcdcd"),
        (Plan(Mode.EVEN_BY_REP, staff_ids=("d", "a")), "dadada"),
        (Plan(Mode.EVEN_BY_GROUP), "acbdac"),
        (Plan(Mode.BY_PERFORMANCE), "bcadbc"),
        (Plan(Mode.NAMED, staff_ids=("c", "a", "b")), "cabcab"),
    ],
)
def test_turns(plan: Plan, expected: str) -> None:
    assert run(plan, 6) == expected


def test_the_turn_goes_on_from_run_to_run() -> None:
    plan = Plan(Mode.EVEN_BY_REP)
    assert run(plan, 2, a=1, b=2) == "cd"
    assert run(Plan(Mode.EVEN_BY_GROUP), 3, a=1, c=2) == "bda"
    assert run(Plan(Mode.BY_PERFORMANCE), 2, b=7) == "bc"


def test_who_is_passed_over_is_told() -> None:
    standing = Standing(room={"a": 0, "b": 1, "c": 1})
    plan = Plan(Mode.EVEN_BY_REP, teams=("1",))
    choice = choose(plan, REPS, standing, not_to="b", counted=True)
    assert choice.staff_id is None
    assert choice.skipped == (("a", QUOTA_FULL), ("b", LAST_HOLDER))
    assert choose(plan, REPS, standing, not_to="", counted=False).staff_id == "a"


def test_whoever_was_passed_over_comes_first_next_time() -> None:
    standing = Standing(room=dict.fromkeys("abcd", 9))
    plan = Plan(Mode.EVEN_BY_REP)
    first = choose(plan, REPS, standing, not_to="a", counted=True)
    assert first.staff_id == "b"
    standing.give("b", counted=True)
    assert choose(plan, REPS, standing, not_to="", counted=True).staff_id == "a"


people = st.lists(
    st.builds(Rep, st.sampled_from("abcdefgh"), st.sampled_from("123"), st.integers(0, 9)),
    min_size=1,
    max_size=8,
    unique_by=lambda rep: rep.staff_id,
)
histories = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 99))


@given(people, histories, st.integers(0, 60), st.sampled_from(list(Mode)))
def test_nobody_is_given_two_more(
    reps: list[Rep], served: dict[str, int], count: int, mode: Mode
) -> None:
    plan = Plan(mode, staff_ids=tuple(rep.staff_id for rep in reversed(reps)))
    got = run(plan, count, tuple(reps), **served)
    assert got == run(plan, count, tuple(reversed(reps)), **served), "it depends on nothing else"
    each = Counter(dict.fromkeys([rep.staff_id for rep in reps], 0))
    each.update(got)
    team_of = {rep.staff_id: rep.team for rep in reps}
    if mode is not Mode.EVEN_BY_GROUP:
        assert max(each.values()) - min(each.values()) <= 1
        return
    teams = Counter(dict.fromkeys(team_of.values(), 0))
    teams.update(team_of[one] for one in got)
    assert max(teams.values()) - min(teams.values()) <= 1
    for team in teams:
        of_team = [each[one] for one in each if team_of[one] == team]
        assert max(of_team) - min(of_team) <= 1


@given(people, histories, histories, st.sampled_from(list(Mode)))
def test_everybody_of_the_plan_is_in_the_order_once(
    reps: list[Rep], given_: dict[str, int], served: dict[str, int], mode: Mode
) -> None:
    order = preferred(Plan(mode), reps, given_, served)
    assert sorted(order) == sorted(rep.staff_id for rep in reps)
