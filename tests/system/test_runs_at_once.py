"""Several processes on one run, on PostgreSQL: every customer once, and the run ends."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from crm.ownership.v1 import runs_pb2 as t

from services.ownership.store import runs
from tests.acceptance.actions import Company, table
from tests.platform import MONDAY
from tests.service.ownership.freezing import freeze
from tests.service.ownership.scheduling import (
    clock_due,
    go_rounds,
    hold_many,
    list_runs,
    newest,
    resume,
    run_due,
    set_plan,
    wait,
)
from tests.system.plugin import NewDatabase
from tests.system.test_concurrency import at_once

DUE = MONDAY + timedelta(days=7)


@pytest.fixture
def company(postgres_url: NewDatabase) -> Iterator[Company]:
    names = ("customers", "ownership", "review", "activity", "scheduler")
    company = Company(urls={name: postgres_url(name) for name in names})
    company.platform.hire("gm", "刘总", ["general_manager"])
    company.platform.settle()
    yield company
    for parts in company.platform.parts.values():
        parts.database.close()


def rounds_at_once(company: Company, processes: int) -> None:
    """Let several processes go their rounds at the same moment."""
    parts, peers = company.platform.parts["ownership"], company.platform.peers("ownership")

    def go() -> None:
        for work in parts.service.rounds.values():
            parts.round(work, peers)

    assert at_once([go] * processes) == [None] * processes


def test_two_rounds_reclaim_everybody_once(company: Company) -> None:
    hold_many(company, "li", 250, due=DUE)
    frozen = freeze(company, ["li-7"])
    company.platform.now = DUE
    at_once([lambda: clock_due(company)] * 4)
    (run,) = list_runs(company)
    rounds_at_once(company, 4)
    if newest(company).state != t.RUN_STATE_STOPPED:
        rounds_at_once(company, 4)
    resume(company, run.run_id, "gm")
    rounds_at_once(company, 4)
    assert dict(newest(company).counts) == {"reclaimed": 249}
    changes = table(company.platform, "ownership", "position_change")
    moves = Counter(row["customer_id"] for row in changes)
    assert set(moves.values()) == {1}
    assert not set(frozen) & set(moves)
    assert company.quota("li").used_count == 1


def test_a_worker_that_slept_has_lost_its_run(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "LEASE", timedelta(seconds=10))
    hold_many(company, "li", 5, due=DUE)
    company.platform.now = DUE
    run_due(company, "reclaim", "2026-03-09")

    def takes_over() -> None:
        company.platform.now += timedelta(seconds=11)
        go_rounds(company)

    go_rounds(company, takes_over)
    assert dict(newest(company).counts) == {"reclaimed": 5}
    assert company.quota("li").used_count == 0


def test_two_rounds_distribute_everybody_once_within_the_limit(company: Company) -> None:
    company.holds("li", 295)
    company.holds("wang", 245)
    set_plan(company, t.PLAN_MODE_NAMED, staff_ids=["li", "wang"])
    wait(company, 15)
    company.platform.now += timedelta(days=1)
    at_once([lambda: run_due(company, "distribution", "2026-03-03")] * 3)
    rounds_at_once(company, 3)
    assert dict(newest(company).counts) == {"distributed": 10, "waiting": 5}
    assert [company.quota(who).left_count for who in ("li", "wang")] == [0, 0]
    changes = table(company.platform, "ownership", "position_change")
    given = Counter(row["customer_id"] for row in changes if row["manner"] == "distributed")
    assert set(given.values()) == {1}
