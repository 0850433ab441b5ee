"""The form of a new customer: described as it is checked, checked as it is submitted."""

from typing import Any

import pytest
from crm.customers.v1 import customers_pb2 as c

from tests.acceptance.actions import Company
from tests.builders import form
from tests.refusals import refused


def described(company: Company, who: str = "li") -> c.DescribeFormResponse:
    describe = company.platform.customers.DescribeForm
    answer: c.DescribeFormResponse = company.call(who, describe, c.DescribeFormRequest())
    return answer


def checked(company: Company, **fields: Any) -> c.CheckFormResponse:
    request = c.CheckFormRequest(form=c.CustomerForm(**fields))
    answer: c.CheckFormResponse = company.call("li", company.platform.customers.CheckForm, request)
    return answer


@pytest.mark.parametrize("kind", ["general", "insurance_individual", "securities"])
def test_an_empty_form_lacks_what_the_description_requires(company: Company, kind: str) -> None:
    required = {
        field.field
        for field in described(company).fields
        if field.required and (not field.kinds or kind in field.kinds)
    }
    missing = {fault.field for fault in checked(company, industry_kind=kind).violations}
    named = {
        fault.field
        for fault in checked(
            company, industry_kind=kind, full_name="中国人民保险集团有限公司"
        ).violations
    }
    assert required - {"industry_kind"} == missing | (named - {"full_name"})


def test_only_the_categories_that_the_caller_may_give(company: Company) -> None:
    assert list(described(company).categories) == ["intended", "expired_member"]
    assert list(described(company, "zhou").categories) == ["intended", "expired_member", "online"]


def test_a_submission_is_refused_for_the_same_faults(company: Company) -> None:
    wrong = form(business_address="成都市", phones=["12345"], hr_lead="")
    told = refused(company.submit, "li", wrong)
    faults = checked(company, **wrong).violations
    assert {fault.field for fault in faults} == {"business_address", "phones", "hr_lead"}
    assert told.fields == {fault.field: [fault.reason] for fault in faults}


def test_advice_and_the_form_as_it_would_be_stored(company: Company) -> None:
    answer = checked(company, **form(phones=["０２８-85123456"]))
    assert not answer.violations
    (advice,) = answer.advice
    assert (advice.field, advice.clause) == ("phones", "H-3.1.n5")
    assert list(answer.form.phones) == ["028-85123456"]
