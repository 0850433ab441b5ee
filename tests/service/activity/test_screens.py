"""Lists, feeds and figures of activity: exact, in order, and nobody else's (I7)."""

from datetime import timedelta
from typing import Any

import pytest
from crm.activity.v1 import conduct_pb2 as k
from crm.activity.v1 import follow_ups_pb2 as a
from crm.activity.v1 import tasks_pb2 as t

from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing
from tests.builders import company_name, form
from tests.platform import MONDAY
from tests.refusals import refused
from tests.system.plugin import NewDatabase

DAY = timedelta(days=1)
VISIT, CALL = a.FOLLOW_UP_KIND_VISIT, a.FOLLOW_UP_KIND_CALL


class Screens(Doing):
    """What people see of what was done."""

    def __init__(self, company: Company) -> None:
        super().__init__(company)
        self.written = 0
        company.platform.hire("ma", "马丽", team="2")
        company.settle()

    def holds(self, who: str, number: int) -> str:
        customer: str = self.company.acquire(who, form(company_name(number)))
        return customer

    def did(self, who: str, customer: str, valid: bool = True, kind: Any = CALL) -> a.FollowUp:
        self.written += 1
        content = f"今天和人事经理谈了续约的事情第{self.written}次" if valid else "已联系"
        found = self.follow_up(who, customer, content, kind=kind)
        assert found.valid == valid
        self.platform.now += timedelta(minutes=1)
        return found

    def listed(self, who: str, **fields: Any) -> a.ListFollowUpsResponse:
        request = a.ListFollowUpsRequest(**fields)
        found: a.ListFollowUpsResponse = self.company.call(
            who, self.follow_ups.ListFollowUps, request
        )
        return found

    def figures(self, who: str, **fields: Any) -> a.GetActivityFiguresResponse:
        request = a.GetActivityFiguresRequest(**fields)
        found: a.GetActivityFiguresResponse = self.company.call(
            who, self.follow_ups.GetActivityFigures, request
        )
        return found


@pytest.fixture
def screens(company: Company) -> Screens:
    return Screens(company)


def ids(answer: a.ListFollowUpsResponse) -> list[str]:
    return [one.follow_up_id for one in answer.follow_ups]


def test_the_feed_of_a_team_today(screens: Screens) -> None:
    mine, others = screens.holds("li", 1), screens.holds("ma", 2)
    screens.did("li", mine)
    screens.platform.now = MONDAY + DAY
    first, second = screens.did("li", mine, kind=VISIT), screens.did("ma", others)
    third = screens.did("li", mine, valid=False)
    today = {"first_date": "today", "last_date": "today"}
    feed = screens.listed("zhou", department="sales", team="1", **today)
    assert ids(feed) == [third.follow_up_id, first.follow_up_id]
    assert (feed.total_size, feed.total_size_capped) == (2, False)
    shown = feed.follow_ups[1]
    assert (shown.full_name, shown.author_name, shown.author_team) == (
        company_name(1),
        "李雷",
        "1",
    )
    assert ids(screens.listed("zhou", oldest_first=True, **today)) == [
        first.follow_up_id,
        second.follow_up_id,
        third.follow_up_id,
    ]
    assert ids(screens.listed("zhou", kind=VISIT)) == [first.follow_up_id]
    assert ids(screens.listed("zhou", query=company_name(2))) == [second.follow_up_id]
    assert screens.listed("zhou", last_date="2026-03-02").total_size == 1
    assert screens.read_follow_up("zhou", first.follow_up_id).full_name == company_name(1)


def test_the_feed_shows_nothing_of_another_reach(screens: Screens) -> None:
    mine, others = screens.holds("li", 1), screens.holds("ma", 2)
    screens.did("li", mine)
    screens.did("ma", others)
    for wanted in ({"team": "2"}, {"author_id": "ma"}, {"query": company_name(2)}):
        answer = screens.listed("li", **wanted)
        assert (list(answer.follow_ups), answer.total_size) == ([], 0)
    assert screens.listed("sun").total_size == 1
    assert screens.listed("sun", team="2").total_size == 0


