"""Many at once: names to check, customers by id, rows to import."""

from typing import Any

import pytest
from crm.customers.v1 import customers_pb2 as c

from tests.acceptance.actions import Company, rows, table
from tests.builders import BLUE_SEA, company_name, form
from tests.refusals import refused

OTHER = "绵阳青禾农业有限公司"


def check(company: Company, who: str, *names: str) -> list[c.DuplicateCheck]:
    request = c.BatchCheckDuplicatesRequest(names=[c.NameToCheck(full_name=name) for name in names])
    method = company.platform.customers.BatchCheckDuplicates
    return list(company.call(who, method, request).duplicate_checks)


def get(company: Company, who: str, *customer_ids: str) -> list[c.Customer]:
    request = c.BatchGetCustomersRequest(customer_ids=customer_ids)
    method = company.platform.customers.BatchGetCustomers
    return list(company.call(who, method, request).customers)


def test_each_pasted_name_is_a_check_of_its_own(company: Company) -> None:
    held, pooled = company.acquire("li"), company.pool_customer(company_name(2))
    found = check(company, "wang", BLUE_SEA, company_name(2), OTHER)
    assert [one.full_name for one in found] == [BLUE_SEA, company_name(2), OTHER]
    assert [one.grade for one in found] == [
        c.DUPLICATE_GRADE_SAME,
        c.DUPLICATE_GRADE_SAME,
        c.DUPLICATE_GRADE_NONE,
    ]
    assert [hit.masked for hit in found[0].hits] == [True]
    reviewed = check(company, "zhou", BLUE_SEA, company_name(2))
    assert [one.hits[0].customer_id for one in reviewed] == [held, pooled]
    assert held not in str(found)
    one = company.check("wang", BLUE_SEA)
    assert (one.grade, list(one.hits)) == (found[0].grade, list(found[0].hits))
    kept = table(company.platform, "customers", "duplicate_check")
    assert {one.check_id for one in found} <= {row.check_id for row in kept}
    case = company.submit("wang", form(OTHER), found[2].check_id).case
    assert case.check_id == found[2].check_id


def test_a_wrong_name_refuses_all_and_says_which(company: Company) -> None:
    company.platform.hire("hr", "人事", ["hr"])
    company.settle()
    before = rows(company.platform)
    told = refused(check, company, "li", BLUE_SEA, "")
    assert list(told.fields) == ["names[1].full_name"]
    assert refused(check, company, "li", *[BLUE_SEA] * 51).reason == "INVALID_REQUEST"
    assert refused(check, company, "hr", BLUE_SEA).code == "PERMISSION_DENIED"
    assert rows(company.platform) == before


@pytest.mark.parametrize("name", ["。", "　", "（）"])
def test_signs_alone_resemble_nothing(company: Company, name: str) -> None:
    company.acquire("li")
    (found,) = check(company, "wang", name)
    assert (found.grade, list(found.hits)) == (c.DUPLICATE_GRADE_NONE, [])


def test_customers_by_id_are_those_that_the_caller_may_see(company: Company) -> None:
    held, pooled = company.acquire("li"), company.pool_customer(company_name(2))
    ids = [pooled, held, "no-such", pooled]
    assert [one.customer_id for one in get(company, "li", *ids)] == [pooled, held]
    others = get(company, "wang", *ids)
    assert [(one.customer_id, one.masked) for one in others] == [(pooled, True)]
    assert BLUE_SEA not in str(others)
    assert [one.customer_id for one in get(company, "zhou", *ids)] == [pooled, held]
    for who in ("li", "wang", "zhou"):
        for one in get(company, who, *ids):
            assert one == company.customer(who, one.customer_id)


def test_the_reviewer_sees_hits_beside_the_form(company: Company) -> None:
    """Side by side: what is submitted, and the customers that it resembles."""
    company.acquire("li")
    case = company.submit("wang", form(BLUE_SEA.replace("有限公司", "有限责任公司"))).case
    company.settle()
    seen = company.case("zhou", case.case_id)
    hits = [dict(hit) for hit in seen.evidence["hits"]]
    (beside,) = get(company, "zhou", *[str(hit["customer_id"]) for hit in hits])
    assert beside.form.full_name == BLUE_SEA
    assert not beside.masked
    assert seen.evidence["record"]["full_name"] == seen.form["full_name"]
    assert not company.case("wang", case.case_id).evidence


def test_an_import_goes_chunk_by_chunk_first_dry_then_for_good(company: Company) -> None:
    company.acquire("li")
    chunks: list[list[dict[str, Any]]] = [
        [form(company_name(1)), form(BLUE_SEA), form("蓝海")],
        [form(company_name(1)), form(company_name(2), category=None)],
    ]
    before = rows(company.platform)
    dry = [imported(company, chunk, validate_only=True) for chunk in chunks]
    assert rows(company.platform) == before
    assert [[row.accepted for row in one] for one in dry] == [[True, False, False], [True, True]]
    assert dry[0][0].identity_digest == dry[1][0].identity_digest != dry[1][1].identity_digest
    done = [imported(company, chunk, validate_only=False) for chunk in chunks]
    assert [[row.accepted for row in one] for one in done] == [[True, False, False], [False, True]]
    assert done[0][1].refusals[0].reason == "IDENTITY_TAKEN"
    assert (done[0][1].refusals[0].field, done[0][1].refusals[0].clause) == ("full_name", "H-3.1c")
    entered = [row.customer_id for one in done for row in one if row.accepted]
    assert len(get(company, "zhou", *entered)) == 2


def imported(
    company: Company, chunk: list[dict[str, Any]], *, validate_only: bool
) -> list[c.ImportedRow]:
    request = c.ImportCustomersRequest(
        rows=[c.CustomerForm(**row) for row in chunk], validate_only=validate_only
    )
    return list(company.call("zhou", company.platform.customers.ImportCustomers, request).rows)


@pytest.mark.parametrize("dry", [True, False])
def test_a_row_that_breaks_the_contract_is_named(company: Company, dry: bool) -> None:
    long = form(company_name(1), hr_lead="长" * 5000)
    told = refused(imported, company, [form(company_name(2)), long], validate_only=dry)
    assert all(field.startswith("rows[1].") for field in told.fields)
    assert told.fields
