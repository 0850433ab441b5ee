"""What people may ask the scheduler and tell it, and what they are refused."""

from typing import Any

import pytest
from crm.scheduler.v1 import scheduler_pb2 as pb

from chassis.identity import system
from tests.refusals import refused
from tests.service.scheduler.clockwork import Clockwork, shown
from tests.unit.scheduler.almanac import local


@pytest.fixture
def clockwork() -> Clockwork:
    """Return the scheduler on SQLite."""
    return Clockwork()


def preview(clockwork: Clockwork, who: str = "li", start: str = "", **wanted: Any) -> Any:
    request = pb.PreviewClockRequest(**wanted)
    if start:
        request.start_time.FromDatetime(local(start))
    return clockwork.call("PreviewClock", request, who)


def leave(first: str, last: str, staff: str = "li", **more: Any) -> pb.RecordLeaveRequest:
    return pb.RecordLeaveRequest(staff_id=staff, first_date=first, last_date=last, **more)


def day(text: str, *, working: bool) -> pb.CalendarDay:
    return pb.CalendarDay(date=text, working=working, zh="公司安排")


def test_a_preview_tells_the_arithmetic(clockwork: Clockwork) -> None:
    answer = preview(clockwork, start="2026-02-13 17:00", clock="reclaim")
    assert shown(answer.due_time.ToDatetime().replace(tzinfo=local("2026-01-01").tzinfo)) == (
        "2026-02-28 00:00"
    )
    assert answer.counted_dates[0] == "2026-02-14"
    assert (answer.amount, answer.unit, answer.clause) == (5, "working_days", "H-6.7d")
    assert {skipped.reason for skipped in answer.skipped_days} == {pb.SKIP_REASON_NOT_WORKED}
    clockwork.call("RecordLeave", leave("2026-02-25", "2026-02-25"), "hu")
    own = preview(clockwork, start="2026-02-13 17:00", clock="reclaim", party_id="me")
    assert own.due_time.seconds - answer.due_time.seconds == 24 * 3600
    assert own.skipped_days[-1].reason == pb.SKIP_REASON_LEAVE
    read = preview(clockwork, "sun", start="2026-02-13 17:00", clock="reclaim", party_id="li")
    assert read == own


def test_a_preview_of_what_the_start_decides_wants_the_amount(clockwork: Clockwork) -> None:
    told = refused(preview, clockwork, clock="case_sla")
    assert (told.code, told.reason) == ("INVALID_ARGUMENT", "CLOCK_AMOUNT_REQUIRED")
    assert preview(clockwork, clock="case_sla", amount=4).unit == "working_hours"
    assert refused(preview, clockwork, clock="nothing").reason == "CLOCK_UNKNOWN"


@pytest.mark.parametrize(
    "first, last, count",
    [
        ("2026-03-02", "2026-03-09", 5),
        ("2026-03-02", "2026-03-10", 6),
        ("2026-03-02", "2026-03-02", 0),
    ],
)
def test_working_days_are_counted(clockwork: Clockwork, first: str, last: str, count: int) -> None:
    request = pb.CountWorkingDaysRequest(first_date=first, last_date=last)
    answer = clockwork.call("CountWorkingDays", request, "li")
    assert answer.count == len(answer.counted_dates) == count
    both = len(answer.counted_dates) + len(answer.skipped_dates)
    assert both == (local(f"{last} 00:00") - local(f"{first} 00:00")).days


def test_whose_leave_it_is_decides_who_may_ask(clockwork: Clockwork) -> None:
    clockwork.call("RecordLeave", leave("2026-03-04", "2026-03-04"), "sun")
    request = pb.CountWorkingDaysRequest(
        first_date="2026-03-02", last_date="2026-03-09", staff_id="li"
    )
    for who in ("li", "sun", "hu", "zhou"):
        assert clockwork.call("CountWorkingDays", request, who).count == 4
    told = refused(clockwork.call, "CountWorkingDays", request, "wang")
    assert told.code == "PERMISSION_DENIED"
    assert refused(preview, clockwork, "wang", clock="reclaim", party_id="li").code == told.code
    asked = pb.ListLeavesRequest(staff_id="li")
    assert refused(clockwork.call, "ListLeaves", asked, "wang").code == told.code
    ownership = system("ownership")
    count = clockwork.platform.scheduler.CountWorkingDays
    assert clockwork.platform.call(count, request, ownership).count == 4


@pytest.mark.parametrize(
    "first, last, reason",
    [
        ("2026-03-09", "2026-03-02", "SPAN_INVALID"),
        ("2000-03-09", "2026-03-02", "SPAN_TOO_LONG"),
        ("2026-02-30", "2026-03-02", "INVALID_REQUEST"),
        ("2026-2-3", "2026-03-02", "INVALID_REQUEST"),
    ],
)
def test_a_span_must_be_one(clockwork: Clockwork, first: str, last: str, reason: str) -> None:
    request = pb.CountWorkingDaysRequest(first_date=first, last_date=last)
    assert refused(clockwork.call, "CountWorkingDays", request, "li").reason == reason


@pytest.mark.parametrize(
    "who, request_, reason",
    [
        ("li", leave("2026-03-04", "2026-03-04"), "FORBIDDEN"),
        ("sun", leave("2026-03-04", "2026-03-04", "wang"), "FORBIDDEN"),  # another team
        ("sun", leave("2026-03-04", "2026-03-04", "nobody"), "FORBIDDEN"),
        ("hu", leave("2026-03-04", "2026-03-04", "nobody"), "STAFF_UNKNOWN"),
        ("hu", leave("2026-03-04", "2026-03-03"), "SPAN_INVALID"),
        ("hu", leave("2026-03-04", "2027-03-03"), "SPAN_TOO_LONG"),
        ("hu", leave("2026-03-01", "2026-03-20"), "LEAVE_OVERLAPS"),
    ],
)
def test_who_records_which_leave(
    clockwork: Clockwork, who: str, request_: pb.RecordLeaveRequest, reason: str
) -> None:
    clockwork.call("RecordLeave", leave("2026-03-10", "2026-03-12"), "sun")
    assert refused(clockwork.call, "RecordLeave", request_, who).reason == reason


