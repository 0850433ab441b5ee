"""Former and short names of customers: recorded, found by, shown, kept as facts, taken away."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from crm.customers.v1 import customers_pb2 as c

from services.customers.domain.other_names import MOST_OF_ONE
from tests.acceptance.actions import Company, table
from tests.builders import form
from tests.refusals import refused
from tests.system.plugin import NewDatabase

OWN = "四川悠然居餐饮管理股份有限公司"
SHORT = "悠然居"
FORMER = "成都川味小院饮食有限公司"
NEW = "四川悠然居控股集团有限公司"
LISTED = Path(__file__).parents[3] / "cli" / "samples" / "matcher" / "listed_short_full.csv"


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest) -> Iterator[Company]:
    """A company whose customers lie in either database."""
    if request.param == "sqlite":
        yield Company()
        return
    new_database: NewDatabase = request.getfixturevalue("postgres_url")
    company = Company(urls={"customers": new_database("customers")})
    yield company
    company.platform.parts["customers"].database.close()


def names(customer: c.Customer) -> dict[str, c.NameKind.ValueType]:
    return {other.name: other.kind for other in customer.other_names}


def codes(hit: c.DuplicateHit) -> list[str]:
    return [reason.code for reason in hit.reasons]


def facts(company: Company, customer_id: str, field: str) -> list[c.CustomerFact]:
    request = c.ListCustomerFactsRequest(customer_id=customer_id)
    listed = company.call("zhou", company.platform.customers.ListCustomerFacts, request).facts
    return [fact for fact in listed if fact.field == field]


def test_a_customer_is_found_by_its_other_names_until_they_are_taken_away(
    anywhere: Company,
) -> None:
    customer_id = anywhere.pool_customer(OWN)
    anywhere.pool_customer("绵阳红山餐饮有限公司")
    anywhere.add_name("zhou", customer_id, f" {SHORT} ")
    after = anywhere.add_name("zhou", customer_id, FORMER, c.NAME_KIND_FORMER)
    assert names(after) == {SHORT: c.NAME_KIND_SHORT, FORMER: c.NAME_KIND_FORMER}
    assert anywhere.customer("li", customer_id).other_names == after.other_names
    for asked, code in ((SHORT, "SHORT_NAME"), (FORMER, "FORMER_NAME")):
        found = anywhere.check("li", asked).hits[0]
        assert (found.customer_id, found.full_name) == (customer_id, OWN)
        assert found.grade == c.DUPLICATE_GRADE_LIKELY
        told = {reason.code: reason for reason in found.reasons}[code]
        assert asked in told.zh
        assert asked in told.en
    request = c.SuggestCustomersRequest(query="cdcwxy")
    method = anywhere.platform.customers.SuggestCustomers
    (suggested,) = anywhere.call("li", method, request).suggestions
    assert (suggested.customer_id, suggested.known_as) == (customer_id, FORMER)

    assert names(anywhere.remove_name("zhou", customer_id, FORMER)) == {SHORT: c.NAME_KIND_SHORT}
    assert not anywhere.check("li", FORMER).hits
    assert not anywhere.call("li", method, request).suggestions
    assert codes(anywhere.check("li", SHORT).hits[0])[-1] == "SHORT_NAME"


def test_a_renamed_customer_keeps_its_name_as_a_former_one(anywhere: Company) -> None:
    customer_id = anywhere.acquire("li", form(OWN))
    anywhere.add_name("li", customer_id, SHORT)
    assert names(anywhere.supplement("chen", customer_id, "更名", full_name=NEW)) == {
        OWN: c.NAME_KIND_FORMER,
        SHORT: c.NAME_KIND_SHORT,
    }
    back = anywhere.supplement("chen", customer_id, "更正", full_name=OWN)
    assert names(back) == {NEW: c.NAME_KIND_FORMER, SHORT: c.NAME_KIND_SHORT}
    told = facts(anywhere, customer_id, "former_names")
    assert [list(fact.values) for fact in told] == [[OWN], [NEW]]
    assert anywhere.check("li", OWN).grade == c.DUPLICATE_GRADE_SAME


def test_facts_tell_who_said_which_names_and_when(company: Company) -> None:
    customer_id = company.acquire("li", form(OWN))
    company.add_name("li", customer_id, SHORT)
    company.add_name("chen", customer_id, "悠然")
    company.remove_name("li", customer_id, SHORT)
    first, second, third = facts(company, customer_id, "short_names")
    told = [list(fact.values) for fact in (first, second, third)]
    assert told == [[SHORT], [SHORT, "悠然"], ["悠然"]]
    assert [fact.author_id for fact in (first, second, third)] == ["li", "chen", "li"]
    assert [second.supersedes_id, third.supersedes_id] == [first.fact_id, second.fact_id]
    company.settle()
    announced = [e for e in company.platform.events if e.type.endswith("supplemented.v1")]
    data = [json.loads(event.body)["data"] for event in announced]
    assert [one["fields"] for one in data] == [["short_names"]] * 3
    assert {one["full_name"] for one in data} == {OWN}


def test_another_name_makes_nobody_the_same(company: Company) -> None:
    company.add_name("zhou", company.pool_customer(OWN), FORMER, c.NAME_KIND_FORMER)
    taken = company.pool_customer(FORMER)
    hits = company.check("li", FORMER).hits
    grades = [(hit.customer_id == taken, hit.grade) for hit in hits]
    assert grades == [(True, c.DUPLICATE_GRADE_SAME), (False, c.DUPLICATE_GRADE_LIKELY)]


@pytest.mark.parametrize(
    "asked",
    ["上海悠然居餐饮管理有限公司", "绵阳悠然居汽车修理有限公司", "悠然居科技有限公司"],
)
def test_a_short_name_makes_no_namesake_likely(company: Company, asked: str) -> None:
    customer_id = company.pool_customer("四川川味控股集团有限公司")
    company.add_name("zhou", customer_id, SHORT)
    (found,) = company.check("li", asked).hits
    assert found.grade == c.DUPLICATE_GRADE_SIMILAR
    assert codes(found)[-1] == "SHORT_NAME"


def scan(company: Company) -> None:
    request = c.StartDuplicateScanRequest(most_found=9)
    company.call("zhou", company.platform.customers.StartDuplicateScan, request)
    company.platform.tick()


def test_a_scan_takes_no_two_for_one_by_short_names(company: Company) -> None:
    pooled = [company.pool_customer(OWN), company.pool_customer("绵阳红山汽车修理有限公司")]
    for customer_id in pooled:
        company.add_name("zhou", customer_id, SHORT)
    scan(company)
    assert not table(company.platform, "customers", "duplicate_pair")
    company.add_name("zhou", pooled[0], "绵阳红山汽车修理有限责任公司", c.NAME_KIND_FORMER)
    scan(company)
    (pair,) = table(company.platform, "customers", "duplicate_pair")
    assert sorted(pooled) == [pair["one_id"], pair["other_id"]]
    assert pair["grade"] == "likely"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("悠", "OTHER_NAME_LENGTH"),
        ("（）", "OTHER_NAME_LENGTH"),
        ("悠" * 101, "OTHER_NAME_LENGTH"),
        ("悠\u200b然", "OTHER_NAME_UNPRINTABLE"),
        ("悠 然 居", "OTHER_NAME_KNOWN"),
        ("四川悠然居餐飲管理股份有限公司", "OTHER_NAME_KNOWN"),
    ],
)
def test_a_name_that_is_not_fit_is_refused(company: Company, name: str, reason: str) -> None:
    customer_id = company.pool_customer(OWN)
    company.add_name("zhou", customer_id, SHORT)
    told = refused(company.add_name, "zhou", customer_id, name)
    assert told.reason == "FORM_REFUSED"
    assert told.fields == {"name": [reason]}


def test_a_customer_has_only_so_many_other_names(company: Company) -> None:
    customer_id = company.pool_customer(OWN)
    for number in range(MOST_OF_ONE):
        company.add_name("zhou", customer_id, f"悠然居{number}店")
    told = refused(company.add_name, "zhou", customer_id, SHORT)
    assert told.fields == {"name": ["OTHER_NAMES_TOO_MANY"]}


def test_only_who_may_supplement_the_customer_and_knows_its_state(company: Company) -> None:
    held = company.acquire("li", form(OWN))
    etag = company.customer("li", held).etag
    assert refused(company.add_name, "wang", held, SHORT).code == "PERMISSION_DENIED"
    company.add_name("li", held, SHORT, etag=etag)
    assert refused(company.add_name, "li", held, "悠然", etag=etag).reason == "STALE"
    assert refused(company.remove_name, "wang", held, SHORT).code == "PERMISSION_DENIED"
    assert refused(company.remove_name, "li", held, "悠然").reason == "OTHER_NAME_UNKNOWN"
    assert refused(company.remove_name, "li", held, OWN).reason == "OTHER_NAME_UNKNOWN"
    assert refused(company.add_name, "li", held, "悠然", 0).code == "INVALID_ARGUMENT"
    (found,) = company.check("wang", SHORT).hits
    assert found.masked
    assert SHORT not in str(found)


def test_once_recorded_every_listed_short_name_finds_its_company(company: Company) -> None:
    with LISTED.open(encoding="utf-8") as file:
        listed = {row["full_name"]: row["short_name"] for row in csv.DictReader(file)}
    rows = [{"full_name": full} for full in listed]
    ids = company.enter_pool(*rows[:60])
    wanted = dict(zip(list(listed)[:60], ids, strict=True))
    for full, customer_id in wanted.items():
        company.add_name("zhou", customer_id, listed[full])
    for full, customer_id in wanted.items():
        hits = company.check("zhou", listed[full]).hits
        assert customer_id in [hit.customer_id for hit in hits], listed[full]
