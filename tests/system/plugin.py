"""Gives tests a database and a broker of their own on the run's real servers.

A test that uses one of these fixtures carries the mark `real_servers`. Where a
server cannot be had the test is skipped with the reason; with CI=true it fails.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

import psycopg
import pytest

from tests.system.debian import Unavailable
from tests.system.keeper import KINDS, Run, test_run
from tests.system.servers import Postgres, RabbitMQ

RUN = pytest.StashKey[Run]()
ENDING = pytest.StashKey[ExitStack]()
Server = TypeVar("Server", Postgres, RabbitMQ)
FIXTURES = frozenset({"real_postgres", "real_rabbitmq"})


class NewDatabase(Protocol):
    """Makes databases for one test."""

    def __call__(self, name: str, prepare: Callable[[str], None] | None = None) -> str:
        """Return the SQLAlchemy address of the test's own, empty database `name`.

        With `prepare` the database is a copy of one that `prepare(url)` has filled,
        once for all tests that pass the same function.
        """
        ...


@pytest.fixture(scope="session")
def real_postgres(pytestconfig: pytest.Config) -> Postgres:
    """The run's PostgreSQL."""
    return had("PostgreSQL", pytestconfig.stash[RUN].postgres)


@pytest.fixture(scope="session")
def real_rabbitmq(pytestconfig: pytest.Config) -> RabbitMQ:
    """The run's RabbitMQ."""
    return had("RabbitMQ", pytestconfig.stash[RUN].rabbitmq)


@pytest.fixture(scope="session")
def templates() -> dict[Callable[[str], None], str]:
    """The prepared databases of this worker."""
    return {}


@pytest.fixture
def postgres_url(
    real_postgres: Postgres, templates: dict[Callable[[str], None], str]
) -> Iterator[NewDatabase]:
    """Make databases on the real PostgreSQL; they are dropped after the test."""
    with new_databases(real_postgres, templates) as new:
        yield new


@pytest.fixture(scope="module")
def module_postgres_url(
    real_postgres: Postgres, templates: dict[Callable[[str], None], str]
) -> Iterator[NewDatabase]:
    """Make databases that all tests of a module share."""
    with new_databases(real_postgres, templates) as new:
        yield new


@contextmanager
def new_databases(
    postgres: Postgres, templates: dict[Callable[[str], None], str]
) -> Iterator[NewDatabase]:
    """Give a maker of databases, and drop what it made."""
    made: dict[str, str] = {}
    with psycopg.connect(postgres.conninfo(), autocommit=True) as server:

        def create(template: str) -> str:
            database = f"t_{uuid.uuid4().hex}"
            server.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"'.encode())
            return database

        def new(name: str, prepare: Callable[[str], None] | None = None) -> str:
            if name not in made:
                if prepare and prepare not in templates:
                    template = create("template0")
                    prepare(postgres.url(template))
                    templates[prepare] = template
                made[name] = create(templates[prepare] if prepare else "template0")
            return postgres.url(made[name])

        yield new
        for database in made.values():
            server.execute(f'DROP DATABASE "{database}" WITH (FORCE)'.encode())


@pytest.fixture
def amqp_url(real_rabbitmq: RabbitMQ) -> Iterator[str]:
    """Return the address of a virtual host of the test's own on the real RabbitMQ."""
    with new_vhost(real_rabbitmq) as url:
        yield url


@pytest.fixture(scope="module")
def module_amqp_url(real_rabbitmq: RabbitMQ) -> Iterator[str]:
    """Return the address of a virtual host that all tests of a module share."""
    with new_vhost(real_rabbitmq) as url:
        yield url


@contextmanager
def new_vhost(rabbitmq: RabbitMQ) -> Iterator[str]:
    """Give the address of a new virtual host, and drop it."""
    vhost = f"t_{uuid.uuid4().hex}"
    rabbitmq.add_vhost(vhost)
    yield rabbitmq.url(vhost)
    rabbitmq.drop_vhost(vhost)


def had(name: str, wait: Callable[[], Server]) -> Server:
    """Wait for a server, or end the test with the reason why it cannot be had."""
    try:
        return wait()
    except Unavailable as caught:
        reason = str(caught)
    if os.environ.get("CI") == "true":
        pytest.fail(f"with CI=true no test may go without {name}: {reason}", pytrace=False)
    pytest.skip(f"no {name}: {reason}")


def pytest_configure(config: pytest.Config) -> None:
    """Open the run, or join the one that this worker belongs to."""
    given = getattr(config, "workerinput", {}).get("servers")
    if given:
        config.stash[RUN] = Run(Path(given))
        return
    config.stash[ENDING] = ExitStack()
    config.stash[RUN] = config.stash[ENDING].enter_context(test_run())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell an xdist worker where the run is."""
    node.workerinput["servers"] = str(node.config.stash[RUN].directory)  # type: ignore[attr-defined]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need real servers, before `-m` selects."""
    for item in items:
        if FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("real_servers")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the servers as soon as it is known that a selected test needs them."""
    if session.config.option.collectonly:
        return
    if any(item.get_closest_marker("real_servers") for item in session.items):
        session.config.stash[RUN].start()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how long the servers took to start."""
    told = {kind: config.stash[RUN].told(kind) for kind in KINDS}
    times = [
        f"{kind} {one['seconds']:.1f} s" for kind, one in told.items() if one and "seconds" in one
    ]
    if times:
        terminalreporter.write_line(f"real servers, time to start: {', '.join(times)}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run's servers."""
    if ENDING in config.stash:
        config.stash[ENDING].close()
