"""H-6.7a, e, f: Customer Service collects, the general manager's plan distributes."""

import json
from datetime import datetime

import pytest
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import runs_pb2 as t

from tests.acceptance.actions import SHANGHAI, Company
from tests.builders import company_name, form
from tests.refusals import refused
from tests.service.ownership.scheduling import (
    assign,
    awaiting,
    items,
    list_runs,
    newest,
    set_plan,
)


@pytest.fixture
def company() -> Company:
    """Return the company with its general manager, and a rep of another group."""
    company = Company()
    company.platform.hire("gm", "刘总", ["general_manager"])
    company.platform.hire("ma", "马丽", team="2")
    return company


def at(text: str) -> datetime:
    """Return a local time of March 2026, `DDTHH:MM`."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=SHANGHAI)


def reclaim_six(company: Company) -> list[str]:
    """Let Li lose six customers on Tuesday 2026-03-10."""
    ids = [company.acquire("li", form(company_name(number))) for number in range(6)]
    company.platform.pass_to(at("10T00:10"))
    assert set(awaiting(company)) == set(ids)
    return ids


def test_H_6_7a_a_rep_hands_nothing_over(company: Company) -> None:
    customer = company.acquire("li")
    company.release("li", customer)
    set_plan(company, t.PLAN_MODE_NAMED, staff_ids=["wang"])
    told = refused(assign, company, "li", customer, "wang")
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-6.7a, H-6.7f")
    assert company.position(customer).location == h.LOCATION_AWAITING_DISTRIBUTION
    assert assign(company, "zhou", customer, "wang").holder_id == "wang"


def test_H_6_7e_without_a_plan_none_is_assigned(company: Company) -> None:
    ids = reclaim_six(company)
    company.platform.pass_to(at("11T12:00"))
    assert set(awaiting(company)) == set(ids)
    (run,) = list_runs(company, kind=t.RUN_KIND_DISTRIBUTION)
    assert run.state == t.RUN_STATE_STOPPED
    (stopped,) = [e for e in company.platform.events if e.type.endswith("run.stopped.v1")]
    assert json.loads(stopped.body)["data"]["role"] == "general_manager"


def test_H_6_7e_the_plan_spreads_them_by_group(company: Company) -> None:
    ids = reclaim_six(company)
    assert refused(set_plan, company, t.PLAN_MODE_EVEN_BY_GROUP, "zhou").clause == "H-6.7e"
    set_plan(company, t.PLAN_MODE_EVEN_BY_GROUP)
    company.platform.pass_to(at("11T09:35"))
    run = newest(company)
    assert dict(run.counts) == {"distributed": 6}
    got = [items(company, run.run_id)[one].staff_id for one in ids]
    assert got.count("ma") == 3
    assert "li" not in got


def test_H_6_7f_the_day_before_is_distributed_before_noon(company: Company) -> None:
    (first, *_) = reclaim_six(company)
    set_plan(company, t.PLAN_MODE_EVEN_BY_REP)
    company.platform.pass_to(at("10T23:00"))
    assert company.position(first).location == h.LOCATION_AWAITING_DISTRIBUTION
    company.platform.pass_to(at("11T12:00"))
    assert company.position(first).location == h.LOCATION_PRIVATE_LIBRARY
    assert awaiting(company) == {}


def test_H_6_7f_what_is_left_at_noon_shows_as_overdue(company: Company) -> None:
    ids = reclaim_six(company)
    company.platform.pass_to(at("11T11:59"))
    assert not any(awaiting(company).values())
    company.platform.pass_to(at("11T12:00"))
    assert awaiting(company) == dict.fromkeys(awaiting(company), True)
    assert set(awaiting(company)) == set(ids)
    (overdue,) = [e for e in company.platform.events if e.type.endswith("run.overdue.v1")]
    assert json.loads(overdue.body)["data"]["count"] == 6
