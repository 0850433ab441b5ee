"""为什么: whom a decision concerns reads it, with its deadline, and nothing of others."""

from datetime import UTC, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from crm.customers.v1 import customers_pb2 as c
from crm.operations.v1 import operations_pb2 as o
from crm.ownership.v1 import runs_pb2 as t
from crm.review.v1 import review_pb2 as r
from google.protobuf import json_format

from chassis import tables
from chassis.grpc_errors import from_status
from chassis.local import LocalRpcError
from chassis.migrations import configure, upgrade
from chassis.service import assemble
from services.gateway import problems
from tests.acceptance.actions import Company
from tests.acceptance.leaving import consent, execute, item, propose
from tests.builders import company_name, form
from tests.platform import MONDAY, SERVICES
from tests.refusals import refused
from tests.service.ownership.scheduling import (
    armed,
    distribute,
    entry,
    items,
    reclaim,
    set_plan,
    wait,
)

DUE = MONDAY + timedelta(days=7)


def get(company: Company, service: str, decision_id: str, who: str) -> o.Decision:
    request = o.GetDecisionRequest(service=service, decision_id=decision_id)
    stub = company.platform.operations(service)
    found: o.Decision = company.call(who, stub.GetDecision, request).decision
    return found


def listed(
    company: Company, who: str, service: str = "ownership", **fields: Any
) -> o.ListDecisionsResponse:
    request = o.ListDecisionsRequest(service=service, **fields)
    stub = company.platform.operations(service)
    answer: o.ListDecisionsResponse = company.call(who, stub.ListDecisions, request)
    return answer


def facts_of(decision: o.Decision) -> dict[str, Any]:
    return dict(json_format.MessageToDict(decision.facts, preserving_proto_field_name=True))


@pytest.fixture
def lost(company: Company) -> o.Decision:
    """Return the decision by which Li lost a customer on the seventh day, as Zhou reads it."""
    customer = company.acquire("li", form(company_name(1)))
    armed(company, entry(customer, MONDAY, DUE))
    company.platform.now = DUE + timedelta(minutes=5)
    reclaim(company, "2026-03-09")
    found: o.Decision = listed(company, "zhou", subject_id=customer).decisions[0]
    return found


def test_who_lost_a_customer_reads_why_and_by_which_deadline(
    company: Company, lost: o.Decision
) -> None:
    read = get(company, "ownership", lost.decision_id, "li")
    assert (read.action, read.clause, read.outcome) == ("reclaimed", "H-6.7d", "granted")
    deadline = read.deadline
    assert (deadline.clock, deadline.subject_id, deadline.party_id) == (
        "reclaim",
        read.subject_id,
        "li",
    )
    assert deadline.basis_time.ToDatetime(UTC) == MONDAY
    assert deadline.due_time.ToDatetime(UTC) == DUE
    assert facts_of(read)["deadline"]["to"] == DUE.isoformat()
    mine = listed(company, "li", subject_id=read.subject_id)
    assert [one.action for one in mine.decisions] == ["reclaimed", "register"]
    assert mine.total_size == 2
    assert not read.facts_withheld
    assert not read.concerned_ids
    assert lost.concerned_ids == ["li"]


def test_whom_it_does_not_concern_it_is_unknown(company: Company, lost: o.Decision) -> None:
    told = refused(get, company, "ownership", lost.decision_id, "wang")
    other = refused(get, company, "ownership", "no-such", "wang")
    assert (told.reason, told.zh) == (other.reason, other.zh) == ("DECISION_UNKNOWN", told.zh)
    assert lost.subject_id not in told.text
    assert not listed(company, "wang", subject_id=lost.subject_id).decisions
    assert listed(company, "wang", staff_id="li") == o.ListDecisionsResponse()
    assert refused(get, company, "customers", lost.decision_id, "li").code == "NOT_FOUND"


def test_the_next_holder_reads_only_from_then_on(company: Company, lost: o.Decision) -> None:
    """The history before is the former holder's."""
    company.platform.hire("gm", "刘总", ["general_manager"])
    set_plan(company, t.PLAN_MODE_NAMED, staff_ids=["wang"])
    company.platform.now += timedelta(days=1)
    distribute(company, "2026-03-10")
    actions = [one.action for one in listed(company, "wang", subject_id=lost.subject_id).decisions]
    assert actions == ["distributed"]
    actions = [one.action for one in listed(company, "li", subject_id=lost.subject_id).decisions]
    assert actions == ["reclaimed", "register"]


def test_facts_about_others_are_left_out(company: Company) -> None:
    """Whose turn was passed over, and why, is theirs to know."""
    company.platform.hire("gm", "刘总", ["general_manager"])
    company.holds("wang", 300)
    set_plan(company, t.PLAN_MODE_NAMED, staff_ids=["wang", "li"])
    wait(company, 1)
    company.platform.now += timedelta(days=1)
    run = distribute(company, "2026-03-03")
    (given,) = items(company, run.run_id).values()
    assert given.staff_id == "li"
    whole, own = (get(company, "ownership", given.decision_id, who) for who in ("zhou", "li"))
    assert [one["staff_id"] for one in facts_of(whole)["skipped"]] == ["wang"]
    assert "skipped" not in facts_of(own)
    assert facts_of(own)["turn"] == 1
    assert (whole.facts_withheld, own.facts_withheld) == (False, True)
    assert "wang" not in str(own)


