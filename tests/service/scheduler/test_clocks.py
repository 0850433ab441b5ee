"""Clocks start, move, stop and stand still by what is heard, whatever the messages do."""

import itertools

import pytest

from tests.service.scheduler.clockwork import (
    APPROVED,
    ARMED,
    CLOSED,
    DEPARTED,
    DUE,
    FROZEN,
    OPENED,
    PROPOSED,
    RELEASED,
    THAWED,
    WARNED,
    Clockwork,
    entries,
    read,
)


def test_a_grant_arms_the_clock_and_says_so(clockwork: Clockwork) -> None:
    (armed,) = entries(clockwork.hear(clockwork.granted()), ARMED)
    assert (armed["clock"], armed["subject_id"], armed["party_id"]) == ("reclaim", "c1", "li")
    assert read(armed["basis_time"]) == "2026-03-02 09:00"
    assert read(armed["warn_time"]) == "2026-03-09 00:00"
    assert read(armed["due_time"]) == "2026-03-10 00:00"
    assert armed["data"] == {"full_name": "蓝海", "category": ""}
    found = clockwork.clock()
    assert (found.version, found.clause) == (armed["version"], "H-6.7d")
    assert clockwork.due() == "2026-03-10 00:00"


def test_a_follow_up_moves_it_and_a_void_moves_it_back(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    clockwork.at("2026-03-05 10:00")
    (moved,) = entries(clockwork.hear(clockwork.followed_up()), ARMED)
    assert read(moved["due_time"]) == clockwork.due() == "2026-03-13 00:00"
    assert moved["data"]["full_name"] == "蓝海"
    (back,) = entries(clockwork.hear(clockwork.voided()), ARMED)
    assert read(back["due_time"]) == clockwork.due() == "2026-03-10 00:00"
    assert back["version"] > moved["version"]


def test_a_void_that_makes_it_overdue_fires_it_at_once(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    clockwork.at("2026-03-06 10:00")
    clockwork.hear(clockwork.followed_up())
    clockwork.at("2026-03-11 10:00")
    assert entries(clockwork.round(), DUE) == []
    clockwork.hear(clockwork.voided())
    (due,) = entries(clockwork.round(), DUE)
    assert read(due["due_time"]) == "2026-03-10 00:00"


def test_a_release_stops_it(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    assert clockwork.hear(clockwork.event(RELEASED, "c1")) == []
    assert (clockwork.state(), clockwork.due()) == ("stopped", "")
    assert entries(clockwork.passes("2026-03-12 00:00"), DUE) == []
    (again,) = entries(clockwork.hear(clockwork.granted(party="wang")), ARMED)
    assert (again["party_id"], read(again["due_time"])) == ("wang", "2026-03-20 00:00")


def test_it_warns_once_and_fires_once(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    assert clockwork.passes("2026-03-08 23:00") == [] or not entries(clockwork.round(), WARNED)
    (warned,) = entries(clockwork.passes("2026-03-09 00:00"), WARNED)
    assert (warned["subject_id"], clockwork.state()) == ("c1", "warned")
    assert entries(clockwork.passes("2026-03-09 23:00"), DUE) == []
    (due,) = entries(clockwork.passes("2026-03-10 00:00"), DUE)
    assert (due["subject_id"], due["party_id"], clockwork.state()) == ("c1", "li", "fired")
    assert due["version"] > warned["version"]
    rest = clockwork.passes("2026-03-16 00:00")
    assert entries(rest, DUE) == entries(rest, WARNED) == []
    assert clockwork.due() == "2026-03-10 00:00"


def test_fired_and_then_moved_it_is_armed_again(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    clockwork.at("2026-03-09 23:59")
    late = clockwork.followed_up()
    assert entries(clockwork.passes("2026-03-10 00:10"), DUE)
    (armed,) = entries(clockwork.hear(late), ARMED)
    assert read(armed["due_time"]) == "2026-03-17 00:00"
    assert len(entries(clockwork.passes("2026-03-17 00:00"), DUE)) == 1


def test_a_freeze_pauses_it_and_a_thaw_gives_the_days_back(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    clockwork.at("2026-03-05 10:00")
    frozen = clockwork.now
    clockwork.hear(clockwork.event(FROZEN, "c1", freeze_time=frozen))
    assert (clockwork.state(), clockwork.due()) == ("paused", "")
    assert entries(clockwork.passes("2026-03-11 10:00"), DUE) == []
    thaw = clockwork.event(THAWED, "c1", freeze_time=frozen, thaw_time=clockwork.now)
    (armed,) = entries(clockwork.hear(thaw), ARMED)
    assert read(armed["due_time"]) == "2026-03-17 00:00"  # 3, 4, then 12, 13, 16


def test_a_restored_customer_goes_on_from_its_first_protection(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    protected = clockwork.now
    clockwork.at("2026-03-05 10:00")
    taken = clockwork.now
    clockwork.hear(clockwork.event(RELEASED, "c1"))
    clockwork.at("2026-03-11 10:00")
    restored = clockwork.granted(protect_time=protected, pause_time=taken)
    (armed,) = entries(clockwork.hear(restored), ARMED)
    assert read(armed["basis_time"]) == "2026-03-02 09:00"
    assert read(armed["due_time"]) == "2026-03-17 00:00"


def test_a_customer_restored_after_its_deadline_has_a_day_left(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    protected = clockwork.now
    clockwork.at("2026-03-10 00:05")
    taken = clockwork.now
    assert entries(clockwork.round(), DUE)
    clockwork.hear(clockwork.event(RELEASED, "c1"))
    clockwork.at("2026-03-10 09:00")
    restored = clockwork.granted(protect_time=protected, pause_time=taken)
    (armed,) = entries(clockwork.hear(restored), ARMED)
    assert read(armed["due_time"]) == "2026-03-12 00:00"
    assert len(entries(clockwork.passes("2026-03-12 00:00"), DUE)) == 1


def test_a_case_is_overdue_after_its_own_hours(clockwork: Clockwork) -> None:
    clockwork.at("2026-03-06 17:00")
    case = {"case_type": "new_customer", "role": "customer_service", "full_name": "蓝海"}
    opened = clockwork.event(OPENED, "k1", deadline_hours=4, department="sales", team="1", **case)
    other = clockwork.event(OPENED, "k2", deadline_hours=4, department="sales", team="1", **case)
    (armed, _) = entries(clockwork.hear(opened, other), ARMED)
    assert read(armed["due_time"]) == "2026-03-09 12:00"
    clockwork.hear(clockwork.event(APPROVED, "k2"))
    (due,) = entries(clockwork.passes("2026-03-09 13:00"), DUE)
    assert (due["clock"], due["subject_id"]) == ("case_sla", "k1")
    assert due["data"] == {**case, "department": "sales", "team": "1"}
    clockwork.hear(clockwork.event(CLOSED, "k1"))
    assert clockwork.state("k1", "case_sla") == "stopped"


def test_a_plan_stops_the_clock_of_the_person_that_it_names(clockwork: Clockwork) -> None:
    gone = {
        "departure_time": clockwork.now,
        "display_name": "李雷",
        "department": "sales",
        "team": "1",
        "plan_role": "supervisor",
    }
    clockwork.hear(*(clockwork.event(DEPARTED, staff, **gone) for staff in ("li", "wang")))
    assert clockwork.due("li", "leaver_plan") == "2026-03-10 00:00"
    clockwork.at("2026-03-04 09:00")
    clockwork.hear(clockwork.event(PROPOSED, "r1", staff_id="li"))
    assert clockwork.state("li", "leaver_plan") == "stopped"
    (due,) = entries(clockwork.passes("2026-03-10 00:00"), DUE)
    assert (due["subject_id"], due["data"]["plan_role"]) == ("wang", "supervisor")


HISTORY = ("granted", "followed_up", "frozen", "thawed", "followed_up_again", "voided")


def history(clockwork: Clockwork) -> dict[str, str]:
    """Return what happened to a customer in three weeks, as it was announced."""
    told = {"granted": clockwork.granted()}
    clockwork.at("2026-03-04 10:00")
    told["followed_up"] = clockwork.followed_up()
    clockwork.at("2026-03-05 10:00")
    frozen = clockwork.now
    told["frozen"] = clockwork.event(FROZEN, "c1", freeze_time=frozen)
    clockwork.at("2026-03-11 10:00")
    told["thawed"] = clockwork.event(THAWED, "c1", freeze_time=frozen, thaw_time=clockwork.now)
    clockwork.at("2026-03-12 10:00")
    told["followed_up_again"] = clockwork.followed_up()
    clockwork.at("2026-03-13 10:00")
    told["voided"] = clockwork.voided(last="2026-03-04T02:00:00Z")
    return told


@pytest.mark.parametrize("number", range(0, 720, 29))
def test_in_any_order_and_twice_the_same(number: int) -> None:
    clockwork = Clockwork()
    told = history(clockwork)
    order = list(itertools.permutations(HISTORY))[number]
    clockwork.hear(*(told[name] for name in order), *(told[name] for name in order[:3]))
    assert clockwork.due() == "2026-03-19 00:00"  # 12, 13, 16, 17, 18
    assert clockwork.state() == "armed"


def test_what_comes_before_the_start_waits_for_it(clockwork: Clockwork) -> None:
    granted = clockwork.granted()
    clockwork.at("2026-03-05 10:00")
    clockwork.hear(clockwork.followed_up())
    assert clockwork.state() == "waiting"
    (armed,) = entries(clockwork.hear(granted), ARMED)
    assert read(armed["due_time"]) == "2026-03-13 00:00"


def test_an_event_that_does_not_say_when_is_kept_for_a_person(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted(protect_time=""))
    request = {"subject_id": "c1", "party_id": "li"}
    assert not clockwork.call("ListClocks", _listing(**request)).clocks


def _listing(**wanted: str) -> object:
    from crm.scheduler.v1 import scheduler_pb2 as pb

    return pb.ListClocksRequest(**wanted)  # type: ignore[arg-type]
