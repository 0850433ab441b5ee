"""Lists of leads, bans, disputes, credits, plans, runs: filters, orders, names, totals."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from crm.ownership.v1 import leads_pb2 as leads
from crm.ownership.v1 import reallocations_pb2 as plans
from crm.ownership.v1 import rulings_pb2 as rulings
from crm.ownership.v1 import runs_pb2 as runs

from tests.acceptance.actions import SHANGHAI, Company, table
from tests.refusals import refused
from tests.service.ownership.scheduling import stub

PEOPLE = ("li", "wang", "zhao")
NAMES = ("成都蓝海", "重庆青山", "Alpha 100%", "beta_1")
Rows = list[dict[str, Any]]


def listed(company: Company, who: str, method: Any, request: Any, field: str) -> list[Any]:
    """Return all pages; every id in them that names somebody is explained by the page's people."""
    found: list[Any] = []
    request.page_size, request.page_token = 4, ""
    while True:
        answer = company.call(who, method, request)
        page = list(getattr(answer, field))
        if hasattr(answer, "people"):
            told = {person.staff_id for person in answer.people}
            assert told == {one for row in page for one in named(row)} & set(staff(company))
        found += page
        if not answer.next_page_token:
            assert (answer.total_size, answer.total_size_capped) == (len(found), False)
            return found
        request.page_token = answer.next_page_token


def staff(company: Company) -> list[str]:
    return [row["staff_id"] for row in table(company.platform, "ownership", "staff")]


def named(row: Any) -> set[str]:
    """Return whom a message names, wherever it does."""
    fields = ("staff_id", "router_id", "claimant_id", "holder_id", "reinstater_id", "proposer_id")
    found = {getattr(row, name) for name in (*fields, "executor_id") if hasattr(row, name)}
    found |= {one.staff_id for one in getattr(row, "skipped", ())}
    return found | set(getattr(row, "parties", ())) - {""}


def put(company: Company, name: str, rows: Rows) -> Rows:
    parts = company.platform.parts["ownership"]
    target = parts.service.metadata.tables[name]

    def insert(connection: sa.Connection) -> None:
        connection.execute(target.insert(), rows)

    parts.database.run(insert)
    return rows


def put_leads(company: Company, count: int = 40) -> Rows:
    chance = random.Random(3)
    midnight = company.platform.now.astimezone(SHANGHAI).replace(hour=0)
    rows = [
        {
            "lead_id": f"l{number:02}",
            "kind": chance.choice(("call", "trial")),
            "full_name": chance.choice(NAMES),
            "contact": "何小姐",
            "phone": "028-85551234",
            "note": "",
            "check_id": "",
            "customer_id": "",
            "route": chance.choice(("holder", "pool_to_duty", "new_to_duty")),
            "staff_id": chance.choice(PEOPLE),
            "scheme": "top10",
            "skipped": chance.choice(([], [{"staff_id": "sun", "reason": "ON_LEAVE"}])),
            "clause": "H-4.1a",
            "decision_id": "d",
            "router_id": "zhou",
            "routed_at": midnight + timedelta(hours=6 * number - 72, microseconds=-number % 2),
        }
        for number in range(count)
    ]
    return put(company, "lead", rows)


def local_day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def test_leads(company: Company) -> None:
    rows = put_leads(company)
    method = company.platform.leads.ListLeads

    def ids(who: str, **wanted: Any) -> list[str]:
        request = leads.ListLeadsRequest(**wanted)
        return [one.lead_id for one in listed(company, who, method, request, "leads")]

    first, last = date(2026, 3, 1), date(2026, 3, 3)
    span = {"first_date": first.isoformat(), "last_date": last.isoformat()}
    cases: list[tuple[dict[str, Any], Callable[[dict[str, Any]], Any]]] = [
        ({}, lambda row: True),
        ({"kind": leads.LEAD_KIND_TRIAL}, lambda row: row["kind"] == "trial"),
        ({"route": leads.LEAD_ROUTE_HOLDER}, lambda row: row["route"] == "holder"),
        (span, lambda row: first <= local_day(row["routed_at"]) <= last),
        ({"query": "ALPHA"}, lambda row: "Alpha" in row["full_name"]),
        ({"query": "_"}, lambda row: "_" in row["full_name"]),
        ({"skipping": True}, lambda row: row["skipped"]),
        ({"staff_id": "wang"}, lambda row: row["staff_id"] == "wang"),
    ]
    for wanted, matches in cases:
        expected = [row["lead_id"] for row in rows if matches(row)]
        assert len(expected) > 0
        assert ids("zhou", **wanted, oldest_first=True) == expected, wanted
        assert ids("zhou", **wanted) == expected[::-1], wanted
    mine = [row["lead_id"] for row in rows if row["staff_id"] == "li"]
    assert ids("li", oldest_first=True) == mine
    assert ids("li", staff_id="wang") == []
    told = refused(ids, "li", first_date="2026-02-30")
    assert list(told.fields) == ["first_date"]


