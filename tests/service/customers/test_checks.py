"""People find their own duplicate checks again, and nobody else's."""

from typing import Any

from crm.customers.v1 import customers_pb2 as c

from tests.acceptance.actions import Company
from tests.builders import company_name


def checks(company: Company, who: str, **wanted: Any) -> c.ListDuplicateChecksResponse:
    request = c.ListDuplicateChecksRequest(**wanted)
    list_checks = company.platform.customers.ListDuplicateChecks
    answer: c.ListDuplicateChecksResponse = company.call(who, list_checks, request)
    return answer


def test_the_newest_first_each_once(company: Company) -> None:
    made = [company.check("li", company_name(number)).check_id for number in range(5)]
    company.check("wang", company_name(9))
    for size in (1, 2, 50):
        found, token = [], ""
        while True:
            answer = checks(company, "li", page_size=size, page_token=token)
            assert (answer.total_size, answer.total_size_capped) == (5, False)
            found += [check.check_id for check in answer.duplicate_checks]
            if not (token := answer.next_page_token):
                break
        assert sorted(found) == sorted(made)
    assert {check.checker_id for check in checks(company, "li").duplicate_checks} == {"li"}


def test_by_name(company: Company) -> None:
    wanted = company.check("li", "成都Alpha 100%科技有限公司").check_id
    company.check("li", company_name(1))
    for query in ("alpha", "0%"):
        (found,) = checks(company, "li", query=query).duplicate_checks
        assert found.check_id == wanted


def test_hits_stay_as_they_were_told(company: Company) -> None:
    held = company.acquire("li")
    told = company.check("wang", company.customer("li", held).form.full_name)
    (kept,) = checks(company, "wang").duplicate_checks
    assert kept == told
    assert [hit.customer_id for hit in kept.hits] == [""]
