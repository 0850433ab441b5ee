"""What screens read of the scheduler: days with their kind, who is away, what is due next."""

from typing import Any

import pytest
from crm.scheduler.v1 import scheduler_pb2 as pb

from chassis import keysets
from tests.refusals import refused
from tests.service.scheduler.clockwork import Clockwork
from tests.unit.scheduler.almanac import local

AWAY = (("li", "2026-03-04", "2026-03-05"), ("wang", "2026-03-05", "2026-03-06"))


def absences(clockwork: Clockwork, who: str, **wanted: Any) -> pb.ListAbsencesResponse:
    span = {"first_date": "2026-03-01", "last_date": "2026-03-31"} | wanted
    answer: pb.ListAbsencesResponse = clockwork.call(
        "ListAbsences", pb.ListAbsencesRequest(**span), who
    )
    return answer


def on_leave(clockwork: Clockwork) -> list[str]:
    """Record leave of people in two teams; return the ids of the leaves."""
    return [
        clockwork.call(
            "RecordLeave",
            pb.RecordLeaveRequest(staff_id=who, first_date=first, last_date=last),
            "hu",
        ).leave.leave_id
        for who, first, last in AWAY
    ]


def due_next(clockwork: Clockwork, who: str = "zhou", **wanted: Any) -> pb.ListClocksResponse:
    answer: pb.ListClocksResponse = clockwork.call(
        "ListClocks", pb.ListClocksRequest(order_by="due_time", **wanted), who
    )
    return answer


def drawn(days: Any) -> dict[str, tuple[str, str, str]]:
    """Return each day's kind, its Chinese name, and why it does not count."""
    return {
        day.date: (
            pb.DayKind.Name(day.kind).removeprefix("DAY_KIND_"),
            day.zh,
            "" if day.counted else pb.SkipReason.Name(day.skip_reason).removeprefix("SKIP_REASON_"),
        )
        for day in days
    }


def test_a_preview_has_every_day_in_order(clockwork: Clockwork) -> None:
    clockwork.call(
        "RecordLeave",
        pb.RecordLeaveRequest(staff_id="li", first_date="2026-02-25", last_date="2026-02-25"),
        "hu",
    )
    request = pb.PreviewClockRequest(clock="reclaim", party_id="me")
    request.start_time.FromDatetime(local("2026-02-13 17:00"))
    answer = clockwork.call("PreviewClock", request, "li")
    days = drawn(answer.days)
    assert list(days) == [f"2026-02-{number}" for number in range(14, 29)]
    assert days["2026-02-14"] == ("MAKE_UP_DAY", "调休上班", "")
    assert days["2026-02-17"] == ("HOLIDAY", "春节", "NOT_WORKED")
    assert days["2026-02-24"] == ("WORKING_DAY", "", "")
    assert days["2026-02-25"] == ("WORKING_DAY", "", "LEAVE")
    assert days["2026-02-28"][0] == "MAKE_UP_DAY"
    assert [day for day, (*_, why) in days.items() if not why] == list(answer.counted_dates)


def test_a_count_has_every_day_in_order(clockwork: Clockwork) -> None:
    request = pb.CountWorkingDaysRequest(first_date="2026-03-06", last_date="2026-03-09")
    days = drawn(clockwork.call("CountWorkingDays", request, "li").days)
    assert days == {
        "2026-03-07": ("WEEKEND", "", "NOT_WORKED"),
        "2026-03-08": ("WEEKEND", "", "NOT_WORKED"),
        "2026-03-09": ("WORKING_DAY", "", ""),
    }


def test_a_month_of_the_calendar_has_every_day(clockwork: Clockwork) -> None:
    whole = clockwork.call("GetCalendar", pb.GetCalendarRequest(year=2026), "li")
    assert not whole.month_days
    assert {day.kind for day in whole.days} == {pb.DAY_KIND_HOLIDAY, pb.DAY_KIND_MAKE_UP_DAY}
    month = clockwork.call("GetCalendar", pb.GetCalendarRequest(year=2026, month=2), "li")
    assert [day.date for day in month.month_days] == [f"2026-02-{n:02}" for n in range(1, 29)]
    named = {day.date: day for day in month.month_days}
    assert (named["2026-02-17"].zh, named["2026-02-17"].official) == ("春节", True)
    assert named["2026-02-28"].working
    assert (named["2026-02-03"].kind, named["2026-02-03"].zh) == (pb.DAY_KIND_WORKING_DAY, "")