def test_bans(company: Company) -> None:
    now = company.platform.now
    rows = [
        {
            "ban_id": f"b{number}",
            "staff_id": PEOPLE[number % 3],
            "spot_check_id": f"s{number}",
            "clause": "H-4.5g",
            "decision_id": "d",
            "banned_at": now - timedelta(days=30 - number // 2),
            "until_at": (None, now, now + timedelta(days=1))[number // 3 % 3],
        }
        for number in range(12)
    ]
    put(company, "rota_ban", rows)
    ended = {
        "reason": "改正",
        "actor_id": "sun",
        "decision_id": "d",
        "reinstated_at": now,
    }
    put(company, "rota_reinstatement", [ended | {"ban_id": "b0"}, ended | {"ban_id": "b7"}])
    rows.sort(key=lambda row: (row["banned_at"], row["ban_id"]), reverse=True)
    open_ones = {
        row["ban_id"]
        for row in rows
        if row["ban_id"] not in ("b0", "b7") and row["until_at"] != now
    }
    method = company.platform.leads.ListRotaBans

    def ids(who: str, **wanted: Any) -> list[str]:
        request = leads.ListRotaBansRequest(**wanted)
        return [one.ban_id for one in listed(company, who, method, request, "bans")]

    everyone = [row["ban_id"] for row in rows]
    assert ids("zhou") == everyone
    assert ids("zhou", in_force=True) == [one for one in everyone if one in open_ones]
    assert ids("zhou", in_force=False) == [one for one in everyone if one not in open_ones]
    mine = [row["ban_id"] for row in rows if row["staff_id"] == "li"]
    assert ids("zhou", staff_id="li") == ids("li") == ids("li", staff_id="me") == mine
    assert ids("li", staff_id="wang") == []


def put_disputes(company: Company) -> Rows:
    """Keep disputes of every kind and state; Li and Wang are party to some."""
    chance, now = random.Random(4), company.platform.now
    rows = []
    for number in range(24):
        kind = ("performance", "duplicate", "appeal")[number % 3]
        rows.append(
            {
                "dispute_id": f"d{number:02}",
                "kind": kind,
                "about": f"about-{number}",
                "customer_id": f"c{number % 5}",
                "other_customer_id": f"c{(number + 1) % 5}" if kind == "duplicate" else "",
                "full_name": chance.choice(NAMES),
                "claimant_id": chance.choice(PEOPLE),
                "holder_id": chance.choice(PEOPLE),
                "signing_id": "",
                "appeal_of": "",
                "state": ("gathering", "proposed", "dropped")[number // 3 % 3],
                "note": "",
                "evidence": {},
                "proposal": {},
                "case_id": "",
                "reason": "",
                "next_at": now,
                "opened_at": now - timedelta(hours=number // 2),
                "changed_at": now,
            }
        )
    put(company, "dispute", rows)
    parties = {
        (row["dispute_id"], row[who]) for row in rows for who in ("claimant_id", "holder_id")
    }
    put(company, "dispute_party", [{"dispute_id": d, "staff_id": who} for d, who in parties])
    return rows


def test_disputes(company: Company) -> None:
    rows = put_disputes(company)
    rows.sort(key=lambda row: (row["opened_at"], row["dispute_id"]))
    method = company.platform.rulings.ListDisputes

    def ids(who: str, **wanted: Any) -> list[str]:
        request = rulings.ListDisputesRequest(**wanted)
        return [one.dispute_id for one in listed(company, who, method, request, "disputes")]

    cases: list[tuple[dict[str, Any], Callable[[dict[str, Any]], Any]]] = [
        ({}, lambda row: True),
        ({"state": rulings.DISPUTE_STATE_PROPOSED}, lambda row: row["state"] == "proposed"),
        ({"kind": rulings.DISPUTE_KIND_APPEAL}, lambda row: row["kind"] == "appeal"),
        ({"open": True}, lambda row: row["state"] != "dropped"),
        ({"customer_id": "c1"}, lambda r: "c1" in (r["customer_id"], r["other_customer_id"])),
        ({"query": "0%"}, lambda row: "0%" in row["full_name"]),
    ]
    for wanted, matches in cases:
        expected = [row["dispute_id"] for row in rows if matches(row)]
        assert ids("zhou", **wanted, oldest_first=True) == expected, wanted
        assert ids("zhou", **wanted) == expected[::-1], wanted
        mine = [r["dispute_id"] for r in rows if "li" in (r["claimant_id"], r["holder_id"])]
        if "query" not in wanted:
            both = [one for one in expected if one in mine]
            assert ids("li", **wanted, oldest_first=True) == both, wanted


def test_a_name_that_a_party_may_not_know_cannot_be_guessed(company: Company) -> None:
    rows = put_disputes(company)
    method = company.platform.rulings.ListDisputes
    for name in NAMES:
        request = rulings.ListDisputesRequest(query=name)
        for one in listed(company, "li", method, request, "disputes"):
            assert one.full_name == name
    hidden = [
        row
        for row in rows
        if row["kind"] == "duplicate" and row["holder_id"] == "li" != row["claimant_id"]
    ]
    assert hidden


def test_credits(company: Company) -> None:
    now = company.platform.now
    signings = [
        {
            "signing_id": f"s{number}",
            "customer_id": f"c{number}",
            "full_name": NAMES[number % 4],
            "staff_id": "li",
            "holder_id": "li",
            "sign_date": date(2026, 3, 1),
            "amount_cents": 100,
            "countered": False,
            "recorded_at": now,
        }
        for number in range(9)
    ]
    put(company, "signing", signings)
    rows = [
        {
            "credit_id": f"r{(number * 7) % 9}",
            "signing_id": f"s{number}",
            "customer_id": f"c{number}",
            "staff_id": PEOPLE[number % 2],
            "amount_cents": 100 * number - 300,
            "month": ("2026-02", "2026-03")[number % 3 > 0],
            "clause": "H-6.3a",
            "dispute_id": "",
            "decision_id": "d",
            "credited_at": now - timedelta(days=number // 2),
        }
        for number in range(9)
    ]
    put(company, "credit", rows)
    rows.sort(key=lambda row: (row["credited_at"], row["credit_id"]), reverse=True)
    method = company.platform.rulings.ListCredits

    def read(who: str, **wanted: Any) -> list[tuple[str, str]]:
        request = rulings.ListCreditsRequest(**wanted)
        found = listed(company, who, method, request, "credits")
        total = company.call(who, method, rulings.ListCreditsRequest(**wanted)).total_amount_cents
        if wanted.get("month") or wanted.get("staff_id"):
            assert total == sum(one.amount_cents for one in found)
        return [(one.credit_id, one.full_name) for one in found]

    def expected(**same: str) -> list[tuple[str, str]]:
        kept = [row for row in rows if all(row[name] == value for name, value in same.items())]
        return [(row["credit_id"], NAMES[int(row["signing_id"][1:]) % 4]) for row in kept]

    company.platform.hire("gm", "刘总", ["general_manager"])
    assert read("gm") == expected()
    assert read("gm", month="2026-02", staff_id="li") == expected(month="2026-02", staff_id="li")
    assert read("li", staff_id="me") == read("gm", staff_id="li") == expected(staff_id="li")
    assert refused(read, "li").code == refused(read, "li", staff_id="wang").code
    assert refused(read, "li", month="2026-03").code == "PERMISSION_DENIED"


def test_plans(company: Company) -> None:
    now = company.platform.now
    rows = [
        {
            "reallocation_id": f"p{number}",
            "staff_id": PEOPLE[number % 3],
            "department": ("sales", "KA")[number % 3 == 2],
            "team": "1",
            "departure_id": "",
            "reason": "",
            "state": "rejected",
            "case_id": "",
            "proposer_id": ("sun", "zhou")[number % 2],
            "proposed_at": now - timedelta(hours=number // 2),
            "executor_id": "",
        }
        for number in range(9)
    ]
    put(company, "reallocation", rows)
    item = {
        "full_name": "",
        "to_location": "public_pool",
        "to_staff_id": "",
        "state": "skipped",
        "reason": "",
        "decision_id": "",
    }
    put(
        company,
        "reallocation_item",
        [
            item | {"reallocation_id": f"p{number}", "customer_id": f"c{one}"}
            for number in range(9)
            for one in range(number)
        ],
    )
    rows.sort(key=lambda row: (row["proposed_at"], row["reallocation_id"]))
    method = company.platform.reallocations.ListReallocations

    def ids(who: str, **wanted: Any) -> list[str]:
        request = plans.ListReallocationsRequest(**wanted)
        found = listed(company, who, method, request, "reallocations")
        for one in found:
            assert one.customers_count == int(one.reallocation_id[1:])
        return [one.reallocation_id for one in found]

    everything = [row["reallocation_id"] for row in rows]
    assert ids("zhou", oldest_first=True) == everything
    assert ids("zhou") == everything[::-1]
    team = [r["reallocation_id"] for r in rows if r["team"] == "1" and r["department"] == "sales"]
    suns = [row["reallocation_id"] for row in rows if row["proposer_id"] == "sun"]
    assert ids("sun", oldest_first=True) == [one for one in everything if one in team + suns]
    assert ids("zhou", staff_id="li") == [f"p{number}" for number in (0, 3, 6)]
    assert ids("li") == []


RUN_KEYS: dict[int, Callable[[dict[str, Any]], Any]] = {
    runs.RUN_ITEM_ORDER_CUSTOMER_ID: lambda row: "",
    runs.RUN_ITEM_ORDER_NAME: lambda row: row["full_name"],
    runs.RUN_ITEM_ORDER_STAFF_ID: lambda row: row["staff_id"],
    runs.RUN_ITEM_ORDER_OUTCOME: lambda row: row["outcome"],
}


def put_run(company: Company) -> Rows:
    """Keep a run over customers; return its items with the customers' names."""
    now, chance = company.platform.now, random.Random(6)
    run = {
        "kind": "reclaim",
        "date": date(2026, 3, 2),
        "state": "done",
        "holdings_count": 0,
        "due_count": 0,
        "approved_count": 0,
        "counts": {},
        "cause": {},
        "policy_version": 1,
        "begun_by": "",
        "reason": "",
        "started_at": now,
        "worker": "",
    }
    put(company, "run", [run | {"run_id": f"r{n}", "number": n} for n in range(1, 8)])
    rows = [
        {
            "run_id": "r1",
            "customer_id": f"c{number:02}",
            "outcome": chance.choice(("reclaimed", "kept")),
            "staff_id": chance.choice(PEOPLE),
            "reason": "OVERDUE",
            "decision_id": "d",
            "detail": {},
            "at": now,
        }
        for number in range(20)
    ]
    put(company, "run_item", rows)
    position = {
        "category": "intended",
        "summary_sequence": 1,
        "location": "public_pool",
        "counted": False,
        "arrived_at": now,
        "releaser_count": 0,
    }
    names = [{"customer_id": r["customer_id"], "full_name": chance.choice(NAMES)} for r in rows]
    put(company, "position", [position | name for name in names])
    return [row | name for row, name in zip(rows, names, strict=True)]


@pytest.mark.parametrize("order", RUN_KEYS, ids=runs.RunItemOrder.Name)
def test_what_a_run_did(company: Company, order: runs.RunItemOrder.ValueType) -> None:
    rows = put_run(company)

    def ids(who: str, **wanted: Any) -> list[tuple[str, str]]:
        request = runs.ListRunItemsRequest(run_id="r1", order=order, **wanted)
        found = listed(company, who, stub(company).ListRunItems, request, "items")
        return [(one.customer_id, one.full_name) for one in found]

    cases: list[tuple[dict[str, Any], Callable[[dict[str, Any]], Any]]] = [
        ({}, lambda row: True),
        ({"outcome": "kept"}, lambda row: row["outcome"] == "kept"),
        ({"staff_id": "wang"}, lambda row: row["staff_id"] == "wang"),
        ({"query": "ALPHA"}, lambda row: "Alpha" in row["full_name"]),
    ]
    for down in (False, True):
        rows.sort(key=lambda row: (RUN_KEYS[order](row), row["customer_id"]), reverse=down)
        for wanted, matches in cases:
            expected = [(r["customer_id"], r["full_name"]) for r in rows if matches(r)]
            assert ids("zhou", **wanted, descending=down) == expected
    assert refused(ids, "li").code == "PERMISSION_DENIED"


def test_runs_begun_at_once_are_listed_once_each(company: Company) -> None:
    put_run(company)
    request = runs.ListRunsRequest()
    found = listed(company, "zhou", stub(company).ListRuns, request, "runs")
    assert [run.run_id for run in found] == [f"r{n}" for n in range(7, 0, -1)]
