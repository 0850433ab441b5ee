"""Signings: what performance is counted from (H-6.3c), whoever holds the customer."""

import pytest
from crm.activity.v1 import follow_ups_pb2 as a

from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing
from tests.refusals import refused

SIGNED = "crm.activity.signing.recorded.v1"


def test_H_6_3c_a_rep_may_sign_a_customer_that_another_holds(
    company: Company, doing: Doing
) -> None:
    customer = company.acquire("li")
    signing = doing.sign("wang", customer, "2026-03-01", 500_00)
    assert (signing.staff_id, signing.sign_date, signing.amount_cents) == (
        "wang",
        "2026-03-01",
        500_00,
    )
    (event,) = doing.announced(SIGNED)
    event.pop("actor")
    assert event == {
        "signing_id": signing.signing_id,
        "customer_id": customer,
        "staff_id": "wang",
        "staff_name": "王芳",
        "sign_date": "2026-03-01",
        "amount_cents": 500_00,
        "full_name": "成都蓝海科技有限公司",
    }


def test_H_6_3c_customer_service_records_for_a_rep_and_nobody_else_does(
    company: Company, doing: Doing
) -> None:
    customer = company.acquire("li")
    signing = doing.sign("zhou", customer, staff_id="li")
    assert (signing.staff_id, signing.recorder_id) == ("li", "zhou")
    told = refused(doing.sign, "wang", customer, staff_id="li")
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-6.3c")
    assert refused(doing.sign, "zhou", customer, staff_id="nobody").reason == "STAFF_UNKNOWN"


@pytest.mark.parametrize("day", ["2026-03-03", "2026-02-30", "20260302", "gestern"])
def test_H_6_3c_the_day_is_no_later_than_today(company: Company, doing: Doing, day: str) -> None:
    customer = company.acquire("li")
    assert refused(doing.sign, "li", customer, day).reason == "SIGN_DATE_INVALID"


@pytest.mark.parametrize("cents", [0, -1])
def test_H_6_3c_the_amount_is_positive(company: Company, doing: Doing, cents: int) -> None:
    customer = company.acquire("li")
    assert refused(doing.sign, "li", customer, cents=cents).fields


def test_H_6_3c_a_wrong_signing_is_countered_and_stays(company: Company, doing: Doing) -> None:
    customer = company.acquire("li")
    wrong = doing.sign("li", customer, cents=100_00)
    request = a.CounterSigningRequest(signing_id=wrong.signing_id, reason="金额有误")
    assert refused(company.call, "li", doing.signings.CounterSigning, request).clause == "H-6.3c"
    counter = company.call("zhou", doing.signings.CounterSigning, request).signing
    assert (counter.amount_cents, counter.counters_id) == (-100_00, wrong.signing_id)
    request.request_id = ""
    told = refused(company.call, "zhou", doing.signings.CounterSigning, request)
    assert told.reason == "SIGNING_COUNTERED"
    listed = company.call("li", doing.signings.ListSignings, a.ListSigningsRequest()).signings
    assert [one.amount_cents for one in listed] == [-100_00, 100_00]
    assert listed[1].countered_by_id == counter.signing_id
    assert sum(one.amount_cents for one in listed) == 0


def test_H_6_3c_signings_are_seen_by_the_person_and_by_reviewers(
    company: Company, doing: Doing
) -> None:
    customer = company.acquire("li")
    doing.sign("li", customer)
    method, request = doing.signings.ListSignings, a.ListSigningsRequest(customer_id=customer)
    assert [len(company.call(who, method, request).signings) for who in ("li", "sun", "zhou")] == [
        1,
        1,
        1,
    ]
    assert list(company.call("wang", method, request).signings) == []
