"""Reclaim runs: what they take, what they keep, when they stop."""

import json
from datetime import timedelta

import pytest
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import runs_pb2 as t
from google.protobuf import json_format

from tests.acceptance.actions import Company, table
from tests.acceptance.doing import Doing
from tests.builders import company_name, form, variant
from tests.platform import MONDAY, haixin
from tests.refusals import refused
from tests.service.ownership.freezing import freeze
from tests.service.ownership.scheduling import (
    armed,
    cancel,
    clock_due,
    entry,
    go_rounds,
    hold_many,
    items,
    list_runs,
    newest,
    read_run,
    reclaim,
    resume,
    run_due,
)

MS = timedelta(milliseconds=1)
DAY = timedelta(days=1)
DUE = MONDAY + 7 * DAY
AFTER = DUE + timedelta(minutes=5)


def held(company: Company, number: int = 1) -> str:
    """Let Li hold a customer that is to be reclaimed at DUE."""
    customer = company.acquire("li", form(company_name(number)))
    armed(company, entry(customer, MONDAY, DUE))
    return customer


def test_what_is_overdue_is_reclaimed_and_explained(company: Company) -> None:
    customer = held(company)
    company.platform.now = AFTER
    run = reclaim(company, "2026-03-09")
    assert (run.state, dict(run.counts), run.run_number) == (
        t.RUN_STATE_DONE,
        {"reclaimed": 1},
        1,
    )
    position = company.position(customer)
    assert (position.location, position.holder_id) == (h.LOCATION_AWAITING_DISTRIBUTION, "")
    assert company.quota("li").used_count == 0
    (item,) = items(company, run.run_id).values()
    decision = company.decisions("ownership", customer)[0]
    assert (item.outcome, item.staff_id, item.decision_id) == (
        "reclaimed",
        "li",
        decision.decision_id,
    )
    assert (decision.action, decision.clause, decision.reason) == (
        "reclaimed",
        "H-6.7d",
        "OVERDUE",
    )
    facts = json_format.MessageToDict(decision.facts)
    assert (facts["basisTime" if "basisTime" in facts else "basis_time"], facts["due_time"]) == (
        MONDAY.isoformat(),
        DUE.isoformat(),
    )
    (event,) = [e for e in company.platform.events if e.type.endswith("holding.released.v1")]
    data = json.loads(event.body)["data"]
    assert (data["manner"], data["case_id"], data["from_holder_id"], data["location"]) == (
        "reclaimed",
        "",
        "li",
        "awaiting_distribution",
    )
    (ended,) = [e for e in company.platform.events if e.type.endswith("run.finished.v1")]
    assert json.loads(ended.body)["data"]["counts"] == {"reclaimed": 1}


@pytest.mark.parametrize(
    "offset, outcome", [(-MS, "kept"), (timedelta(0), "reclaimed"), (MS, "reclaimed")]
)
@pytest.mark.parametrize("told_before", [False, True])
def test_a_follow_up_counts_until_the_deadline(
    company: Company, doing: Doing, offset: timedelta, outcome: str, told_before: bool
) -> None:
    """Whether ownership has heard of it or not."""
    customer = held(company)
    company.platform.now = DUE + offset
    doing.follow_up("li", customer)
    company.platform.now = AFTER
    if told_before and offset >= timedelta(0):
        armed(company, entry(customer, DUE + offset, DUE + offset + 7 * DAY, 2))
    run = reclaim(company)
    assert dict(run.counts) == {outcome: 1}
    if outcome == "kept":
        decision = company.decisions("ownership", customer)[0]
        facts = json_format.MessageToDict(decision.facts)
        assert (decision.outcome, facts["follow_up_time"]) == (
            "kept",
            (DUE + offset).isoformat(),
        )
        assert company.library("li")[customer].HasField("due_time") is False
        armed(company, entry(customer, DUE - MS, DUE + 7 * DAY, 2))
        assert company.library("li")[customer].due_time.ToDatetime() == (DUE + 7 * DAY).replace(
            tzinfo=None
        )


