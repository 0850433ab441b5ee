"""Badges and figures: what waits, and how long decisions took, counted as the lists show it."""

import math
from datetime import timedelta
from typing import Any

from crm.review.v1 import review_pb2 as pb

from tests.acceptance.actions import PASSED, Company
from tests.acceptance.disputing import Disputing
from tests.builders import company_name, form
from tests.platform import MONDAY
from tests.refusals import refused
from tests.system.plugin import NewDatabase

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


def count(company: Company, who: str) -> pb.CountCasesResponse:
    answer: pb.CountCasesResponse = company.call(
        who, company.platform.review.CountCases, pb.CountCasesRequest()
    )
    return answer


def figures(company: Company, who: str, **fields: Any) -> pb.GetReviewFiguresResponse:
    request = pb.GetReviewFiguresRequest(**fields)
    answer: pb.GetReviewFiguresResponse = company.call(
        who, company.platform.review.GetReviewFigures, request
    )
    return answer


def submit(company: Company, who: str, number: int) -> str:
    case_id: str = company.submit(who, form(company_name(number))).case.case_id
    company.settle()
    return case_id


def decide(company: Company, case_id: str, approve: bool = True) -> None:
    company.take("zhou", case_id)
    checks = PASSED if approve else {**PASSED, "complete": False}
    company.decide("zhou", case_id, approve, "资料不实", checks)
    company.settle()


def test_badges_count_what_waits_for_the_caller(company: Company) -> None:
    first, _ = submit(company, "li", 1), submit(company, "wang", 2)
    company.claim("li", company.pool_customer(company_name(3)))
    company.take("zhou", first)
    mine = count(company, "zhou")
    waiting = {one.case_type: one.count for one in mine.waiting}
    assert waiting == {"new_customer": 2, "pool_claim": 1}
    assert (mine.waiting_count, mine.taken_count, mine.mine_open_count) == (3, 1, 0)
    assert count(company, "chen").taken_count == 0
    rep = count(company, "li")
    assert (rep.waiting_count, rep.mine_open_count) == (0, 2)
    assert count(company, "sun") == pb.CountCasesResponse()


def test_what_is_late_is_counted(company: Company) -> None:
    submit(company, "li", 1)
    company.platform.now += timedelta(days=1)
    company.platform.tick()
    company.settle()
    assert count(company, "zhou").overdue_count == 1
    assert count(company, "zhou").waiting[0].overdue_count == 1


def check_times(company: Company) -> None:
    hours = [7, 1, 30, 2, 2, 11, 5, 1, 3, 20, 4]
    for number, took in enumerate(hours):
        company.platform.now = MONDAY
        case_id = submit(company, "li", number)
        company.platform.now = MONDAY + took * HOUR
        decide(company, case_id, approve=number % 3 > 0)
    company.platform.now = MONDAY + WEEK
    later = submit(company, "wang", 90)
    company.platform.now += 6 * HOUR
    decide(company, later)
    gone = submit(company, "wang", 91)
    request = pb.WithdrawCaseRequest(case_id=gone)
    company.call("wang", company.platform.review.WithdrawCase, request)
    answer = figures(company, "zhou", weeks=2)
    first, second = answer.figures
    ordered = sorted(hours)
    assert (first.week, answer.first_week, answer.last_week) == (
        "2026-03-02",
        "2026-03-02",
        "2026-03-09",
    )
    assert first.median_hours == ordered[math.ceil(len(hours) / 2) - 1]
    assert first.ninety_percent_hours == ordered[math.ceil(len(hours) * 0.9) - 1]
    assert (first.approved_count, first.rejected_count) == (7, 4)
    assert (second.week, second.median_hours, second.ninety_percent_hours) == ("2026-03-09", 6, 6)
    assert (second.approved_count, second.withdrawn_count) == (1, 1)
    assert [one.week for one in figures(company, "zhou", weeks=1).figures] == ["2026-03-09"]
    assert not figures(company, "zhou", case_type="pool_claim").figures


def test_half_and_nine_out_of_ten_are_order_statistics(company: Company) -> None:
    check_times(company)


def test_times_are_the_same_on_postgresql(postgres_url: NewDatabase) -> None:
    company = Company(urls={"review": postgres_url("review")})
    check_times(company)
    company.platform.parts["review"].database.close()


def test_who_decides_nothing_sees_no_figures(company: Company) -> None:
    decide(company, submit(company, "li", 1))
    assert refused(figures, company, "li").code == "PERMISSION_DENIED"
    company.platform.hire("liu", "刘经理", ["manager"])
    assert [one.case_type for one in figures(company, "liu").figures] == ["new_customer"]
    assert not figures(company, "sun").figures


def test_all_that_one_may_read_does_not_hold_what_another_step_decides(company: Company) -> None:
    """The general manager decides only what nobody followed up; the rest is not shown."""
    scene = Disputing(company)
    customer = company.acquire("li", form(company_name(1)))
    scene.sign_on("wang", customer, "2026-03-31")
    company.platform.hire("gm", "总经理", ["general_manager"])
    request = pb.ListCasesRequest(view=pb.CASE_VIEW_ALL, case_type="performance_dispute")
    readers = {}
    for who in ("gm", "zhou"):
        readers[who] = company.call(who, company.platform.review.ListCases, request).cases
    for who, found in readers.items():
        for case in found:
            company.case(who, case.case_id)
    assert sum(len(found) for found in readers.values()) == 1
