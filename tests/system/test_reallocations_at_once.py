"""One plan executed by several people at once on PostgreSQL: every customer moves once."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import reallocations_pb2 as pb

from chassis.tables import outbox
from services.ownership.store.departure_tables import reallocation
from services.ownership.store.tables import position, position_change, quota_counter
from tests.platform import SERVICES
from tests.simulation.packs import with_values
from tests.system.plugin import NewDatabase
from tests.system.test_concurrency import OnPostgres, at_once, fill_pool, make_tables, refusals

CUSTOMERS = 12
LIMIT = 8


@pytest.fixture
def platform(postgres_url: NewDatabase) -> Iterator[OnPostgres]:
    urls = {service.name: postgres_url(service.name, make_tables) for service in SERVICES}
    platform = OnPostgres(urls=urls)
    platform.apply(with_values({"claim.review": False, "quota.tenure_ge_3m": LIMIT}))
    platform.hire("li", "李雷", limit=CUSTOMERS)
    platform.hire("wang", "王芳")
    platform.hire("sun", "孙主管", ("supervisor",))
    for staff_id in ("zhou", "chen", "wu"):
        platform.hire(staff_id, staff_id, ("customer_service",), department="cs")
    yield platform
    for parts in platform.parts.values():
        parts.database.close()


def test_a_plan_is_executed_once_and_not_past_the_limit(platform: OnPostgres) -> None:
    customers = fill_pool(platform, CUSTOMERS)
    for customer_id in customers:
        request = h.ClaimCustomerRequest(customer_id=customer_id)
        platform.call(platform.ownership.ClaimCustomer, request, "li")
    left = h.RecordDepartureRequest(
        staff_id="li", kind=h.DEPARTURE_KIND_LEFT, departure_date="2026-03-02", reason="辞职"
    )
    platform.call(platform.staff.RecordDeparture, left)
    items = [pb.ReallocationItem(customer_id=one, to_staff_id="wang") for one in customers]
    proposal = pb.ProposeReallocationRequest(staff_id="li", reason="交接", items=items)
    plan = platform.call(platform.reallocations.ProposeReallocation, proposal, "sun").reallocation
    with platform.parts["ownership"].database.engine.begin() as connection:
        connection.execute(reallocation.update().values(state="approved", case_id="case"))

    def execute(who: str) -> Any:
        request = pb.ExecuteReallocationRequest(reallocation_id=plan.reallocation_id)
        return platform.call(platform.reallocations.ExecuteReallocation, request, who)

    outcomes = at_once([partial(execute, who) for who in ("zhou", "chen", "wu")])
    assert not refusals(outcomes)
    moved = sa.select(position_change).where(position_change.c.manner == "reallocated")
    assert len(platform.rows("ownership", moved)) == LIMIT
    frozen = sa.select(position).where(position.c.freeze_count == 1, position.c.holder_id == "li")
    assert len(platform.rows("ownership", frozen)) == CUSTOMERS - LIMIT
    used = {row.staff_id: row.used for row in platform.rows("ownership", sa.select(quota_counter))}
    assert (used["wang"], used["li"]) == (LIMIT, CUSTOMERS - LIMIT)
    executed = sa.select(outbox).where(outbox.c.type == "crm.ownership.reallocation.executed.v1")
    assert len(platform.rows("ownership", executed)) == 1
