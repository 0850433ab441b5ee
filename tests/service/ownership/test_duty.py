"""Who is on duty on which day, and who is told why somebody is not."""

from datetime import timedelta
from typing import Any

import pytest
from crm.ownership.v1 import leads_pb2 as pb

from chassis.kernel import Identity
from tests.acceptance.actions import Company
from tests.acceptance.inbound import blocked, caught, on_leave, route, sold
from tests.builders import company_name
from tests.refusals import refused


@pytest.fixture(autouse=True)
def _performance(company: Company) -> None:
    """Li is first by performance, then Wang, then Zhao."""
    sold(company, li=300, wang=200, zhao=100)


def duty(company: Company, who: Any = "zhou", first: str = "", last: str = "") -> list[pb.DutyDay]:
    request = pb.ListDutyDaysRequest(first_date=first, last_date=last)
    answer = company.platform.call(company.platform.leads.ListDutyDays, request, who)
    named = {rep.staff_id for day in answer.days for rep in day.reps}
    assert {person.staff_id for person in answer.people} == named
    return list(answer.days)


def absent(day: pb.DutyDay) -> dict[str, str]:
    return {rep.staff_id: rep.reason for rep in day.reps if not rep.on_duty}


def test_a_week_begins_on_monday_and_shows_what_the_rota_would_be(company: Company) -> None:
    company.platform.now += timedelta(days=2)
    days = duty(company)
    assert [day.date for day in days] == [f"2026-03-0{number}" for number in range(2, 9)]
    for day in days:
        assert (day.scheme, day.build_number) == ("top10", 0)
        assert [rep.staff_id for rep in day.reps] == ["li", "wang", "zhao"]
        assert [rep.rank for rep in day.reps] == [1, 2, 3]
        assert absent(day) == {}


def test_who_is_not_there_day_by_day_and_why(company: Company) -> None:
    on_leave(company, "wang", "2026-03-04", "2026-03-05")
    assert [route(company, company_name(n)).staff_id for n in range(4)] == [
        "li",
        "wang",
        "zhao",
        "li",
    ]
    company.platform.now += timedelta(days=2)
    caught(company, "li")
    assert route(company, company_name(10)).staff_id == "zhao"
    company.platform.now += timedelta(days=1)
    blocked(company, "zhao")
    days = {day.date: day for day in duty(company, last="2026-03-08")}
    monday = days["2026-03-02"]
    assert monday.build_number == 1
    assert {rep.staff_id: rep.leads_count for rep in monday.reps} == {
        "li": 2,
        "wang": 1,
        "zhao": 1,
    }
    assert [absent(day) for day in days.values()] == [
        {},
        {},
        {"li": "BANNED", "wang": "ON_LEAVE"},
        {"li": "BANNED", "wang": "ON_LEAVE", "zhao": "CLAIMS_BLOCKED"},
        {"li": "BANNED", "zhao": "CLAIMS_BLOCKED"},
        {"li": "BANNED", "zhao": "CLAIMS_BLOCKED"},
        {"li": "BANNED", "zhao": "CLAIMS_BLOCKED"},
    ]
    assert sum(rep.leads_count for rep in days["2026-03-04"].reps) == 1
    request = pb.ListLeadsRequest(skipping=True, first_date="2026-03-04", last_date="2026-03-04")
    (lead,) = company.call("zhou", company.platform.leads.ListLeads, request).leads
    assert [(one.staff_id, one.reason) for one in lead.skipped] == [("wang", "ON_LEAVE")]


def test_a_rep_is_told_the_own_reason_and_leads_only(company: Company) -> None:
    assert route(company, company_name(0)).staff_id == "li"
    on_leave(company, "wang", "2026-03-02", "2026-03-02")
    caught(company, "li")
    assert route(company, company_name(1)).staff_id == "zhao"
    (today,) = duty(company, "li", "2026-03-02", "2026-03-02")
    assert absent(today) == {"li": "BANNED", "wang": ""}
    assert {rep.staff_id: rep.leads_count for rep in today.reps}["zhao"] == 0
    (today,) = duty(company, "zhao", "2026-03-02", "2026-03-02")
    assert absent(today) == {"li": "", "wang": ""}
    assert {rep.staff_id: rep.leads_count for rep in today.reps}["zhao"] == 1


def test_weeks_without_a_rota_have_nobody(company: Company) -> None:
    days = duty(company, first="2026-02-28", last="2026-03-09")
    assert [(day.date, len(day.reps)) for day in (days[0], days[2], days[-1])] == [
        ("2026-02-28", 0),
        ("2026-03-02", 3),
        ("2026-03-09", 0),
    ]
    assert days[0].scheme == ""


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("2026-03-02", "2026-03-01", "last_date"),
        ("2026-03-02", "2026-04-06", "last_date"),
        ("2026-02-30", "", "first_date"),
    ],
)
def test_days_that_cannot_be(company: Company, first: str, last: str, field: str) -> None:
    assert list(refused(duty, company, "zhou", first, last).fields) == [field]
    assert len(duty(company, "zhou", "2026-03-02", "2026-04-05")) == 35


def test_only_those_whom_policy_names_see_the_duty(company: Company) -> None:
    nobody = Identity("new", "新人", frozenset())
    assert refused(duty, company, nobody).code == "PERMISSION_DENIED"
