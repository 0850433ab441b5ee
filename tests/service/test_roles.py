"""Who may call what: nobody without a role; nothing of another's customer by any method (I7)."""

from typing import Any

from crm.customers.v1 import customers_pb2 as c

from chassis.kernel import Identity
from chassis.local import LocalRpcError
from tests.acceptance.actions import Company, rows
from tests.builders import BLUE_SEA, form
from tests.refusals import read, refused
from tests.service.asking import REQUEST_TYPES, ask_all, requests

NOBODY = Identity("nobody", "无名", frozenset())
FOR_EVERYBODY = {
    "ListPolicies",
    "GetPolicy",
    "ComparePolicies",
    "ListCaseTypes",
    "ListColleagues",
    "GetCalendar",
}
"""The rules that govern everybody, everybody may read; so the calendar and names of colleagues."""
KNOWN_TO_ALL = {
    ("crm.ownership.v1.LeadService.GetRota", "李雷"),
    ("crm.ownership.v1.LeadService.ListDutyDays", "李雷"),
}
"""Who is on duty, every rep may know."""
CHECKS = {"CheckDuplicates", "BatchCheckDuplicates"}
SECRETS = (BLUE_SEA, "蓝海", "永丰路", "代春燕", "李雷", "85123456", "13800138000")


def test_every_method_is_asked() -> None:
    assert set(requests()) == set(REQUEST_TYPES)
    for name, request in requests().items():
        assert type(request) is REQUEST_TYPES[name]


def test_without_a_role_nothing_is_given(company: Company) -> None:
    held, pooled = company.acquire("li"), company.pool_customer("成都红岩科技有限公司")
    case_id = company.submit("wang", form("成都青山科技有限公司")).case.case_id
    company.settle()
    before = rows(company.platform)
    for customer_id in (held, pooled):
        for name, _, call in ask_all(company, NOBODY, customer_id, case_id):
            if name.rpartition(".")[2] in FOR_EVERYBODY:
                continue
            answer, code = outcome(call)
            if name.endswith(".ListDecisions"):  # the refusals of these very requests
                assert {decision.actor_id for decision in answer.decisions} <= {"nobody"}
            elif code:
                assert code in ("PERMISSION_DENIED", "NOT_FOUND"), name
            else:
                assert answer == type(answer)(), name
            assert rows(company.platform) == before, name


def test_another_reps_customer_is_nowhere_shown(company: Company) -> None:
    case_id = company.submit("li", form()).case.case_id
    held = company.approve(case_id).customer_id
    release = company.ask_release("li", held)
    before = rows(company.platform)
    for which in (case_id, release):
        for name, _, call in ask_all(company, "wang", held, which):
            if name.rpartition(".")[2] in FOR_EVERYBODY | {
                "CheckDuplicates",
                "BatchCheckDuplicates",
            }:
                continue
            text = told(call)
            for secret in SECRETS:
                assert secret not in text or (name, secret) in KNOWN_TO_ALL, (name, secret)
    untouched = {key for key, count in rows(company.platform).items() if count != before[key]}
    assert untouched <= {("review", "review_case"), ("review", "outbox"), *TRACES}


TRACES = {("review", "subject_sequence"), ("customers", "known_case")}
"""A claim that a rule refuses is kept as a refused case, and its end is announced."""


def outcome(call: Any) -> tuple[Any, str]:
    """Return the answer, or None with the code of the refusal."""
    try:
        return call(), ""
    except LocalRpcError as error:
        return None, read(error.status()).code


def told(call: Any) -> str:
    """Return everything that an answer or a refusal says."""
    try:
        return str(call())
    except LocalRpcError as error:
        return read(error.status()).text


def test_a_masked_hit_opens_no_other_door(company: Company) -> None:
    company.acquire("li")
    check = company.check("wang", BLUE_SEA)
    assert [hit.customer_id for hit in check.hits] == [""]


def test_a_person_cannot_prepare_a_case_past_review(company: Company) -> None:
    """The answer holds unmasked data, and the reservation is never given back."""
    pooled = company.pool_customer()
    request = c.PrepareCaseRequest(
        case_id="own", flow=c.CASE_FLOW_CLAIM, customer_id=pooled, form=c.CustomerForm()
    )
    told = refused(company.call, "wang", company.platform.customers.PrepareCase, request)
    assert told.code == "PERMISSION_DENIED"
