"""A list in any order, cut into pages of any size: every row once, in order, on both databases."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from crm.ownership.v1 import ownership_pb2 as h
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis import keysets, paging
from chassis.columns import Instant
from chassis.db import Database
from chassis.kernel import Identity, Refused
from chassis.keysets import Order
from chassis.policies import PolicyStore
from chassis.rules import PolicySection
from chassis.unit import UnitOfWork

BEGAN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
metadata = sa.MetaData()
thing = sa.Table(
    "thing",
    metadata,
    sa.Column("thing_id", sa.String(10), primary_key=True),
    sa.Column("name", sa.String(10), nullable=False),
    sa.Column("due_at", Instant),
)
ORDERS = {
    "name": lambda down: Order((thing.c.name, thing.c.thing_id), down),
    "due": lambda down: Order(
        (thing.c.due_at, thing.c.thing_id), down, thing.c.due_at.is_not(None)
    ),
    "id": lambda down: Order((thing.c.thing_id,), down),
}
ROWS = st.lists(st.tuples(st.sampled_from("甲乙ab"), st.none() | st.integers(0, 3)), max_size=12)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real_servers)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    on_server = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url")("keysets") if on_server else "sqlite://"
    opened = Database(url)
    with opened.engine.begin() as connection:
        metadata.create_all(connection)
    yield opened
    opened.close()


def unit(connection: sa.Connection) -> UnitOfWork:
    who = Identity("li", "李雷", frozenset())
    store = PolicyStore(PolicySection)
    return UnitOfWork("things", connection, BEGAN, lambda: "1", who, "", "", store)


def test_pages_hold_every_row_once_and_in_order(database: Database) -> None:
    @given(
        rows=ROWS, name=st.sampled_from(sorted(ORDERS)), down=st.booleans(), size=st.integers(1, 5)
    )
    @settings(max_examples=60, deadline=None, derandomize=True)
    def hold(rows: list[tuple[str, int | None]], name: str, down: bool, size: int) -> None:
        stored = [
            {"thing_id": f"{number:02}", "name": first, "due_at": moment(due)}
            for number, (first, due) in enumerate(rows)
        ]

        def check(connection: sa.Connection) -> None:
            connection.execute(thing.delete())
            if stored:
                connection.execute(thing.insert(), stored)
            uow = unit(connection)
            found = list(pages(uow, ORDERS[name](down), size))
            assert [row["thing_id"] for row in found] == expected(stored, name, down)
            assert keysets.count(uow, sa.select(thing)).count == len(stored)

        database.run(check)

    hold()


def moment(due: int | None) -> datetime | None:
    return None if due is None else BEGAN + timedelta(days=due)


def pages(uow: UnitOfWork, order: Order, size: int) -> Iterator[sa.RowMapping]:
    request = h.ListPoolRequest()
    while True:
        after = paging.read_token(request)
        found = keysets.read(uow, sa.select(thing), order, after, size + 1)
        page, token = paging.cut(request, found, size, keysets.keys)
        assert len(page) <= size
        yield from page
        if not token:
            return
        request.page_token = token


def expected(rows: list[dict[str, Any]], name: str, down: bool) -> list[str]:
    column = {"name": "name", "due": "due_at", "id": "thing_id"}[name]
    valued = [row for row in rows if row[column] is not None]
    without = [row for row in rows if row[column] is None]
    key: Callable[[dict[str, Any]], Any] = lambda row: (row[column], row["thing_id"])  # noqa: E731
    valued.sort(key=key, reverse=down)
    without.sort(key=lambda row: row["thing_id"], reverse=down)
    return [row["thing_id"] for row in valued + without]


@pytest.mark.parametrize(
    "after", [[], ["x"], ["not a time", "1"], [5, "1"], [None], [None, 1], [BEGAN.isoformat(), 3]]
)
def test_keys_of_no_row_are_refused(after: list[Any]) -> None:
    database = Database("sqlite://")

    def ask(connection: sa.Connection) -> None:
        metadata.create_all(connection)
        keysets.read(unit(connection), sa.select(thing), ORDERS["due"](False), after, 5)

    with pytest.raises(Refused) as told:
        database.run(ask)
    assert told.value.reason == "BAD_PAGE_TOKEN"
    database.close()


def test_more_rows_than_are_counted_are_said_to_be_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keysets, "MOST_COUNTED", 3)
    database = Database("sqlite://")

    def check(connection: sa.Connection) -> None:
        metadata.create_all(connection)
        for number in range(5):
            total = keysets.count(unit(connection), sa.select(thing))
            assert (total.count, total.capped) == (min(number, 3), number > 3)
            connection.execute(thing.insert(), {"thing_id": str(number), "name": "a"})

    database.run(check)
    database.close()