def test_pages_hold_together_while_filters_stay(screens: Screens) -> None:
    mine = screens.holds("li", 1)
    made = [screens.did("li", mine).follow_up_id for _ in range(5)]
    seen: list[str] = []
    token = ""
    while True:
        page = screens.listed("li", page_size=2, page_token=token, first_date="2026-03-02")
        seen += ids(page)
        assert page.total_size == 5
        if not (token := page.next_page_token):
            break
    assert seen == made[::-1]
    first = screens.listed("li", page_size=2)
    other = a.ListFollowUpsRequest(kind=CALL, page_token=first.next_page_token)
    told = refused(screens.company.call, "li", screens.follow_ups.ListFollowUps, other)
    assert told.reason == "BAD_PAGE_TOKEN"


def check_figures(screens: Screens) -> None:
    mine, second, others = screens.holds("li", 1), screens.holds("li", 2), screens.holds("ma", 3)
    screens.did("li", mine)
    void = screens.did("li", second, kind=VISIT)
    screens.did("li", mine, valid=False)
    screens.did("ma", others, kind=VISIT)
    signed = screens.sign("li", mine, "2026-03-02", 100_00).signing_id
    screens.sign("li", second, "2026-03-02", 50_00)
    screens.company.settle()
    screens.platform.now = MONDAY + DAY
    screens.did("li", mine)
    screens.spot_check("zhou", "faked", follow_up_id=void.follow_up_id)
    request = a.CounterSigningRequest(signing_id=signed, reason="有误")
    screens.company.call("zhou", screens.signings.CounterSigning, request)
    days = screens.figures("li", staff_id="me", first_date="2026-03-01").figures
    assert [one.first_date for one in days] == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert days[0] == a.ActivityFigures(first_date="2026-03-01")
    monday, tuesday = days[1], days[2]
    assert (monday.valid_follow_up_count, monday.invalid_follow_up_count) == (1, 2)
    assert (monday.visit_count, monday.call_count, monday.customer_count) == (0, 1, 1)
    assert (tuesday.valid_follow_up_count, tuesday.call_count) == (1, 1)
    assert sum(one.signing_count for one in days) == 1
    assert sum(one.signing_amount_cents for one in days) == 50_00
    (week,) = screens.figures(
        "zhou", period=a.FIGURE_PERIOD_WEEK, first_date="2026-03-04", last_date="2026-03-04"
    ).figures
    assert (week.first_date, week.valid_follow_up_count) == ("2026-03-02", 3)
    assert (week.visit_count, week.customer_count) == (1, 2)
    assert len(screens.figures("zhou", period=a.FIGURE_PERIOD_WEEK).figures) == 13


def test_figures_by_day_and_by_week(screens: Screens) -> None:
    check_figures(screens)


def test_figures_are_the_same_on_postgresql(postgres_url: NewDatabase) -> None:
    company = Company(urls={"activity": postgres_url("activity")})
    check_figures(Screens(company))
    company.platform.parts["activity"].database.close()


def test_figures_of_others_are_for_those_who_may_see_them(screens: Screens) -> None:
    screens.did("ma", screens.holds("ma", 1))
    for wanted in ({}, {"staff_id": "ma"}, {"department": "sales", "team": "1"}):
        assert refused(screens.figures, "li", **wanted).code == "PERMISSION_DENIED"
    team = screens.figures("sun", department="sales", team="1")
    assert not any(one.valid_follow_up_count for one in team.figures)
    assert refused(screens.figures, "sun", department="sales", team="2").code == "PERMISSION_DENIED"
    assert refused(screens.figures, "sun", staff_id="ma").code == "PERMISSION_DENIED"
    assert screens.figures("zhou", staff_id="ma").figures[-1].valid_follow_up_count == 1
    told = refused(screens.figures, "li", staff_id="me", first_date="2024-01-01")
    assert told.reason == "INVALID_REQUEST"