def test_an_invalid_follow_up_does_not_count(company: Company, doing: Doing) -> None:
    customer = held(company)
    doing.follow_up("li", customer, content="太短")
    company.platform.now = AFTER
    assert dict(reclaim(company).counts) == {"reclaimed": 1}


def test_a_follow_up_at_the_basis_does_not_count_again(company: Company, doing: Doing) -> None:
    customer = company.acquire("li")
    company.platform.now += timedelta(hours=1)
    doing.follow_up("li", customer)
    armed(company, entry(customer, company.platform.now, DUE))
    company.platform.now = AFTER
    assert dict(reclaim(company).counts) == {"reclaimed": 1}


def test_nothing_begins_when_nothing_is_due(company: Company) -> None:
    held(company)
    run_due(company, "reclaim", "2026-03-03")
    clock_due(company)
    assert list_runs(company) == []


def test_clocks_that_are_due_wake_a_run(company: Company) -> None:
    held(company)
    later = company.acquire("li", form(company_name(2)))
    company.platform.now = DUE
    clock_due(company)
    clock_due(company)
    run_due(company, "reclaim", "2026-03-09")
    go_rounds(company)
    assert [run.state for run in list_runs(company)] == [t.RUN_STATE_DONE]
    company.platform.now = AFTER
    armed(company, entry(later, MONDAY, AFTER))
    run_due(company, "reclaim", "2026-03-09")
    go_rounds(company)
    assert (newest(company).run_number, dict(newest(company).counts)) == (2, {"reclaimed": 1})


def test_exempt_and_frozen_customers_stay(company: Company) -> None:
    stays = held(company, 1), held(company, 2)
    company.supplement("zhou", stays[0], "续约", category="online")
    goes = held(company, 3)
    freeze(company, [stays[1]], "departure", "li")
    company.platform.now = AFTER
    run = reclaim(company)
    assert set(items(company, run.run_id)) == {goes}
    assert set(company.library("li")) == set(stays)


def test_a_transfer_during_a_run_wins(company: Company) -> None:
    """Between drawing a batch and taking it away the customer is given up."""
    customer, other = held(company, 1), held(company, 2)
    case_id = company.ask_release("li", customer)
    company.platform.now = AFTER
    run_due(company, "reclaim", "2026-03-09")
    go_rounds(company, lambda: company.approve(case_id, "sun"))
    assert set(items(company, newest(company).run_id)) == {other}
    manners = [row["manner"] for row in table(company.platform, "ownership", "position_change")]
    assert sorted(manners) == ["reclaimed", "registered", "registered", "released"]


def test_a_deadline_moved_during_a_run_wins(company: Company) -> None:
    customer = held(company)
    company.platform.now = AFTER
    run_due(company, "reclaim", "2026-03-09")
    go_rounds(company, lambda: armed(company, entry(customer, MONDAY, DUE + DAY, 2)))
    assert dict(newest(company).counts) == {}
    assert customer in company.library("li")


def test_a_policy_change_during_a_run_counts_from_then_on(company: Company) -> None:
    customer = held(company)
    company.platform.now = AFTER
    run_due(company, "reclaim", "2026-03-09")
    exempt = variant(haixin(), reclaim__exclude_categories=["intended"])
    go_rounds(company, lambda: company.platform.apply(exempt, AFTER))
    assert newest(company).state == t.RUN_STATE_DONE
    assert customer in company.library("li")


