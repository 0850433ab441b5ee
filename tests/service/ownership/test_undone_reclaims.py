"""Undone reclaim runs: back to the former holder, with the days that were left."""

import json
from datetime import datetime, timedelta

import pytest
from crm.ownership.v1 import runs_pb2 as t

from tests.acceptance.actions import SHANGHAI, Company
from tests.builders import company_name, form
from tests.refusals import refused
from tests.service.ownership.freezing import freeze
from tests.service.ownership.scheduling import (
    ask_undo,
    assign,
    cancel,
    go_rounds,
    items,
    newest,
    read_run,
    set_plan,
    undo,
)

RUN = datetime(2026, 3, 10, 0, 5, tzinfo=SHANGHAI)


@pytest.fixture
def company() -> Company:
    """Return the company with a manager."""
    company = Company()
    company.platform.hire("liu", "刘经理", ["manager"])
    return company


def reclaimed(company: Company, count: int) -> list[str]:
    """Let Li lose customers for want of follow-ups, with real clocks; return their ids."""
    ids = [company.acquire("li", form(company_name(number))) for number in range(count)]
    company.platform.pass_to(RUN)
    assert dict(newest(company).counts) == {"reclaimed": count}
    return ids


def test_it_returns_with_its_protection(company: Company) -> None:
    (customer,) = reclaimed(company, 1)
    company.platform.now = RUN + timedelta(hours=9)
    undone = undo(company, newest(company).run_id)
    assert (undone.state, dict(undone.counts)) == (t.RUN_STATE_DONE, {"restored": 1})
    position = company.library("li")[customer]
    assert position.protect_time.ToJsonString() == "2026-03-02T01:00:00Z"
    assert company.quota("li").used_count == 1
    event = [e for e in company.platform.events if e.type.endswith("holding.granted.v1")][-1]
    data = json.loads(event.body)["data"]
    taken_at = datetime.fromisoformat(data["pause_time"])
    assert (data["manner"], data["protect_time"]) == ("restored", "2026-03-02T01:00:00+00:00")
    assert RUN - timedelta(minutes=5) <= taken_at <= RUN


def test_it_returns_for_a_day_at_least(company: Company) -> None:
    (customer,) = reclaimed(company, 1)
    company.platform.now = RUN + timedelta(hours=9)
    undo(company, newest(company).run_id)
    company.platform.tick()
    due = company.library("li")[customer].due_time.ToDatetime(tzinfo=SHANGHAI)
    assert due > RUN + timedelta(hours=12)
    company.platform.pass_to(due - timedelta(minutes=1))
    assert company.position(customer).holder_id == "li"
    company.platform.pass_to(due + timedelta(minutes=6))
    assert company.position(customer).holder_id == ""


def test_what_cannot_return_says_why(company: Company) -> None:
    company.platform.hire("wu", "吴用", limit=2)
    ids = [company.acquire("wu", form(company_name(number))) for number in range(2)]
    mine = company.acquire("li", form(company_name(5)))
    company.platform.pass_to(RUN)
    run = newest(company)
    freeze(company, [mine])
    company.acquire("wu", form(company_name(7)))
    undone = undo(company, run.run_id)
    done = items(company, undone.run_id)
    assert sorted((one.outcome, one.reason) for one in done.values()) == [
        ("restored", "UNDONE"),
        ("skipped", "CUSTOMER_FROZEN"),
        ("skipped", "QUOTA_FULL"),
    ]
    assert set(done) == {*ids, mine}
    assert company.quota("wu").used_count == 2


def test_what_was_moved_since_stays(company: Company) -> None:
    ids = reclaimed(company, 2)
    company.platform.hire("gm", "刘总", ["general_manager"])
    set_plan(company, t.PLAN_MODE_NAMED, staff_ids=["wang"])
    run = newest(company)
    assign(company, "zhou", ids[0], "wang")
    done = items(company, undo(company, run.run_id).run_id)
    assert (done[ids[0]].outcome, done[ids[0]].reason) == ("skipped", "MOVED_SINCE")
    assert done[ids[1]].outcome == "restored"
    assert company.position(ids[0]).holder_id == "wang"


def test_an_undo_that_is_cancelled_leaves_the_run_done(company: Company) -> None:
    reclaimed(company, 1)
    run = newest(company)
    begun = ask_undo(company, run.run_id)
    assert read_run(company, run.run_id).state == t.RUN_STATE_UNDOING
    cancel(company, begun.run_id, "liu")
    go_rounds(company)
    assert read_run(company, run.run_id).state == t.RUN_STATE_DONE
    undone = undo(company, run.run_id)
    assert dict(undone.counts) == {"restored": 1}
    assert refused(undo, company, run.run_id).reason == "RUN_STATE"
    assert refused(undo, company, undone.run_id).reason == "RUN_STATE"
