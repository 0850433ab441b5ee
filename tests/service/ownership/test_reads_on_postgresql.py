"""What people read is the same on PostgreSQL, page by page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from crm.ownership.v1 import holdings_pb2 as holdings
from crm.ownership.v1 import ownership_pb2 as h

from tests.acceptance.actions import Company
from tests.service.ownership import test_directory, test_figures, test_holdings, test_places
from tests.service.ownership.shelving import fill
from tests.system.plugin import NewDatabase

Read = Callable[[Company], Any]


@pytest.fixture
def companies(postgres_url: NewDatabase) -> Iterator[tuple[Company, Company]]:
    """Return the same company twice, ownership over PostgreSQL and over SQLite."""
    over_server = Company(urls={"ownership": postgres_url("ownership")})
    embedded = Company()
    for company in (over_server, embedded):
        fill(company, 90)
        test_figures.put_moves(company, 200)
    yield over_server, embedded
    for parts in over_server.platform.parts.values():
        parts.database.close()


READS: list[Read] = [
    *(
        lambda company, order=order, down=down: sorted(
            test_holdings.ids(company, "zhou", order=order, descending=down, page_size=4)
        )
        for order in holdings.HoldingOrder.values()
        for down in (False, True)
    ),
    *(
        lambda company, wanted=wanted: sorted(test_holdings.ids(company, "zhou", **wanted))
        for wanted in (
            {"query": "0%"},
            {"query": "ALPHA", "team": "1"},
            {"due_within_days": 1},
            {"frozen": True, "reclaim_exempt": False, "in_case": True},
        )
    ),
    *(
        lambda company, place=place, order=order: sorted(
            test_places.ids(company, place, order=order, page_size=3)
        )
        for place in ("public_pool", "awaiting_distribution")
        for order in h.PlaceOrder.values()
    ),
    *(
        lambda company, order=order: sorted(test_directory.ids(company, order=order, page_size=2))
        for order in h.StaffOrder.values()
    ),
    lambda company: test_directory.ids(company, role="sales_rep", receiving=True),
    lambda company: test_directory.colleagues(company, query="李"),
    lambda company: {key: str(one) for key, one in test_figures.fills(company, "zhou").items()},
    lambda company: test_figures.moves(company, "zhou", weeks=53),
    lambda company: test_figures.moves(company, "sun", weeks=1),
    lambda company: test_figures.counts(company, "zhou"),
    lambda company: test_figures.counts(company, "li"),
]


def test_both_databases_answer_alike(companies: tuple[Company, Company]) -> None:
    over_server, embedded = companies
    for number, read in enumerate(READS):
        told = read(over_server)
        assert told == read(embedded), number
        assert told, number
