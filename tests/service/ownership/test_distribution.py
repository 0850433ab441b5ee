"""Distribution runs: by the plan, in turn, through the one gate; and undone again."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import runs_pb2 as t
from google.protobuf import json_format

from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing
from tests.refusals import refused
from tests.service.ownership.freezing import freeze
from tests.service.ownership.scheduling import (
    assign,
    awaiting,
    distribute,
    go_rounds,
    items,
    list_runs,
    newest,
    read_run,
    resume,
    run_due,
    set_plan,
    undo,
    wait,
)

DAY = timedelta(days=1)
REP, GROUP, BEST, NAMED = (
    t.PLAN_MODE_EVEN_BY_REP,
    t.PLAN_MODE_EVEN_BY_GROUP,
    t.PLAN_MODE_BY_PERFORMANCE,
    t.PLAN_MODE_NAMED,
)


@pytest.fixture
def company() -> Company:
    """Return the company with a general manager and a manager; Zhao of KA is in team 2."""
    company = Company()
    company.platform.hire("gm", "刘总", ["general_manager"])
    company.platform.hire("liu", "刘经理", ["manager"])
    company.platform.hire("ma", "马丽", team="2")
    return company


def next_morning(company: Company) -> None:
    company.platform.now += DAY


def given(company: Company, run: t.Run) -> list[str]:
    return [item.staff_id for item in items(company, run.run_id).values()]


def test_without_a_plan_nobody_gets_any_and_the_planner_is_told(company: Company) -> None:
    ids = wait(company, 6)
    next_morning(company)
    run = distribute(company, "2026-03-03")
    assert (run.state, run.due_count) == (t.RUN_STATE_STOPPED, 6)
    (event,) = [e for e in company.platform.events if e.type.endswith("run.stopped.v1")]
    data = json.loads(event.body)["data"]
    assert (data["reason"], data["role"], data["count"]) == ("NO_PLAN", "general_manager", 6)
    assert "没有分配方案" in data["cause"]["zh"]
    assert "no distribution plan" in data["cause"]["en"]
    assert list(awaiting(company)) == ids
    set_plan(company, REP)
    go_rounds(company)
    assert dict(read_run(company, run.run_id).counts) == {"distributed": 6}
    assert awaiting(company) == {}
    ends = [e.type.split(".")[-2] for e in company.platform.events if e.subject == run.run_id]
    assert ends == ["stopped", "resumed", "finished"]


def test_a_stopped_run_resumed_without_a_plan_stops_again(company: Company) -> None:
    wait(company, 1)
    next_morning(company)
    run = distribute(company, "2026-03-03")
    assert refused(resume, company, run.run_id, "zhou").code == "PERMISSION_DENIED"
    resume(company, run.run_id, "gm")
    go_rounds(company)
    assert read_run(company, run.run_id).state == t.RUN_STATE_STOPPED
    next_morning(company)
    again = distribute(company, "2026-03-04")
    assert read_run(company, run.run_id).state == t.RUN_STATE_CANCELLED
    assert (again.state, again.date) == (t.RUN_STATE_STOPPED, "2026-03-04")


def test_only_what_came_before_the_day_is_distributed_in_order(company: Company) -> None:
    set_plan(company, NAMED, staff_ids=["wang", "li"])
    old = wait(company, 2, "b") + wait(company, 1, "c")
    next_morning(company)
    new = wait(company, 1, "a")
    run = distribute(company, "2026-03-03")
    assert given(company, run) == ["wang", "li", "wang"]
    assert list(awaiting(company)) == new
    decision = company.decisions("ownership", old[0])[0]
    facts = json_format.MessageToDict(decision.facts)
    assert (decision.clause, facts["plan_version"], facts["turn"], facts["skipped"]) == (
        "H-6.7e, H-6.7f",
        1,
        1,
        [],
    )
    (granted, *_) = [e for e in company.platform.events if e.type.endswith("holding.granted.v1")]
    assert json.loads(granted.body)["data"]["manner"] == "distributed"
    assert company.library("wang")[old[0]].protect_time.ToJsonString() == "2026-03-03T01:00:00Z"


def test_even_by_group(company: Company) -> None:
    set_plan(company, GROUP)
    wait(company, 6, last_holder="nobody")
    next_morning(company)
    run = distribute(company, "2026-03-03")
    teams = Counter("2" if who == "ma" else "1" for who in given(company, run))
    assert teams == {"1": 3, "2": 3}


def test_the_last_holder_the_full_and_the_blocked_are_passed_over(company: Company) -> None:
    company.holds("li", 299)
    company.holds("wang", 250)
    set_plan(company, REP, staff_ids=["zhao", "wang", "li"])
    ids = wait(company, 3)
    next_morning(company)
    run = distribute(company, "2026-03-03")
    done = items(company, run.run_id)
    assert [(done[one].outcome, done[one].staff_id) for one in ids] == [
        ("distributed", "li"),
        ("waiting", ""),
        ("waiting", ""),
    ]
    detail = json_format.MessageToDict(done[ids[1]].detail)
    assert {(s["staff_id"], s["reason"]) for s in detail["skipped"]} == {
        ("zhao", "LAST_HOLDER"),
        ("wang", "QUOTA_FULL"),
        ("li", "QUOTA_FULL"),
    }
    assert company.quota("li").left_count == 0
    assert (run.state, dict(run.counts)) == (
        t.RUN_STATE_DONE,
        {"distributed": 1, "waiting": 2},
    )


def test_frozen_customers_wait(company: Company) -> None:
    set_plan(company, REP)
    ids = wait(company, 2)
    freeze(company, ids[:1])
    next_morning(company)
    distribute(company, "2026-03-03")
    assert list(awaiting(company)) == ids[:1]


def test_the_plan_is_the_planners_and_names_reps(company: Company) -> None:
    for who in ("zhou", "liu", "li"):
        told = refused(set_plan, company, REP, who)
        assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-6.7e")
    assert refused(set_plan, company, NAMED).reason == "PLAN_INVALID"
    told = refused(set_plan, company, NAMED, staff_ids=["li", "zhou"])
    assert (told.reason, told.fields) == ("PLAN_INVALID", {"plan.staff_ids": ["PLAN_NOT_A_REP"]})
    assert refused(set_plan, company, t.PLAN_MODE_UNSPECIFIED).reason == "PLAN_INVALID"
    assert set_plan(company, NAMED, staff_ids=["li"]).plan.plan_version == 1
    assert set_plan(company, BEST).plan.plan_version == 2


def test_a_rehearsed_plan_shows_whom_it_would_serve(company: Company) -> None:
    ids = wait(company, 3)
    shown = set_plan(company, NAMED, dry=True, staff_ids=["wang", "li"])
    assert [(a.customer_id, a.staff_id) for a in shown.assignments] == list(
        zip(ids, ["wang", "li", "wang"], strict=True)
    )
    next_morning(company)
    assert distribute(company, "2026-03-03").state == t.RUN_STATE_STOPPED


def test_what_is_left_at_noon_is_overdue(company: Company) -> None:
    ids = wait(company, 2)
    next_morning(company)
    new = wait(company, 1, "n")
    run_due(company, "distribution_deadline", "2026-03-03")
    run_due(company, "distribution_deadline", "2026-03-03")
    company.settle()
    (event,) = [e for e in company.platform.events if e.type.endswith("run.overdue.v1")]
    data = json.loads(event.body)["data"]
    assert (data["date"], data["count"], data["role"]) == ("2026-03-03", 2, "customer_service")
    assert awaiting(company) == {ids[0]: True, ids[1]: True, new[0]: False}


def test_nothing_left_at_noon_is_nothing_to_say(company: Company) -> None:
    wait(company, 1)
    run_due(company, "distribution_deadline", "2026-03-02")
    company.settle()
    assert not [e for e in company.platform.events if e.type.endswith("run.overdue.v1")]
    run_due(company, "distribution", "2026-03-02")
    assert list_runs(company) == []


class TestByHand:
    def test_customer_service_hands_over_to_whom_the_plan_names(self, company: Company) -> None:
        (one,) = wait(company, 1)
        assert refused(assign, company, "zhou", one, "wang").reason == "PLAN_DECIDES"
        set_plan(company, NAMED, staff_ids=["wang", "zhao"])
        assert refused(assign, company, "zhou", one, "li").reason == "PLAN_DECIDES"
        assert refused(assign, company, "zhou", one, "zhao").reason == "NOT_BACK"
        freeze(company, [one])
        assert refused(assign, company, "zhou", one, "wang").reason == "CUSTOMER_FROZEN"
        (one,) = wait(company, 1, "x")
        assert assign(company, "zhou", one, "wang").holder_id == "wang"
        assert refused(assign, company, "zhou", one, "wang").reason == "NOT_AWAITING"

    def test_nobody_else_hands_over(self, company: Company) -> None:
        (one,) = wait(company, 1)
        set_plan(company, NAMED, staff_ids=["wang"])
        for who in ("li", "zhao", "sun", "liu", "gm"):
            told = refused(assign, company, who, one, "wang")
            assert (told.code, "H-6.7a" in told.clause) == ("PERMISSION_DENIED", True)


class TestUndo:
    def test_what_nobody_touched_waits_again(self, company: Company, doing: Doing) -> None:
        set_plan(company, NAMED, staff_ids=["wang"])
        ids = wait(company, 3)
        next_morning(company)
        run = distribute(company, "2026-03-03")
        company.platform.now += timedelta(hours=1)
        freeze(company, ids[:1])
        doing.follow_up("wang", ids[1])
        company.platform.now += timedelta(seconds=1)
        undone = undo(company, run.run_id)
        assert dict(undone.counts) == {"skipped": 2, "undone": 1}
        done = items(company, undone.run_id)
        assert [done[one].reason for one in ids] == ["CUSTOMER_FROZEN", "FOLLOWED_UP", "UNDONE"]
        assert read_run(company, run.run_id).state == t.RUN_STATE_UNDONE
        assert list(awaiting(company)) == ids[2:]
        assert company.quota("wang").used_count == 2
        assert refused(undo, company, run.run_id).reason == "RUN_STATE"
        assert refused(undo, company, undone.run_id).reason == "RUN_STATE"

    def test_only_managers_undo(self, company: Company) -> None:
        wait(company, 1)
        next_morning(company)
        run = distribute(company, "2026-03-03")
        assert refused(undo, company, run.run_id, "zhou").code == "PERMISSION_DENIED"
        assert refused(undo, company, run.run_id).reason == "RUN_STATE"
        assert newest(company).run_id == run.run_id
        assert company.position("w000").location == h.LOCATION_AWAITING_DISTRIBUTION
