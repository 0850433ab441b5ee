"""Deadlines and recurring runs: when the rule book says that something is due."""

from datetime import UTC, datetime
from typing import Any

import pytest
from crm.scheduler.v1 import scheduler_pb2 as s

from chassis import events
from chassis.relay import Outgoing
from tests.acceptance.actions import SHANGHAI, Company
from tests.acceptance.doing import Doing
from tests.builders import form
from tests.refusals import refused

DUE = "crm.scheduler.clocks.due.v1"
ARMED = "crm.scheduler.clocks.armed.v1"


def moment(text: str) -> datetime:
    """Return a moment written as local time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def local(found: datetime) -> str:
    """Return a moment as local time."""
    return found.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def at(company: Company, text: str) -> list[Outgoing]:
    """Let it be a later time, and everything be done that is due by then."""
    before = len(company.platform.events)
    company.platform.now = moment(text)
    company.platform.tick()
    return company.platform.events[before:]


def clocks(company: Company, who: str, **wanted: Any) -> list[s.Clock]:
    """List clocks as a person."""
    request = s.ListClocksRequest(**wanted)
    return list(company.call(who, company.platform.scheduler.ListClocks, request).clocks)


def ran(company: Company, run: str) -> list[tuple[str, str]]:
    """Return the days that a run was announced for, and when each was due, oldest first."""
    request = s.ListRunsRequest(run=run)
    answer = company.call("zhou", company.platform.scheduler.ListRuns, request)
    return [
        (found.date, local(found.due_time.ToDatetime(tzinfo=UTC)))
        for found in reversed(answer.occurrences)
    ]


def overdue(announced: list[Outgoing], clock: str) -> list[str]:
    """Return the subjects whose clocks are announced as due."""
    decoded = [events.decode(event.body).data for event in announced if event.type == DUE]
    return [e["subject_id"] for data in decoded if data["clock"] == clock for e in data["entries"]]


def test_H_6_7d_the_deadline_is_the_end_of_the_fifth_working_day(company: Company) -> None:
    customer = company.acquire("li")
    (clock,) = clocks(company, "li", party_id="me", clock="reclaim")
    assert (clock.subject_id, clock.clause) == (customer, "H-6.7d")
    due = clock.due_time.ToDatetime(tzinfo=UTC)
    assert local(due) == "2026-03-10 00:00"
    assert overdue(at(company, "2026-03-09 23:59"), "reclaim") == []
    assert overdue(at(company, "2026-03-10 00:00"), "reclaim") == [customer]
    assert overdue(at(company, "2026-03-10 00:05"), "reclaim") == []


def test_H_6_7d_the_deadline_shown_before_a_claim_is_the_one_enforced(company: Company) -> None:
    request = s.PreviewClockRequest(clock="reclaim")
    shown = company.call("li", company.platform.scheduler.PreviewClock, request)
    company.acquire("li")
    (clock,) = clocks(company, "li", party_id="me", clock="reclaim")
    assert clock.due_time == shown.due_time
    assert clock.warn_time == shown.warn_time
    assert list(shown.counted_dates) == [f"2026-03-{day:02}" for day in (3, 4, 5, 6, 9)]
    assert [skipped.date for skipped in shown.skipped_days] == ["2026-03-07", "2026-03-08"]


def test_H_6_7d_a_valid_follow_up_moves_the_deadline_and_an_invalid_one_does_not(
    company: Company,
) -> None:
    customer = company.acquire("li")
    at(company, "2026-03-09 17:00")
    doing = Doing(company)
    doing.follow_up("li", customer, "太短")
    company.settle()
    (clock,) = clocks(company, "li", party_id="me", clock="reclaim")
    assert local(clock.due_time.ToDatetime(tzinfo=UTC)) == "2026-03-10 00:00"
    doing.follow_up("li", customer)
    company.settle()
    (clock,) = clocks(company, "li", party_id="me", clock="reclaim")
    assert local(clock.due_time.ToDatetime(tzinfo=UTC)) == "2026-03-17 00:00"
    assert overdue(at(company, "2026-03-16 23:59"), "reclaim") == []


def test_H_6_7d_a_rep_sees_no_deadline_of_another(company: Company) -> None:
    customer = company.acquire("li")
    assert clocks(company, "wang", subject_id=customer) == []
    asked = s.ListClocksRequest(party_id="li")
    told = refused(company.call, "wang", company.platform.scheduler.ListClocks, asked)
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-6.7d")
    assert clocks(company, "zhou", subject_id=customer, clock="reclaim")


def test_H_3_2a_a_case_that_waits_too_long_is_announced(company: Company) -> None:
    at(company, "2026-03-06 17:00")
    case_id = company.submit("li", form()).case.case_id
    company.settle()
    (clock,) = clocks(company, "zhou", subject_id=case_id)
    assert local(clock.due_time.ToDatetime(tzinfo=UTC)) == "2026-03-09 12:00"
    assert overdue(at(company, "2026-03-09 11:59"), "case_sla") == []
    assert overdue(at(company, "2026-03-09 12:00"), "case_sla") == [case_id]


def test_H_3_2a_a_case_decided_in_time_is_not_overdue(company: Company) -> None:
    case_id = company.submit("li", form()).case.case_id
    company.approve(case_id)
    assert overdue(at(company, "2026-03-04 12:00"), "case_sla") == []


@pytest.mark.parametrize(
    "run, until, expected",
    [
        ("reclaim", "2026-03-04 00:05", ["03-03 03-03 00:05", "03-04 03-04 00:05"]),
        ("spot_check", "2026-03-09 23:59",
         [f"03-{d:02} 03-{d + 1:02} 00:00" for d in (2, 3, 4, 5, 6)]),
    ],
)  # fmt: skip
def test_H_6_7c_the_day_ends_with_the_look_at_spot_checks(
    company: Company, run: str, until: str, expected: list[str]
) -> None:
    at(company, until)
    assert [f"{day[5:]} {due[5:]}" for day, due in ran(company, run)] == expected


def test_H_6_7f_distribution_runs_before_noon_of_every_day(company: Company) -> None:
    at(company, "2026-03-08 12:00")
    days = [f"2026-03-{day:02}" for day in range(2, 9)]
    assert ran(company, "distribution") == [(day, f"{day} 09:30") for day in days]
    assert ran(company, "distribution_deadline") == [(day, f"{day} 12:00") for day in days]


def test_H_6_6a_the_month_is_closed_when_it_ends(company: Company) -> None:
    at(company, "2026-03-31 23:59")
    assert ran(company, "month_end") == []
    at(company, "2026-05-01 00:00")
    assert ran(company, "month_end") == [
        ("2026-03-31", "2026-04-01 00:00"),
        ("2026-04-30", "2026-05-01 00:00"),
    ]


def test_H_4_5a_the_week_of_the_rota_begins_on_monday(company: Company) -> None:
    at(company, "2026-03-16 00:00")
    assert ran(company, "rota") == [
        ("2026-03-09", "2026-03-09 00:00"),
        ("2026-03-16", "2026-03-16 00:00"),
    ]
