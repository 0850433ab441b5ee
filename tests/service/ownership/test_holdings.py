"""Holdings across libraries: every row once in any order, every filter, nobody else's (I7)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from crm.ownership.v1 import holdings_pb2 as pb
from crm.ownership.v1.holdings_pb2_grpc import HoldingServiceStub

from tests.acceptance.actions import SHANGHAI, Company
from tests.acceptance.doing import Doing
from tests.refusals import refused
from tests.service.ownership.shelving import fill

Row = dict[str, Any]
ORDERS = sorted(set(pb.HoldingOrder.values()) - {pb.HOLDING_ORDER_UNSPECIFIED})
SCOPES = pb.HOLDING_SCOPE_MINE, pb.HOLDING_SCOPE_TEAM, pb.HOLDING_SCOPE_DEPARTMENT
WIDER = (*SCOPES[1:], pb.HOLDING_SCOPE_COMPANY)


def ask(company: Company, who: str, **wanted: Any) -> pb.ListHoldingsResponse:
    method = company.platform.stub(HoldingServiceStub, "ownership").ListHoldings
    answer: pb.ListHoldingsResponse = company.call(who, method, pb.ListHoldingsRequest(**wanted))
    return answer


def ids(company: Company, who: str, **wanted: Any) -> list[str]:
    found, token = [], ""
    while True:
        answer = ask(company, who, page_token=token, **wanted)
        found += [holding.position.customer_id for holding in answer.holdings]
        if not (token := answer.next_page_token):
            assert answer.total_size == len(found)
            return found


def held(rows: list[Row], *holders: str) -> list[Row]:
    return [row for row in rows if row["holder_id"] in (holders or ("li", "wang", "zhao"))]


def due(row: Row) -> datetime | None:
    """Return the deadline that is shown: the rules that GetPosition goes by, written again."""
    hidden = row["freeze_count"] or row["category"] == "online"
    return None if hidden else row["due_at"]


KEYS: dict[int, Callable[[Row], Any]] = {
    pb.HOLDING_ORDER_PROTECT_TIME: lambda row: row["protected_at"],
    pb.HOLDING_ORDER_DUE_TIME: due,
    pb.HOLDING_ORDER_BASIS_TIME: lambda row: row["due_basis_at"],
    pb.HOLDING_ORDER_NAME: lambda row: row["full_name"],
}


def in_order(rows: list[Row], order: int, down: bool) -> list[str]:
    key = KEYS[order]
    valued = sorted(
        (row for row in rows if key(row) is not None),
        key=lambda row: (key(row), row["customer_id"]),
        reverse=down,
    )
    without = sorted(row["customer_id"] for row in rows if key(row) is None)
    return [row["customer_id"] for row in valued] + (without[::-1] if down else without)


@pytest.mark.parametrize("order", ORDERS, ids=pb.HoldingOrder.Name)
@pytest.mark.parametrize("down", [False, True])
def test_pages_hold_every_customer_once_and_in_order(
    company: Company, order: pb.HoldingOrder.ValueType, down: bool
) -> None:
    rows = fill(company, 90, seed=order)
    for size in (1, 7, 200):
        for who, whose in (("zhou", ()), ("sun", ("li", "wang")), ("li", ("li",))):
            found = ids(company, who, order=order, descending=down, page_size=size)
            assert found == in_order(held(rows, *whose), order, down)


def test_a_row_says_who_holds_it_and_what_its_deadline_counts_from(company: Company) -> None:
    customer = company.acquire("li")
    (fresh,) = ask(company, "li").holdings
    assert fresh.position == company.position(customer)
    assert (fresh.holder.display_name, fresh.holder.department) == ("李雷", "sales")
    assert fresh.basis_time == fresh.position.protect_time
    assert not fresh.HasField("last_follow_up_time")
    company.platform.now += timedelta(hours=2)
    recorded = Doing(company).follow_up("li", customer)
    company.settle()
    (followed,) = ask(company, "li").holdings
    assert followed.last_follow_up_time == recorded.record_time == followed.basis_time


def test_filters(company: Company) -> None:
    rows = held(fill(company, 120))
    soon = company.platform.now + timedelta(hours=16)
    midnight = datetime(2026, 3, 4, tzinfo=SHANGHAI)
    cases: list[tuple[Row, Callable[[Row], Any]]] = [
        ({"holder_id": "wang"}, lambda row: row["holder_id"] == "wang"),
        ({"holder_id": "me"}, lambda row: row["holder_id"] == "zhou"),
        ({"department": "KA"}, lambda row: row["holder_id"] == "zhao"),
        ({"department": "sales", "team": "1"}, lambda row: row["holder_id"] != "zhao"),
        ({"query": "ALPHA"}, lambda row: "Alpha" in row["full_name"]),
        ({"query": "0%"}, lambda row: "0%" in row["full_name"]),
        ({"query": "a_b"}, lambda row: "a_b" in row["full_name"]),
        ({"query": "海青"}, lambda row: "海青" in row["full_name"]),
        ({"category": "online"}, lambda row: row["category"] == "online"),
        ({"frozen": True}, lambda row: row["freeze_count"]),
        ({"frozen": False}, lambda row: not row["freeze_count"]),
        ({"reclaim_exempt": True}, lambda row: row["category"] == "online"),
        ({"reclaim_exempt": False}, lambda row: row["category"] != "online"),
        ({"in_case": True}, lambda row: row["case_id"]),
        ({"in_case": False, "frozen": False}, lambda r: not r["case_id"] and not r["freeze_count"]),
        ({"due_before": soon}, lambda row: due(row) and due(row) <= soon),
        ({"due_within_days": 1}, lambda row: due(row) and due(row) <= midnight),
    ]
    for wanted, matches in cases:
        expected = [row["customer_id"] for row in rows if matches(row)]
        assert sorted(ids(company, "zhou", **wanted)) == expected, wanted
        assert expected or wanted == {"holder_id": "me"}, wanted


def test_a_rep_sees_nobody_elses(company: Company) -> None:
    rows = fill(company, 60)
    mine = sorted(row["customer_id"] for row in held(rows, "li"))
    for wanted in ({}, {"scope": pb.HOLDING_SCOPE_MINE}, {"department": "sales"}):
        assert sorted(ids(company, "li", **wanted)) == mine
    for wanted in ({"holder_id": "wang"}, {"department": "KA"}, {"team": "2"}):
        assert ids(company, "li", **wanted) == []
    for scope in WIDER:
        told = refused(ask, company, "li", scope=scope, holder_id="li")
        assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-2.2f")
        assert not any(row["full_name"] in told.text for row in rows)


def test_a_supervisor_sees_the_own_team_and_no_more(company: Company) -> None:
    rows = fill(company, 60)
    team = sorted(row["customer_id"] for row in held(rows, "li", "wang"))
    assert sorted(ids(company, "sun")) == team
    assert sorted(ids(company, "sun", scope=pb.HOLDING_SCOPE_TEAM)) == team
    assert ids(company, "sun", scope=pb.HOLDING_SCOPE_MINE) == []
    assert ids(company, "sun", holder_id="zhao") == []
    for scope in WIDER[1:]:
        assert refused(ask, company, "sun", scope=scope).code == "PERMISSION_DENIED"


def test_a_person_without_a_team_supervises_nobody(company: Company) -> None:
    company.platform.hire("qian", "钱主管", ["supervisor"], team="")
    fill(company, 30)
    assert ids(company, "qian") == []
    assert refused(ask, company, "qian", scope=WIDER[0]).code == "PERMISSION_DENIED"


def test_whoever_reads_all_libraries_can_look_at_fewer(company: Company) -> None:
    rows = fill(company, 60)
    company.platform.hire("gao", "高经理", ["manager"], department="KA", team="1")
    for scope, whose in zip(
        (pb.HOLDING_SCOPE_COMPANY, *SCOPES),
        (("li", "wang", "zhao"), ("gao",), ("zhao",), ("zhao",)),
        strict=True,
    ):
        expected = sorted(row["customer_id"] for row in held(rows, *whose))
        assert sorted(ids(company, "gao", scope=scope)) == expected


def test_the_deadline_shown_is_counted_in_the_zone_of_policy(company: Company) -> None:
    """The deadline of Monday's protection is the end of next Monday."""
    company.acquire("li")
    now = company.platform.now
    assert now.astimezone(SHANGHAI).date().isoformat() == "2026-03-02"
    assert len(ids(company, "li", due_within_days=7)) == 1
    assert ids(company, "li", due_within_days=6) == []
    shown = ask(company, "li").holdings[0].position.due_time.ToDatetime(UTC)
    assert len(ids(company, "li", due_before=shown)) == 1
    assert ids(company, "li", due_before=shown - timedelta(seconds=1)) == []


@pytest.mark.parametrize("order", ORDERS, ids=pb.HoldingOrder.Name)
@pytest.mark.parametrize("down", [False, True])
def test_a_page_of_everybodys_is_found_by_an_index_in_few_queries(
    company: Company, order: pb.HoldingOrder.ValueType, down: bool
) -> None:
    fill(company, 150)
    engine = company.platform.parts["ownership"].database.engine
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if "FROM position" in statement:
            asked.append((statement, parameters))

    token = ask(company, "zhou", order=order, descending=down, page_size=5).next_page_token
    sa.event.listen(engine, "before_cursor_execute", note)
    ask(company, "zhou", order=order, descending=down, page_size=5, page_token=token)
    sa.event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 2  # the page and the total
    with engine.connect() as connection:
        for statement, parameters in asked:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plan = [row[-1] for row in rows]
            assert not [step for step in plan if "TEMP B-TREE" in step], plan
            assert [step for step in plan if step.startswith("SEARCH position USING")], plan