def test_the_former_holder_does_not_learn_who_holds_it_now(company: Company) -> None:
    for who, role in (("gm", "general_manager"), ("liu", "manager"), ("ma", "sales_manager")):
        company.platform.hire(who, who, [role])
    customer = company.acquire("li", form(company_name(1)))
    plan = propose(company, "li", item(customer, "wang"))
    consent(company, plan, "liu", "ma", "gm")
    execute(company, plan)
    mine = listed(company, "li", subject_id=customer).decisions[0]
    assert mine.action == "reallocated"
    assert "wang" not in str(mine)
    whole = get(company, "ownership", mine.decision_id, "zhou")
    assert facts_of(whole)["holder"] == "wang"
    assert set(whole.concerned_ids) == {"zhou", "li", "wang"}


def test_the_applicant_reads_the_verdict(company: Company) -> None:
    case = company.submit("li", form()).case
    company.take("zhou", case.case_id)
    checks = {"not_duplicate": True, "complete": False}
    company.decide("zhou", case.case_id, False, "名称不符", checks)
    (verdict,) = listed(company, "li", "review", subject_id=case.case_id).decisions
    assert (verdict.action, verdict.outcome, verdict.actor_id) == ("reject", "refused", "zhou")
    assert facts_of(verdict)["reason"] == "名称不符"
    assert not listed(company, "wang", "review", subject_id=case.case_id).decisions


def test_a_refusal_names_the_decision_that_keeps_it(company: Company) -> None:
    company.holds("li", 300)
    customer = company.pool_customer()
    told = refused(company.claim, "li", customer)
    kept = get(company, "review", told.figures["decisionId"], "li")
    assert (kept.reason, kept.action, kept.clause) == ("QUOTA_FULL", "SubmitCase", told.clause)
    assert refused(get, company, "review", kept.decision_id, "wang").code == "NOT_FOUND"
    with pytest.raises(LocalRpcError) as error:
        company.claim("li", customer)
    refusal = from_status(error.value.status())
    document = problems.document(problems.of_refused(refusal), "zh", "trace")
    again = get(company, document["service"], document["decision_id"], "li")
    assert (again.reason, again.decision_id != kept.decision_id) == ("QUOTA_FULL", True)
    assert "decisionId" not in document["figures"]


def test_what_is_not_kept_names_none(company: Company) -> None:
    request = r.GetCaseRequest(case_id="none")
    told = refused(company.call, "li", company.platform.review.GetCase, request)
    assert "decisionId" not in told.figures
    rehearsed = c.ImportCustomersRequest(rows=[c.CustomerForm(**form())], validate_only=True)
    told = refused(company.call, "li", company.platform.customers.ImportCustomers, rehearsed)
    assert told.clause
    assert "decisionId" not in told.figures


def test_readers_ask_by_person_and_by_action(company: Company, lost: o.Decision) -> None:
    del lost
    of_li = listed(company, "zhou", staff_id="li")
    assert {one.action for one in of_li.decisions} >= {"reclaimed", "register"}
    assert all("li" in one.concerned_ids for one in of_li.decisions)
    assert listed(company, "li", staff_id="me").total_size == of_li.total_size
    reclaimed = listed(company, "zhou", action="reclaimed")
    assert [one.action for one in reclaimed.decisions] == ["reclaimed"]
    assert (reclaimed.total_size, reclaimed.total_size_capped) == (1, False)


@pytest.mark.parametrize("narrowed", [{}, {"subject": True}])
def test_pages_follow_one_another(company: Company, narrowed: dict[str, bool]) -> None:
    company.holds("li", 300)
    customer = company.pool_customer()
    for _ in range(5):
        refused(company.claim, "li", customer)
    fields: dict[str, Any] = {"subject_id": customer} if narrowed else {}
    seen: list[str] = []
    token = ""
    while True:
        page = listed(company, "li", page_size=2, page_token=token, **fields)
        seen += [one.decision_id for one in page.decisions]
        assert page.total_size == 5
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == len(set(seen)) == 5


def test_who_asked_before_the_upgrade_still_reads_it() -> None:
    service = next(one for one in SERVICES if one.name == "review")
    parts = assemble(service, "sqlite://")
    with parts.database.engine.begin() as connection:
        config = configure(service.migrations)
        metadata = [tables.metadata, service.metadata]
        config.attributes |= {"connection": connection, "metadata": metadata}
        command.upgrade(config, "chassis_0001")
        texts = ("subject_id", "action", "outcome", "reason", "clause", "zh", "en")
        row: dict[str, Any] = dict.fromkeys(texts, "x") | {"decision_id": "d", "actor_id": "li"}
        row |= {"facts": "{}", "policy_version": 1, "decided_at": "2026-03-01"}
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        connection.execute(sa.text(f"INSERT INTO decision ({names}) VALUES ({values})"), row)  # noqa: S608
    upgrade(parts.database, service.migrations, service.metadata)
    with parts.database.engine.connect() as connection:
        (kept,) = connection.execute(sa.select(tables.decision_concern)).mappings()
        (decision,) = connection.execute(sa.select(tables.decision.c.withheld)).scalars()
    assert (kept["decision_id"], kept["staff_id"], decision) == ("d", "li", [])
