"""Running deadlines follow the policy, the calendar and leave."""

from datetime import date

import pytest
from crm.scheduler.v1 import scheduler_pb2 as pb

from services.scheduler.app import calendars, recomputing
from services.scheduler.domain.official import OfficialDay, OfficialYear, official_year
from tests.builders import variant
from tests.platform import haixin
from tests.refusals import refused
from tests.service.scheduler.clockwork import ARMED, DUE, FROZEN, Clockwork, entries, read


def publish(clockwork: Clockwork, day: str, *, working: bool) -> pb.PublishCalendarDaysResponse:
    request = pb.PublishCalendarDaysRequest(reason="公司运动会")
    request.days.add(date=day, working=working, zh="运动会" if not working else "加班")
    answer: pb.PublishCalendarDaysResponse = clockwork.call("PublishCalendarDays", request, "hu")
    return answer


def take_leave(clockwork: Clockwork, first: str, last: str, who: str = "sun") -> str:
    request = pb.RecordLeaveRequest(staff_id="li", first_date=first, last_date=last)
    leave_id: str = clockwork.call("RecordLeave", request, who).leave.leave_id
    return leave_id


def test_a_new_policy_moves_what_runs_earlier_or_later(
    clockwork: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recomputing, "PAGE", 3)
    clockwork.hear(*(clockwork.granted(f"c{number}") for number in range(8)))
    clockwork.round()
    clockwork.at("2026-03-03 09:00")
    clockwork.platform.apply(variant(haixin(), reclaim__days=3), clockwork.platform.now)
    shorter = entries(clockwork.round(), ARMED)
    assert {read(entry["due_time"]) for entry in shorter} == {"2026-03-06 00:00"}
    assert len(shorter) == 8
    assert clockwork.round() == []
    clockwork.platform.apply(variant(haixin(), reclaim__days=10), clockwork.platform.now)
    longer = entries(clockwork.round(), ARMED)
    assert {read(entry["due_time"]) for entry in longer} == {"2026-03-17 00:00"}
    assert (clockwork.clock("c3").policy_version, clockwork.due("c3")) == (3, "2026-03-17 00:00")


