"""What one listener is told, and how often."""

from typing import Any

from services.gateway.domain.listening import MOST_PENDING, PAUSE_SECONDS, Listener
from services.gateway.domain.topics import TOPICS


def listener(*topics: str, roles: tuple[str, ...] = ()) -> Listener:
    return Listener("li", frozenset(roles), frozenset(topics), 0)


def change(seq: int, topic: str = "holdings", **more: Any) -> dict[str, Any]:
    empty = {"subject_id": f"c{seq}", "people": [], "roles": [], "everyone": False}
    return {"seq": seq, "topic": topic, **empty, **more}


def test_whom_a_change_names_learns_what_it_is_about() -> None:
    one = listener()
    one.hear([change(1, people=["li", "wang"]), change(2, people=["wang"])], 0)
    assert one.take(0) == ([("holdings", "c1")], 2)
    assert one.take(0) == ([], 2)


def test_readers_of_a_topic_learn_only_that_there_is_something_new() -> None:
    told = [("cases", "")]
    mine = change(1, "cases", roles=["customer_service"])
    for one in (listener("cases"), listener(roles=("customer_service",))):
        one.hear([mine], 0)
        assert one.take(0)[0] == told
    stranger = listener("pool", roles=("sales_rep",))
    stranger.hear([mine], 0)
    assert not stranger.due(0)
    stranger.hear([change(2, "cases", everyone=True)], 0)
    assert stranger.take(0)[0] == told


def test_what_changes_often_is_told_once_in_a_while() -> None:
    one = listener("pool")
    heard = 0
    for second in range(60):
        one.hear([change(second + 1, "pool")], second)
        heard += len(one.take(second)[0])
    assert heard == 60 / PAUSE_SECONDS
    assert one.due(64)
    assert one.take(64) == ([("pool", "")], 60)


def test_a_hint_held_back_is_not_lost_by_who_goes_on_elsewhere() -> None:
    one = listener("pool")
    one.hear([change(7, "pool")], 0)
    assert one.take(0) == ([("pool", "")], 7)
    one.hear([change(8, "pool"), change(9, people=["li"])], 1)
    hints, position = one.take(1)
    assert (hints, position) == ([("holdings", "c9")], 7)
    one.hear([change(10, people=["li"])], PAUSE_SECONDS)
    assert one.take(PAUSE_SECONDS) == ([("holdings", "c10"), ("pool", "")], 10)


def test_the_same_is_told_once() -> None:
    one = listener()
    one.hear([change(seq, people=["li"], subject_id="c1") for seq in range(1, 9)], 0)
    assert one.take(0) == ([("holdings", "c1")], 8)


def test_a_listener_that_is_slow_is_told_of_whole_topics() -> None:
    one = listener()
    one.hear([change(seq, people=["li"]) for seq in range(1, MOST_PENDING + 2)], 0)
    assert one.take(0)[0] == [("holdings", "")]


def test_who_lost_track_is_told_that_everything_may_have_changed() -> None:
    one = listener()
    one.lose_track()
    assert {topic for topic, _ in one.take(0)[0]} == set(TOPICS)
