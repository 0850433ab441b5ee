"""A reallocation that broke off in the middle goes on where it ended."""

import pytest
from crm.ownership.v1 import reallocations_pb2 as pb

from chassis.local import LocalRpcError
from tests.acceptance.actions import Company
from tests.acceptance.leaving import consent, depart, execute, item, propose, read
from tests.builders import company_name, form

BREAK = (
    "CREATE TRIGGER broken BEFORE UPDATE ON position WHEN NEW.customer_id = '{}' "
    "AND NEW.holder_id = 'wang' BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END"
)
CHAIN = (("ma", "manager"), ("qian", "sales_manager"), ("liu", "general_manager"), ("hao", "hr"))


def test_what_was_moved_stays_moved_and_the_rest_follows(company: Company) -> None:
    for staff_id, role in CHAIN:
        company.platform.hire(staff_id, staff_id, [role])
    ids = sorted(company.acquire("li", form(company_name(number))) for number in (11, 222, 3333))
    depart(company, "li")
    plan = propose(company, "li", *(item(one, "wang") for one in ids))
    consent(company, plan, "ma", "qian", "liu")
    engine = company.platform.parts["ownership"].database.engine
    with engine.begin() as connection:
        connection.exec_driver_sql(BREAK.format(ids[1]))
    with pytest.raises(LocalRpcError):
        execute(company, plan)
    states = [found.state for found in read(company, plan).items]
    assert states == [
        pb.REALLOCATION_ITEM_STATE_MOVED,
        pb.REALLOCATION_ITEM_STATE_PLANNED,
        pb.REALLOCATION_ITEM_STATE_PLANNED,
    ]
    assert read(company, plan).state == pb.REALLOCATION_STATE_APPROVED
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER broken")
    assert execute(company, plan).state == pb.REALLOCATION_STATE_EXECUTED
    assert {company.position(one).holder_id for one in ids} == {"wang"}
    assert company.quota("wang").used_count == 3
    executed = "crm.ownership.reallocation.executed.v1"
    assert sum(event.type == executed for event in company.platform.events) == 1