def test_a_policy_counts_from_when_it_is_in_force(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    clockwork.platform.apply(variant(haixin(), reclaim__days=10), clockwork.platform.now)
    clockwork.at("2026-03-10 00:00")  # nobody looked until the old deadline
    announced = clockwork.round()
    assert entries(announced, DUE) == []
    assert read(entries(announced, ARMED)[0]["due_time"]) == "2026-03-17 00:00"


def test_a_clock_that_fired_is_armed_again_by_a_kinder_policy_only(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    clockwork.at("2026-03-10 00:00")
    assert entries(clockwork.round(), DUE)
    clockwork.platform.apply(variant(haixin(), reclaim__days=4), clockwork.platform.now)
    assert entries(clockwork.round(), ARMED) == []
    clockwork.platform.apply(variant(haixin(), reclaim__days=6), clockwork.platform.now)
    assert read(entries(clockwork.round(), ARMED)[0]["due_time"]) == "2026-03-11 00:00"


def test_a_clock_that_policy_drops_sleeps_until_it_is_back(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted(), clockwork.granted("c2"))
    clockwork.hear(clockwork.event(FROZEN, "c2", freeze_time=clockwork.now))
    pack = variant(haixin())
    del pack.sections["scheduler"].rules["clocks"]["reclaim"]
    clockwork.platform.apply(pack, clockwork.platform.now)
    clockwork.round()
    assert (clockwork.state(), clockwork.due(), clockwork.state("c2")) == ("dormant", "", "dormant")
    clockwork.at("2026-03-11 00:00")
    assert entries(clockwork.round(), DUE) == []
    clockwork.platform.apply(haixin(), clockwork.platform.now)
    assert entries(clockwork.round(), DUE)
    assert clockwork.state("c2") == "paused"


def test_a_holiday_of_the_company_makes_it_later_and_a_workday_not_earlier(
    clockwork: Clockwork,
) -> None:
    clockwork.round()
    clockwork.hear(clockwork.granted())
    version = clockwork.clock().calendar_version
    assert publish(clockwork, "2026-03-05", working=False).version == version + 1
    (armed,) = entries(clockwork.round(), ARMED)
    assert read(armed["due_time"]) == clockwork.due() == "2026-03-11 00:00"
    publish(clockwork, "2026-03-07", working=True)
    publish(clockwork, "2026-03-08", working=True)
    assert entries(clockwork.round(), ARMED) == []
    assert clockwork.due() == "2026-03-11 00:00"
    (fresh,) = entries(clockwork.hear(clockwork.granted("c2")), ARMED)
    assert read(fresh["due_time"]) == "2026-03-09 00:00"  # 3, 4, 6, and the weekend


def test_leave_makes_it_later_and_its_cancellation_not_earlier(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted(), clockwork.granted("c2", party="wang"))
    clockwork.round()
    leave_id = take_leave(clockwork, "2026-03-04", "2026-03-05")
    (armed,) = entries(clockwork.round(), ARMED)
    assert (armed["subject_id"], read(armed["due_time"])) == ("c1", "2026-03-12 00:00")
    clockwork.at("2026-03-03 10:00")
    (moved,) = entries(clockwork.hear(clockwork.followed_up()), ARMED)
    assert read(moved["due_time"]) == "2026-03-13 00:00"  # 6, 9, 10, 11, 12
    request = pb.CancelLeaveRequest(leave_id=leave_id, reason="提前返岗")
    assert clockwork.call("CancelLeave", request, "hu").leave.cancelled
    assert entries(clockwork.round(), ARMED) == []
    assert clockwork.due() == "2026-03-13 00:00"
    (again,) = entries(clockwork.hear(clockwork.followed_up()), ARMED)
    assert read(again["due_time"]) == "2026-03-11 00:00"
    told = refused(clockwork.call, "CancelLeave", pb.CancelLeaveRequest(leave_id=leave_id), "hu")
    assert told.reason == "LEAVE_CANCELLED"


def test_nothing_fires_while_deadlines_wait_to_be_computed(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    clockwork.round()
    clockwork.at("2026-03-09 23:00")
    take_leave(clockwork, "2026-03-09", "2026-03-09")
    clockwork.at("2026-03-10 00:00")
    assert entries(clockwork.round(), DUE) == []
    assert clockwork.due() == "2026-03-11 00:00"


def test_the_next_year_is_provisional_until_its_workdays_are_out(
    clockwork: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    coming = OfficialYear(2027, (OfficialDay(date(2027, 1, 1), False, "元旦", "New Year"),), True)
    out = OfficialYear(
        2027, (*coming.days, OfficialDay(date(2027, 1, 3), True, "调休上班", "Workday")), False
    )
    monkeypatch.setattr(
        calendars, "official_year", lambda c, y: coming if y == 2027 else official_year(c, y)
    )
    clockwork.round()
    asked = pb.GetCalendarRequest(year=2027)
    before = clockwork.call("GetCalendar", asked, "li")
    assert (before.provisional, before.version, len(before.days)) == (True, 1, 1)
    clockwork.round()
    assert clockwork.call("GetCalendar", asked, "li").version == 1
    monkeypatch.setattr(
        calendars, "official_year", lambda c, y: out if y == 2027 else official_year(c, y)
    )
    clockwork.round()
    after = clockwork.call("GetCalendar", asked, "li")
    assert (after.provisional, after.version, len(after.days)) == (False, 2, 2)
    clockwork.at("2027-01-01 00:00")
    clockwork.round()
    assert clockwork.call("GetCalendar", pb.GetCalendarRequest(year=2028), "li").provisional


def test_the_calendar_is_there_before_it_is_stored(clockwork: Clockwork) -> None:
    request = pb.GetCalendarRequest(year=2026)
    before = clockwork.call("GetCalendar", request, "li")
    clockwork.round()
    after = clockwork.call("GetCalendar", request, "li")
    assert (before.version, after.version) == (0, 1)
    assert list(before.days) == list(after.days)
    assert before.working_days_count == after.working_days_count == 248
