"""Many leads at once on PostgreSQL: everybody on duty gets the same number."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from crm.customers.v1 import customers_pb2 as customers
from crm.ownership.v1 import leads_pb2 as leads

from services.ownership.store.lead_tables import lead
from services.ownership.store.rota_tables import rota, rota_turn
from services.ownership.store.tables import quota_counter
from tests.builders import company_name, form
from tests.platform import SERVICES
from tests.simulation.packs import with_values
from tests.system.plugin import NewDatabase
from tests.system.test_concurrency import OnPostgres, at_once, make_tables, refusals

REPS = 4
LEADS = 40


@pytest.fixture
def platform(postgres_url: NewDatabase) -> Iterator[OnPostgres]:
    urls = {service.name: postgres_url(service.name, make_tables) for service in SERVICES}
    platform = OnPostgres(urls=urls)
    platform.apply(with_values({"quota.tenure_ge_3m": LEADS}))
    for number in range(REPS):
        platform.hire(f"rep{number}", f"销售{number}")
    platform.hire("zhou", "周舟", ("customer_service",), department="cs")
    platform.settle()
    yield platform
    for parts in platform.parts.values():
        parts.database.close()


def route(platform: OnPostgres, name: str, check_id: str) -> Any:
    request = leads.RouteLeadRequest(
        kind=leads.LEAD_KIND_CALL, full_name=name, check_id=check_id, not_listed=True
    )
    return platform.call(platform.leads.RouteLead, request, "zhou").lead


def check(platform: OnPostgres, name: str) -> str:
    request = customers.CheckDuplicatesRequest(full_name=name)
    answer = platform.call(platform.customers.CheckDuplicates, request, "zhou")
    return str(answer.duplicate_check.check_id)


def test_forty_leads_at_once_are_ten_for_each_of_four(platform: OnPostgres) -> None:
    names = [company_name(number * 37 + 5) for number in range(LEADS)]
    works = [partial(route, platform, name, check(platform, name)) for name in names]
    outcomes = at_once(works)
    assert refusals(outcomes) == Counter()
    assert Counter(item.staff_id for item in outcomes) == {f"rep{n}": 10 for n in range(REPS)}
    assert len(platform.rows("ownership", sa.select(rota))) == 1
    (turn,) = platform.rows("ownership", sa.select(rota_turn))
    assert turn.version == LEADS


def test_one_lead_routed_many_times_at_once_moves_one_customer(platform: OnPostgres) -> None:
    name = company_name(1)
    rows = [customers.CustomerForm(**form(name))]
    imported = customers.ImportCustomersRequest(rows=rows)
    platform.call(platform.customers.ImportCustomers, imported, "zhou")
    platform.settle()
    check_id = check(platform, name)

    def again() -> Any:
        request = leads.RouteLeadRequest(
            kind=leads.LEAD_KIND_CALL, full_name=name, check_id=check_id, request_id="one"
        )
        return platform.call(platform.leads.RouteLead, request, "zhou").lead

    outcomes = at_once([again] * 8)
    assert refusals(outcomes) == Counter()
    assert len({item.lead_id for item in outcomes}) == 1
    assert len(platform.rows("ownership", sa.select(lead))) == 1
    used = platform.rows("ownership", sa.select(quota_counter.c.used))
    assert sum(row.used for row in used) == 1