def test_signings_by_day_with_their_amount(screens: Screens) -> None:
    mine = screens.holds("li", 1)
    screens.sign("li", mine, "2026-03-01", 100_00)
    screens.sign("li", mine, "2026-03-02", 50_00)
    screens.company.settle()
    request = a.ListSigningsRequest(first_date="2026-03-02", department="sales")
    answer = screens.company.call("zhou", screens.signings.ListSignings, request)
    assert (answer.total_size, answer.total_amount_cents) == (1, 50_00)
    assert (answer.signings[0].staff_name, answer.signings[0].full_name) == (
        "李雷",
        company_name(1),
    )
    request = a.ListSigningsRequest(staff_id="li")
    assert not screens.company.call("wang", screens.signings.ListSignings, request).total_size


def test_tasks_are_counted_and_found(screens: Screens) -> None:
    late, soon = screens.holds("li", 1), screens.holds("li", 2)
    screens.platform.now = MONDAY + 7 * DAY
    screens.platform.tick()
    screens.company.settle()
    counted = screens.company.call("li", screens.tasks.CountTasks, t.CountTasksRequest())
    assert {one.kind: one.count for one in counted.open} == {"follow_up_due": 2}
    assert (counted.open_count, counted.mine_count) == (2, 2)
    of_one = t.ListTasksRequest(customer_id=late, order=t.TASK_ORDER_DUE_TIME)
    answer = screens.company.call("li", screens.tasks.ListTasks, of_one)
    assert (answer.total_size, answer.tasks[0].customer_id) == (1, late)
    named = t.ListTasksRequest(query=company_name(2))
    answer = screens.company.call("li", screens.tasks.ListTasks, named)
    assert [one.customer_id for one in answer.tasks] == [soon]
    assert screens.company.call("wang", screens.tasks.CountTasks, t.CountTasksRequest()) == (
        t.CountTasksResponse()
    )


def test_the_next_due_task_comes_first_page_by_page(screens: Screens) -> None:
    customers = [screens.holds("li", number) for number in range(5)]
    screens.platform.now = MONDAY + 7 * DAY
    screens.platform.tick()
    screens.company.settle()
    seen: list[str] = []
    token = ""
    while True:
        request = t.ListTasksRequest(order=t.TASK_ORDER_DUE_TIME, page_size=2, page_token=token)
        page = screens.company.call("li", screens.tasks.ListTasks, request)
        seen += [one.customer_id for one in page.tasks]
        if not (token := page.next_page_token):
            break
    assert sorted(seen) == sorted(customers)


def test_conduct_lists_have_names_and_totals(screens: Screens) -> None:
    follow_up = screens.did("li", screens.holds("li", 1))
    screens.spot_check("zhou", "genuine", follow_up_id=follow_up.follow_up_id)
    screens.spot_check("zhou", "genuine", staff_id="ma", call_reference="一")
    ask = screens.conduct.ListSpotChecks
    whole = screens.company.call("zhou", ask, k.ListSpotChecksRequest())
    assert (whole.total_size, {one.staff_name for one in whole.spot_checks}) == (
        2,
        {"李雷", "马丽"},
    )
    of_team = screens.company.call("zhou", ask, k.ListSpotChecksRequest(team="2"))
    assert [one.staff_id for one in of_team.spot_checks] == ["ma"]
    own = screens.company.call("li", ask, k.ListSpotChecksRequest())
    assert (own.total_size, own.spot_checks[0].staff_name) == (1, "李雷")
    months = screens.conduct.GetMonthSummary
    answer = screens.company.call(
        "zhou", months, k.GetMonthSummaryRequest(month="2026-03", team="2")
    )
    assert [(one.staff_id, one.team) for one in answer.people] == [("ma", "2")]
    assert answer.total_size == 1
