"""Figures for plots: within the caller's circle, and equal to what the rows say."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from crm.ownership.v1 import holdings_pb2 as holdings
from crm.ownership.v1 import overview_pb2 as pb
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1.overview_pb2_grpc import OverviewServiceStub

from tests.acceptance.actions import SHANGHAI, Company
from tests.acceptance.leaving import depart
from tests.refusals import refused
from tests.service.ownership.shelving import fill

TEAM, EVERYBODY = holdings.HOLDING_SCOPE_TEAM, holdings.HOLDING_SCOPE_COMPANY
CIRCLES = {"li": {"li"}, "sun": {"li", "wang"}, "zhou": {"li", "wang", "zhao"}}


def stub(company: Company) -> OverviewServiceStub:
    return company.platform.stub(OverviewServiceStub, "ownership")


def fills(company: Company, who: str, **wanted: Any) -> dict[str, h.Quota]:
    found: dict[str, h.Quota] = {}
    token = ""
    while True:
        request = pb.ListLibraryFillsRequest(page_token=token, page_size=2, **wanted)
        answer = company.call(who, stub(company).ListLibraryFills, request)
        found |= {one.holder.staff_id: one.quota for one in answer.fills}
        if not (token := answer.next_page_token):
            assert answer.total_size == len(found)
            return found


def moves(company: Company, who: str, **wanted: Any) -> dict[str, dict[str, int]]:
    request = pb.ListWeeklyMovesRequest(**wanted)
    answer = company.call(who, stub(company).ListWeeklyMoves, request)
    return {week.week_start_date: dict(week.counts) for week in answer.weeks}


def counts(company: Company, who: str, **wanted: Any) -> dict[tuple[str, str], tuple[int, int]]:
    request = pb.ListCustomerCountsRequest(**wanted)
    answer = company.call(who, stub(company).ListCustomerCounts, request)
    return {
        (h.Location.Name(one.location).removeprefix("LOCATION_").lower(), one.category): (
            one.count,
            one.frozen_count,
        )
        for one in answer.counts
    }


def test_the_fullest_library_comes_first_within_the_circle(company: Company) -> None:
    company.platform.hire("hao", "郝人事", ["hr"], department="hr")
    for who, count in (("li", 2), ("wang", 5), ("zhao", 3)):
        company.holds(who, count, online=1)
    assert list(fills(company, "zhou")) == ["wang", "zhao", "li"]
    assert fills(company, "zhou")["li"] == company.quota("li")
    assert list(fills(company, "zhou", department="KA")) == ["zhao"]
    assert list(fills(company, "sun")) == ["wang", "li"]
    assert list(fills(company, "li")) == ["li"]
    for scope in (TEAM, EVERYBODY):
        assert refused(fills, company, "li", scope=scope).code == "PERMISSION_DENIED"
    company.platform.hire("ma", "马丽", department="KA")
    depart(company, "ma")
    depart(company, "zhao")
    assert list(fills(company, "zhou")) == ["wang", "zhao", "li"]


def put_moves(company: Company, count: int) -> list[dict[str, Any]]:
    """Keep moves of the year before, some at the very edges of weeks; return their rows."""
    chance, now = random.Random(5), company.platform.now
    monday = now.astimezone(SHANGHAI).replace(hour=0, minute=0)
    rows = []
    for number in range(count):
        manner = chance.choice(("claimed", "released", "reclaimed", "distributed", "imported"))
        inward = manner in ("claimed", "distributed")
        who = "" if manner == "imported" else chance.choice(sorted(CIRCLES["zhou"]))
        at = monday - timedelta(weeks=chance.randrange(-1, 60))
        at += chance.choice((timedelta(), timedelta(microseconds=-1), timedelta(hours=50)))
        rows.append(
            {
                "customer_id": f"c{number}",
                "from_location": "",
                "from_holder_id": "" if inward else who,
                "to_location": "",
                "to_holder_id": who if inward else "",
                "manner": manner,
                "clause": "",
                "actor_id": "",
                "decision_id": "",
                "changed_at": at.astimezone(UTC),
            }
        )
    parts = company.platform.parts["ownership"]
    table = parts.service.metadata.tables["position_change"]

    def put(connection: sa.Connection) -> None:
        connection.execute(table.insert(), rows)

    parts.database.run(put)
    return rows


@pytest.mark.parametrize("who", CIRCLES)
def test_moves_by_week_are_what_the_history_says(company: Company, who: str) -> None:
    rows = put_moves(company, 500)
    for weeks, last in ((53, ""), (12, ""), (1, ""), (4, "2025-12-31")):
        day = datetime.fromisoformat(last or "2026-03-02").date()
        end = day - timedelta(days=day.weekday())
        expected = {
            (end - timedelta(weeks=number)).isoformat(): Counter[str]()
            for number in range(weeks - 1, -1, -1)
        }
        for row in rows:
            there = row["changed_at"].astimezone(SHANGHAI).date()
            week = (there - timedelta(days=there.weekday())).isoformat()
            mover = row["from_holder_id"] or row["to_holder_id"]
            if week in expected and (who == "zhou" or mover in CIRCLES[who]):
                expected[week][row["manner"]] += 1
        assert moves(company, who, weeks=weeks, last_date=last) == expected
        assert any(expected.values())


def test_moves_beyond_the_circle_are_refused(company: Company) -> None:
    assert len(moves(company, "li")) == 12
    for scope in (TEAM, EVERYBODY):
        assert refused(moves, company, "li", scope=scope).code == "PERMISSION_DENIED"
    company.platform.hire("hao", "郝人事", ["hr"], department="hr")
    assert refused(moves, company, "hao").code == "PERMISSION_DENIED"
    told = refused(moves, company, "li", last_date="2026-02-30")
    assert list(told.fields) == ["last_date"]


@pytest.mark.parametrize("who", CIRCLES)
def test_customers_are_counted_where_the_caller_may_look(company: Company, who: str) -> None:
    rows = fill(company, 150)
    places = {"public_pool"} | ({"awaiting_distribution"} if who == "zhou" else set())
    visible = [r for r in rows if r["holder_id"] in CIRCLES[who] or r["location"] in places]
    expected: dict[tuple[str, str], tuple[int, int]] = {}
    for row in visible:
        key = row["location"], row["category"]
        count, frozen = expected.get(key, (0, 0))
        expected[key] = count + 1, frozen + (row["freeze_count"] > 0)
    assert counts(company, who) == expected


def test_counts_beyond_the_circle_are_refused(company: Company) -> None:
    company.platform.hire("hao", "郝人事", ["hr"], department="hr")
    fill(company, 30)
    assert counts(company, "hao") == {}
    for who in ("li", "hao"):
        assert refused(counts, company, who, scope=EVERYBODY).code == "PERMISSION_DENIED"