def test_a_rehearsed_leave_is_not_kept(clockwork: Clockwork) -> None:
    rehearsal = leave("2026-03-10", "2026-03-12", validate_only=True)
    assert clockwork.call("RecordLeave", rehearsal, "hu").leave.staff_id == "li"
    asked = pb.ListLeavesRequest(staff_id="me")
    assert not clockwork.call("ListLeaves", asked, "li").leaves


def test_leaves_are_listed_by_pages(clockwork: Clockwork) -> None:
    for number in range(1, 6):
        clockwork.call("RecordLeave", leave(f"2026-04-0{number}", f"2026-04-0{number}"), "hu")
    seen, token = [], ""
    while True:
        asked = pb.ListLeavesRequest(staff_id="me", page_size=2, page_token=token)
        answer = clockwork.call("ListLeaves", asked, "li")
        seen += [found.first_date for found in answer.leaves]
        token = answer.next_page_token
        if not token:
            break
    assert seen == [f"2026-04-0{number}" for number in (5, 4, 3, 2, 1)]


@pytest.mark.parametrize(
    "who, days, reason, inside",
    [
        ("li", [day("2026-03-05", working=False)], "FORBIDDEN", ""),
        ("hu", [day("2026-03-05", working=True)], "CALENDAR_DAYS_INVALID", "DAY_UNCHANGED"),
        ("hu", [day("2026-03-05", working=False)] * 2, "CALENDAR_DAYS_INVALID", "DAY_TWICE"),
        ("hu", [day("2031-03-05", working=False)], "CALENDAR_DAYS_INVALID", "YEAR_UNKNOWN"),
        ("hu", [day("2026-02-30", working=False)], "INVALID_REQUEST", "DAY_UNKNOWN"),
    ],
)
def test_who_publishes_which_days(
    clockwork: Clockwork, who: str, days: list[pb.CalendarDay], reason: str, inside: str
) -> None:
    request = pb.PublishCalendarDaysRequest(days=days, reason="x")
    told = refused(clockwork.call, "PublishCalendarDays", request, who)
    assert told.reason == reason
    assert inside in {"", *(code for codes in told.fields.values() for code in codes)}


def test_a_publication_over_another_is_refused(clockwork: Clockwork) -> None:
    clockwork.round()
    etag = clockwork.call("GetCalendar", pb.GetCalendarRequest(year=2026), "hu").etag
    rehearsal = pb.PublishCalendarDaysRequest(
        days=[day("2026-03-05", working=False)], reason="x", etag=etag, validate_only=True
    )
    assert clockwork.call("PublishCalendarDays", rehearsal, "hu").version == 2
    real = pb.PublishCalendarDaysRequest(days=rehearsal.days, reason="x", etag=etag)
    assert clockwork.call("PublishCalendarDays", real, "hu").version == 2
    stale = pb.PublishCalendarDaysRequest(
        days=[day("2026-03-06", working=False)], reason="x", etag=etag
    )
    assert refused(clockwork.call, "PublishCalendarDays", stale, "hu").reason == "CALENDAR_STALE"
    found = clockwork.call("GetCalendar", pb.GetCalendarRequest(year=2026), "li")
    named = {item.date: item for item in found.days}
    assert (named["2026-03-05"].official, named["2026-03-05"].working) == (False, False)
    assert (named["2026-03-05"].zh, named["2026-03-05"].en) == ("公司安排", "公司安排")
    assert "2026-03-06" not in named
    asked = pb.GetCalendarRequest(year=1999)
    assert refused(clockwork.call, "GetCalendar", asked, "li").reason == "YEAR_UNKNOWN"


def test_clocks_are_asked_for_by_subject_or_person(clockwork: Clockwork) -> None:
    clockwork.hear(*(clockwork.granted(f"c{number}") for number in range(5)))
    clockwork.hear(clockwork.granted("d1", party="wang"))
    asked = pb.ListClocksRequest(clock="reclaim")
    assert refused(clockwork.call, "ListClocks", asked, "zhou").reason == "CLOCK_OF_WHOM_REQUIRED"
    seen, token = [], ""
    while True:
        page = pb.ListClocksRequest(party_id="me", running=True, page_size=2, page_token=token)
        answer = clockwork.call("ListClocks", page, "li")
        seen += [found.subject_id for found in answer.clocks]
        token = answer.next_page_token
        if not token:
            break
    assert seen == [f"c{number}" for number in range(5)]


def test_who_sees_the_runs(clockwork: Clockwork) -> None:
    assert refused(clockwork.call, "ListRuns", pb.ListRunsRequest(), "li").clause == "H-6.7f"
    clockwork.at("2026-03-04 00:06")
    clockwork.round()
    first = clockwork.call("ListRuns", pb.ListRunsRequest(page_size=2), "zhou")
    assert {run.run: run.next_date for run in first.runs}["rota"] == "2026-03-09"
    following = pb.ListRunsRequest(page_size=2, page_token=first.next_page_token)
    second = clockwork.call("ListRuns", following, "zhou")
    listed = [f"{o.run} {o.date}" for o in (*first.occurrences, *second.occurrences)]
    assert listed == [
        "reclaim 2026-03-04",
        "spot_check 2026-03-03",
        "distribution_deadline 2026-03-03",
        "distribution 2026-03-03",
    ]
    assert not second.runs
