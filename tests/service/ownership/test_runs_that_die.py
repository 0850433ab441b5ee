"""A run whose process dies anywhere ends like one that went through."""

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from crm.ownership.v1 import runs_pb2 as t

from services.ownership.app import reclaiming
from tests.acceptance.actions import Company, table
from tests.platform import MONDAY
from tests.service.ownership.scheduling import (
    ask_undo,
    distribute,
    go_rounds,
    hold_many,
    newest,
    read_run,
    reclaim,
    run_due,
    set_plan,
    wait,
)
from tests.simulation.crashes import Crash

DUE = MONDAY + timedelta(days=7)
LEASE = timedelta(seconds=61)
STEPS = 40


class Dying:
    """Lets the process die at its n-th commit, before or after it."""

    def __init__(self, company: Company, at: int, after: bool) -> None:
        self._left, self._after, self.died = at, after, False
        database = company.platform.parts["ownership"].database
        run: Callable[..., Any] = database.run

        def dying(work: Callable[[sa.Connection], Any]) -> Any:
            if self._left == 0:
                return run(work)
            self._left -= 1
            if self._left:
                return run(work)
            self.died = True

            def cut(connection: sa.Connection) -> Any:
                result = work(connection)
                if not self._after:
                    raise Crash("before commit")
                return result

            run(cut)
            raise Crash("after commit")

        database.run = dying  # type: ignore[method-assign]


def outcome(company: Company, run_id: str) -> dict[str, Any]:
    """Return everything that a run leaves behind, apart from ids and moments."""

    def rows(name: str, *columns: str) -> list[Any]:
        return sorted(
            tuple(str(row[column]) for column in columns)
            for row in table(company.platform, "ownership", name)
        )

    run = read_run(company, run_id)
    return {
        "state": (run.state, dict(run.counts)),
        "positions": rows("position", "customer_id", "location", "holder_id", "counted"),
        "moves": rows("position_change", "customer_id", "manner", "from_holder_id", "to_holder_id"),
        "items": rows("run_item", "customer_id", "outcome", "staff_id", "reason"),
        "counters": rows("quota_counter", "staff_id", "used", "held"),
        "decisions": rows("decision", "subject_id", "action", "outcome", "reason"),
        "events": sorted(
            (row["type"], row["subject"], row["sequence"])
            for row in table(company.platform, "ownership", "outbox")
            if row["type"].startswith("crm.ownership.holding.")
        ),
    }


def prepared(kind: str) -> tuple[Company, Callable[[], object]]:
    """Return a company, and what begins a run in it."""
    company = Company()
    company.platform.hire("gm", "刘总", ["general_manager"])
    if kind == "reclaim":
        hold_many(company, "li", 4, due=DUE)
        company.platform.now = DUE
        return company, lambda: run_due(company, "reclaim", "2026-03-09")
    set_plan(company, t.PLAN_MODE_EVEN_BY_REP)
    wait(company, 3)
    company.platform.now += timedelta(days=1)
    if kind == "distribution":
        return company, lambda: run_due(company, "distribution", "2026-03-03")
    run = distribute(company, "2026-03-03")
    company.platform.now += timedelta(hours=1)
    return company, lambda: ask_undo(company, run.run_id, "gm")


def carried_out(company: Company, begin: Callable[[], object], dying: Iterator[Dying]) -> str:
    """Begin a run and carry it on, by one process after another; return its id."""
    begin()
    run_id = newest(company).run_id
    for _ in range(STEPS):
        next(dying, None)
        try:
            go_rounds(company)
        except Crash:
            company.platform.now += LEASE
            continue
        if read_run(company, run_id).state == t.RUN_STATE_DONE:
            return run_id
        company.platform.now += LEASE
    raise AssertionError("it does not end")


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reclaiming, "BATCH", 2)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", ["reclaim", "distribution", "undo"])
def test_it_ends_alike_wherever_it_dies(kind: str, after: bool) -> None:
    company, begin = prepared(kind)
    whole = outcome(company, carried_out(company, begin, iter(())))
    for step in itertools.count(1):
        company, begin = prepared(kind)
        deaths: list[Dying] = []

        def die(company: Company = company, step: int = step, deaths: list[Dying] = deaths) -> Any:
            deaths.append(Dying(company, step, after))
            yield deaths[0]

        run_id = carried_out(company, begin, die())
        assert outcome(company, run_id) == whole, f"died at commit {step}"
        if not deaths[0].died:
            break
    assert step > 3


def test_a_run_that_dies_every_time_goes_on_every_time() -> None:
    company, begin = prepared("distribution")
    whole = outcome(company, carried_out(company, begin, iter(())))
    company, begin = prepared("distribution")
    run_id = carried_out(company, begin, (Dying(company, 3, True) for _ in range(STEPS)))
    assert outcome(company, run_id) == whole


def test_reclaiming_is_the_same_in_small_and_large_batches() -> None:
    outcomes = []
    for batch in (1, 100):
        reclaiming.BATCH = batch
        company, _ = prepared("reclaim")
        outcomes.append(outcome(company, reclaim(company, "2026-03-09").run_id))
    assert outcomes[0] == outcomes[1]
