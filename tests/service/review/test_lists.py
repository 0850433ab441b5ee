"""Lists of cases: each view shows what it says, in every order, and nobody else's (I7)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from crm.review.v1 import review_pb2 as pb

from tests.acceptance.actions import PASSED, Company
from tests.builders import company_name, form
from tests.platform import MONDAY
from tests.refusals import refused

ORDERS = sorted(set(pb.CaseOrder.values()) - {pb.CASE_ORDER_UNSPECIFIED})
VIEWS = {
    "queue": pb.CASE_VIEW_QUEUE,
    "decided": pb.CASE_VIEW_DECIDED,
    "mine": pb.CASE_VIEW_MINE,
    "all": pb.CASE_VIEW_ALL,
}


@pytest.fixture
def company() -> Company:
    return Company()


def ask(company: Company, who: str, **wanted: Any) -> pb.ListCasesResponse:
    if "view" in wanted:
        wanted["view"] = VIEWS[wanted["view"]]
    answer: pb.ListCasesResponse = company.call(
        who, company.platform.review.ListCases, pb.ListCasesRequest(**wanted)
    )
    return answer


def ids(company: Company, who: str, **wanted: Any) -> list[str]:
    found, token = [], ""
    while True:
        answer = ask(company, who, page_token=token, **wanted)
        found += [case.case_id for case in answer.cases]
        if not (token := answer.next_page_token):
            assert answer.total_size == len(found)
            assert not answer.total_size_capped
            return found


def submitted(company: Company, who: str, number: int) -> str:
    company.platform.now += timedelta(minutes=1)
    case_id: str = company.submit(who, form(company_name(number))).case.case_id
    company.settle()
    return case_id


def decided(company: Company, case_id: str, approve: bool = True) -> str:
    company.platform.now += timedelta(minutes=1)
    company.take("zhou", case_id)
    checks = PASSED if approve else {**PASSED, "complete": False}
    company.decide("zhou", case_id, approve, "资料不实", checks)
    company.settle()
    return case_id


def test_each_view_shows_what_it_says(company: Company) -> None:
    open_one, another = submitted(company, "li", 1), submitted(company, "wang", 2)
    approved = decided(company, submitted(company, "li", 3))
    rejected = decided(company, submitted(company, "wang", 4), approve=False)
    everything = [open_one, another, approved, rejected]
    assert ids(company, "zhou", view="queue") == [open_one, another]
    assert ids(company, "zhou", view="decided") == [approved, rejected]
    assert ids(company, "zhou", view="all") == everything
    assert ids(company, "zhou", view="mine") == []
    assert ids(company, "chen", view="decided") == []
    assert ids(company, "chen", view="all") == everything
    assert ids(company, "li", view="mine") == [open_one, approved]
    assert ids(company, "li", view="all") == [open_one, approved]
    assert ids(company, "li", view="queue") == []
    assert ids(company, "sun", view="all") == []


def test_a_supervisor_sees_the_cases_of_the_own_team(company: Company) -> None:
    mine, others = company.acquire("li", form(company_name(1))), company.acquire("zhao")
    for who, customer_id in (("li", mine), ("zhao", others)):
        company.ask_release(who, customer_id)
    (case,) = ask(company, "sun", view="queue").cases
    assert (case.customer_id, case.flow, case.may_decide) == (mine, "release", True)
    assert ids(company, "sun", view="all") == [case.case_id]


def test_filters_narrow_a_view(company: Company) -> None:
    first, second = submitted(company, "li", 1), submitted(company, "wang", 2)
    done = decided(company, submitted(company, "li", 3))
    customer_id = company.case("zhou", done).customer_id
    pooled = company.pool_customer(company_name(5))
    claimed = company.claim("li", pooled).case_id
    for wanted, found in (
        ({"case_type": "pool_claim"}, [claimed]),
        ({"applicant_id": "wang"}, [second]),
        ({"state": pb.CASE_STATE_DONE}, [done]),
        ({"customer_id": customer_id}, [done]),
        ({"customer_id": pooled}, [claimed]),
        ({"query": company_name(1)}, [first]),
        ({"query": "王芳"}, [second]),
        ({"query": "100%"}, []),
        ({"overdue": True}, []),
    ):
        assert ids(company, "zhou", view="all", **wanted) == found, wanted
    assert ids(company, "li", view="mine", applicant_id="me") == [first, done, claimed]


@pytest.mark.parametrize("order", ORDERS, ids=pb.CaseOrder.Name)
@pytest.mark.parametrize("down", [False, True])
def test_pages_hold_every_case_once_and_in_order(
    company: Company, order: pb.CaseOrder.ValueType, down: bool
) -> None:
    cases = [submitted(company, "li" if number % 2 else "wang", number) for number in range(7)]
    for case_id in (cases[4], cases[1]):
        decided(company, case_id)
    company.platform.tick()
    rows = ask(company, "zhou", view="all").cases

    def key(case: pb.Case) -> Any:
        moment = {
            pb.CASE_ORDER_SUBMIT_TIME: case.submit_time,
            pb.CASE_ORDER_UPDATE_TIME: case.update_time,
            pb.CASE_ORDER_DUE_TIME: case.due_time,
        }[order]
        return moment.ToNanoseconds(), case.submit_time.ToNanoseconds(), case.case_id

    expected = [case.case_id for case in sorted(rows, key=key, reverse=down)]
    for size in (1, 3, 200):
        found = ids(company, "zhou", view="all", order=order, descending=down, page_size=size)
        assert found == expected


def test_what_came_in_over_a_weekend_is_due_at_once_and_waits_in_the_order_it_came(
    company: Company,
) -> None:
    company.platform.now = MONDAY - timedelta(days=1)
    arrived = [submitted(company, "li", number) for number in range(6)]
    company.platform.tick()
    listed = ask(company, "zhou", view="queue", order=pb.CASE_ORDER_DUE_TIME).cases
    assert len({case.due_time.ToNanoseconds() for case in listed}) == 1
    assert [case.case_id for case in listed] == arrived


def test_a_case_says_who_may_decide_it_now_and_what_it_still_sets_off(company: Company) -> None:
    case_id = submitted(company, "li", 1)
    waiting = company.case("zhou", case_id)
    assert (waiting.may_decide, waiting.step, list(waiting.step_roles)) == (
        True,
        1,
        ["customer_service"],
    )
    assert not company.case("li", case_id).may_decide
    assert list(waiting.effects) == []
    company.take("zhou", case_id)
    told = company.decide("zhou", case_id, True, "", PASSED)
    assert {e.service: e.done for e in told.effects} == {"customers": False, "ownership": False}
    company.settle()
    done = company.case("zhou", case_id)
    assert {e.service: e.done for e in done.effects} == {"customers": True, "ownership": True}
    assert (done.may_decide, done.step) == (False, 2)


def test_who_decided_a_case_reads_it_in_another_role_too(company: Company) -> None:
    case_id = decided(company, submitted(company, "li", 1))
    people = company.platform.people
    people["zhou"] = replace(people["zhou"], roles=frozenset({"sales_rep"}))
    found = company.case("zhou", case_id)
    assert found.decisions[0].reviewer_id == "zhou"
    assert not found.evidence.fields
    assert refused(company.case, "wang", case_id).reason == "FORBIDDEN"


def test_a_case_type_says_what_people_call_it(company: Company) -> None:
    answer = company.call("li", company.platform.review.ListCaseTypes, pb.ListCaseTypesRequest())
    titles = {one.case_type: (one.title_zh, one.title_en, one.flow) for one in answer.case_types}
    assert titles["pool_claim"] == ("公海领取", "Pool claim", "claim")


def test_a_case_type_says_what_kind_of_answer_it_wants(company: Company) -> None:
    answer = company.call("li", company.platform.review.ListCaseTypes, pb.ListCaseTypesRequest())
    (appeal,) = [one for one in answer.case_types if one.case_type == "appeal"]
    asked = {ask.name: ask.kind for step in appeal.steps for ask in step.asks}
    assert asked == {"winner_id": pb.ASK_KIND_STAFF}