class TestBreaker:
    def stopped(self, company: Company) -> t.Run:
        hold_many(company, "li", 40, due=DUE)
        company.holds("wang", 40)
        company.platform.hire("liu", "刘经理", ["manager"])
        company.platform.now = AFTER
        run = reclaim(company)
        assert run.state == t.RUN_STATE_STOPPED
        return run

    def test_too_many_stop_the_run_before_it_takes_any(self, company: Company) -> None:
        run = self.stopped(company)
        assert (run.due_count, run.holdings_count, dict(run.counts)) == (40, 80, {})
        cause = json_format.MessageToDict(run.cause)
        assert cause["due_by_day"] == {"2026-03-09": 40}
        assert cause["top_holders"] == [{"staff_id": "li", "count": 40}]
        assert "50%" in cause["zh"]
        assert "50%" in cause["en"]
        (event,) = [e for e in company.platform.events if e.type.endswith("run.stopped.v1")]
        data = json.loads(event.body)["data"]
        assert (data["reason"], data["count"], data["share_percent"], data["role"]) == (
            "BREAKER",
            40,
            50,
            "manager",
        )
        go_rounds(company)
        run_due(company, "reclaim", "2026-03-11")
        go_rounds(company)
        assert len(list_runs(company)) == 1
        assert len(company.library("li")) == 40

    def test_few_or_a_small_share_pass(self, company: Company) -> None:
        hold_many(company, "li", 19, due=DUE)
        company.platform.now = AFTER
        assert reclaim(company).state == t.RUN_STATE_DONE
        hold_many(company, "zhao", 20, due=AFTER)
        company.holds("wang", 80)
        company.platform.now = AFTER + DAY
        assert reclaim(company, "2026-03-11").state == t.RUN_STATE_DONE

    def test_a_resumed_run_takes_what_people_saw(self, company: Company) -> None:
        run = self.stopped(company)
        for who in ("zhou", "sun", "li"):
            told = refused(resume, company, run.run_id, who)
            assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-6.7d")
        assert resume(company, run.run_id, "liu").state == t.RUN_STATE_RUNNING
        go_rounds(company)
        assert dict(read_run(company, run.run_id).counts) == {"reclaimed": 40}
        assert refused(resume, company, run.run_id, "liu").reason == "RUN_STATE"

    def test_a_resumed_run_stops_again_when_it_becomes_more(self, company: Company) -> None:
        run = self.stopped(company)
        resume(company, run.run_id, "liu")
        ids = [f"wang-{number}" for number in range(3)]
        armed(company, *(entry(one, MONDAY, DUE, party="wang") for one in ids))
        go_rounds(company)
        again = read_run(company, run.run_id)
        assert (again.state, again.due_count) == (t.RUN_STATE_STOPPED, 43)

    def test_a_cancelled_run_takes_nothing(self, company: Company) -> None:
        run = self.stopped(company)
        assert refused(cancel, company, run.run_id, "zhou").code == "PERMISSION_DENIED"
        assert cancel(company, run.run_id, "liu").state == t.RUN_STATE_CANCELLED
        go_rounds(company)
        assert len(company.library("li")) == 40
        company.platform.now += DAY
        assert reclaim(company, "2026-03-11").run_id != run.run_id

    def test_what_becomes_due_during_a_run_counts(self, company: Company) -> None:
        hold_many(company, "li", 110, due=DUE)
        company.holds("wang", 1000)
        company.platform.now = AFTER
        run_due(company, "reclaim", "2026-03-10")
        ids = [f"wang-{number}" for number in range(300)]
        more = [entry(one, MONDAY, DUE, party="wang") for one in ids]
        go_rounds(company, lambda: armed(company, *more))
        run = newest(company)
        assert (run.state, dict(run.counts), run.due_count) == (
            t.RUN_STATE_STOPPED,
            {"reclaimed": 100},
            410,
        )

    def test_runs_are_for_those_who_may_see_them(self, company: Company) -> None:
        run = self.stopped(company)
        for who in ("li", "sun"):
            assert refused(read_run, company, run.run_id, who).code == "PERMISSION_DENIED"
            assert refused(list_runs, company, who).code == "PERMISSION_DENIED"
        assert refused(read_run, company, "none").reason == "RUN_UNKNOWN"
        assert [one.run_id for one in list_runs(company, state=t.RUN_STATE_STOPPED)] == [run.run_id]
        assert list_runs(company, kind=t.RUN_KIND_UNDO) == []
