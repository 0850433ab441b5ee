"""kill -9 during a reclaim run: it ends as if nothing had happened, each customer taken once."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import cycle

import pytest
import sqlalchemy as sa

from chassis.kernel import ADMINISTRATOR, Event, Identity
from chassis.service import assemble
from chassis.unit import UnitOfWork
from services.activity.store.tables import customer_activity
from services.ownership.store.tables import position, quota_counter, staff
from services.scheduler.app.firing import RUN_DUE
from services.scheduler.parts import SCHEDULER
from tests.platform import haixin
from tests.system.cluster import Cluster, until

ADMIN = Identity("admin", "管理员", frozenset({ADMINISTRATOR}))
NOW = datetime.now(UTC)
DUE = NOW - timedelta(hours=8)
BASIS = DUE - timedelta(days=7)
OVERDUE, FOLLOWED, CALM = 240, 160, 2000
"""Customers to be taken, customers that were followed up in time, customers whose time runs."""


@pytest.fixture
def cluster(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_url: Callable[[str], str],
    amqp_url: str,
) -> Iterator[Cluster]:
    databases = {name: postgres_url(name) for name in ("ownership", "activity", "scheduler")}
    made = Cluster(tmp_path_factory.mktemp("run"), databases, amqp_url)
    try:
        made.await_serving()
        made.apply(haixin(), ADMIN)
        yield made
    finally:
        made.stop()


def test_a_run_survives_the_death_of_its_processes(cluster: Cluster) -> None:
    _fill(cluster)
    _announce_the_run(cluster)
    victims = cycle([("ownership", "worker"), ("activity", "api"), ("ownership", "api")])
    until(lambda: _outcomes(cluster))
    killed = 0
    while _states(cluster) != ["done"]:
        if killed < 9:
            cluster.kill(*next(victims))
            killed += 1
        before = len(_outcomes(cluster))
        until(lambda: _states(cluster) == ["done"] or len(_outcomes(cluster)) > before)  # noqa: B023
    assert killed > 0
    overdue = [f"overdue-{number}" for number in range(OVERDUE)]
    followed = [f"followed-{number}" for number in range(FOLLOWED)]
    taken = "SELECT customer_id FROM position_change WHERE manner = 'reclaimed'"
    assert sorted(cluster.column("ownership", taken)) == sorted(overdue)
    told = "SELECT subject FROM outbox WHERE type = 'crm.ownership.holding.released.v1'"
    assert sorted(cluster.column("ownership", told)) == sorted(overdue)
    kept = "SELECT customer_id FROM run_item WHERE outcome = 'kept'"
    assert sorted(cluster.column("ownership", kept)) == sorted(followed)
    held = "SELECT count(*) FROM position WHERE holder_id = 'li'"
    used = "SELECT used FROM quota_counter WHERE staff_id = 'li'"
    assert cluster.column("ownership", held) == cluster.column("ownership", used)
    assert cluster.column("ownership", used) == [FOLLOWED + CALM]


def _outcomes(cluster: Cluster) -> list[str]:
    return cluster.column("ownership", "SELECT customer_id FROM run_item")


def _states(cluster: Cluster) -> list[str]:
    return cluster.column("ownership", "SELECT state FROM run")


def _announce_the_run(cluster: Cluster) -> None:
    """Let the scheduler say what it says every night."""
    parts = assemble(SCHEDULER, cluster.databases["scheduler"])
    today = date(NOW.year, NOW.month, NOW.day).isoformat()
    data = {"run": "reclaim", "clause": "H-6.7d", "date": today, "due_time": NOW.isoformat()}

    def announce(uow: UnitOfWork) -> None:
        uow.emit(Event(RUN_DUE, f"reclaim/{today}", data))

    parts.tick(announce)
    parts.database.close()


def _fill(cluster: Cluster) -> None:
    """Fill one library, as years of work would."""
    counts = {"overdue": OVERDUE, "followed": FOLLOWED, "calm": CALM}
    person = {
        "staff_id": "li",
        "display_name": "李雷",
        "phone": "",
        "gender": "",
        "hire_date": date(2024, 1, 1),
        "department": "sales",
        "team": "1",
        "roles": ["sales_rep"],
        "personal_limit": 5000,
        "version": 1,
        "updated_at": NOW,
    }
    held = [
        {
            "customer_id": f"{kind}-{number}",
            "full_name": f"{kind}{number}",
            "category": "intended",
            "summary_sequence": 1,
            "location": "private_library",
            "holder_id": "li",
            "counted": True,
            "protected_at": BASIS,
            "arrived_at": BASIS,
            "releaser_count": 0,
            "due_at": DUE if kind != "calm" else NOW + timedelta(days=3),
            "due_basis_at": BASIS,
            "clock_version": 1,
            "freeze_count": 0,
        }
        for kind, count in counts.items()
        for number in range(count)
    ]
    ours = sa.create_engine(cluster.databases["ownership"])
    with ours.begin() as connection:
        connection.execute(staff.insert(), person)
        used = {"staff_id": "li", "used": len(held), "held": 0}
        connection.execute(quota_counter.insert(), used)
        connection.execute(position.insert(), held)
    ours.dispose()
    theirs = sa.create_engine(cluster.databases["activity"])
    seen = [
        {"customer_id": row["customer_id"], "last_valid_at": DUE - timedelta(milliseconds=1)}
        for row in held
        if str(row["customer_id"]).startswith("followed")
    ]
    with theirs.begin() as connection:
        connection.execute(customer_activity.insert(), seen)
    theirs.dispose()
