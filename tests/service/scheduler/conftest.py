"""The scheduler on SQLite, and on PostgreSQL where it is to be had."""

from collections.abc import Iterator

import pytest

from tests.service.scheduler.clockwork import Clockwork


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real_servers)])
def clockwork(request: pytest.FixtureRequest) -> Iterator[Clockwork]:
    """Return the scheduler on Monday 2026-03-02, 09:00."""
    on_server = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url")("scheduler") if on_server else "sqlite://"
    made = Clockwork(url)
    yield made
    made.parts.database.close()