def test_who_is_away_is_seen_as_far_as_one_may(clockwork: Clockwork) -> None:
    on_leave(clockwork)
    seen = {
        who: [leave.staff_id for leave in absences(clockwork, who).leaves]
        for who in ("li", "sun", "hu")
    }
    assert seen == {"li": ["li"], "sun": ["li"], "hu": ["li", "wang"]}
    (wang,) = absences(clockwork, "hu", team="2").leaves
    assert (wang.staff_id, wang.department, wang.team) == ("wang", "sales", "2")
    assert not absences(clockwork, "sun", team="2").leaves


@pytest.mark.parametrize(
    "first, last, seen",
    [
        ("2026-03-01", "2026-03-03", []),
        ("2026-03-05", "2026-03-05", ["li", "wang"]),
        ("2026-03-06", "2026-03-20", ["wang"]),
    ],
)
def test_a_leave_is_in_a_span_by_any_day(
    clockwork: Clockwork, first: str, last: str, seen: list[str]
) -> None:
    on_leave(clockwork)
    found = absences(clockwork, "hu", first_date=first, last_date=last)
    assert [leave.staff_id for leave in found.leaves] == seen
    assert found.total_size == len(seen)


def test_absences_come_by_pages_and_without_the_cancelled(clockwork: Clockwork) -> None:
    first, _ = on_leave(clockwork)
    page = absences(clockwork, "hu", page_size=1)
    assert (page.leaves[0].staff_id, page.total_size) == ("li", 2)
    rest = absences(clockwork, "hu", page_size=1, page_token=page.next_page_token)
    assert ([leave.staff_id for leave in rest.leaves], rest.next_page_token) == (["wang"], "")
    clockwork.call("CancelLeave", pb.CancelLeaveRequest(leave_id=first), "hu")
    assert [leave.staff_id for leave in absences(clockwork, "hu").leaves] == ["wang"]
    assert absences(clockwork, "hu", show_cancelled=True).leaves[0].cancelled


def test_a_span_of_absences_is_a_year_at_most(clockwork: Clockwork) -> None:
    for last, reason in (("2027-03-03", "SPAN_TOO_LONG"), ("2026-02-28", "SPAN_INVALID")):
        told = refused(absences, clockwork, "hu", first_date="2026-03-01", last_date=last)
        assert told.reason == reason


def test_deadlines_are_listed_in_the_order_they_are_due(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted("late", party="wang"))
    clockwork.at("2026-02-25 09:00")
    clockwork.hear(clockwork.granted("early"), clockwork.granted("early_too", party="wang"))
    seen, token, sizes = [], "", set()
    while True:
        page = due_next(clockwork, clock="reclaim", page_size=1, page_token=token)
        seen += [clock.subject_id for clock in page.clocks]
        sizes.add((page.total_size, page.total_size_capped))
        token = page.next_page_token
        if not token:
            break
    assert (seen, sizes) == (["early", "early_too", "late"], {(3, False)})
    moment = pb.ListClocksRequest().due_before_time
    moment.FromDatetime(local("2026-03-06 00:00"))
    soon = due_next(clockwork, clock="reclaim", due_before_time=moment)
    assert [clock.subject_id for clock in soon.clocks] == ["early", "early_too"]


def test_a_person_sees_the_own_deadlines_only(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted("c1"), clockwork.granted("c2", party="wang"))
    assert [clock.subject_id for clock in due_next(clockwork, "li").clocks] == ["c1"]
    told = refused(due_next, clockwork, "li", party_id="wang")
    assert told.code == "PERMISSION_DENIED"


def test_occurrences_of_runs_are_counted(
    clockwork: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    clockwork.at("2026-03-04 00:06")
    clockwork.round()
    every = clockwork.call("ListRuns", pb.ListRunsRequest(page_size=200), "zhou")
    count = len(every.occurrences)
    assert (every.total_size, every.total_size_capped) == (count, False)
    page = clockwork.call("ListRuns", pb.ListRunsRequest(page_size=2), "zhou")
    assert (len(page.occurrences), page.total_size) == (2, count)
    monkeypatch.setattr(keysets, "MOST_COUNTED", count - 1)
    capped = clockwork.call("ListRuns", pb.ListRunsRequest(page_size=2), "zhou")
    assert (capped.total_size, capped.total_size_capped) == (count - 1, True)
