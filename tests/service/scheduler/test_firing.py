"""Everything that is due is announced once and in order, whoever looks and whenever."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from chassis.policies import InForce
from chassis.rounds import Peers
from chassis.service import assemble
from chassis.unit import UnitOfWork
from services.scheduler.app import firing
from services.scheduler.app.announcing import MOST_BYTES, announce
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.parts import SCHEDULER
from services.scheduler.store.clocks import Announced
from services.scheduler.store.tables import run_tick
from tests.platform import Platform
from tests.service.scheduler.clockwork import (
    DUE,
    RUN_DUE,
    WARNED,
    Clockwork,
    entries,
    read,
    runs,
)
from tests.system.plugin import NewDatabase
from tests.unit.scheduler.almanac import local


def fill(clockwork: Clockwork, count: int, since: str = "2026-03-02 09:00") -> None:
    """Start clocks that are due on different days, the later subjects earlier."""
    start = local(since)
    bodies = []
    for number in range(count):
        clockwork.platform.now = start + timedelta(days=count - number)
        bodies.append(clockwork.granted(f"c{number:04}"))
    clockwork.platform.now = start
    clockwork.hear(*bodies)


def test_a_jump_forward_fires_all_in_due_order(
    clockwork: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "BATCH", 4)
    fill(clockwork, 14)
    clockwork.at("2026-06-01 00:00")
    announced = clockwork.round()
    due = entries(announced, DUE)
    times = [entry["due_time"] for entry in due]
    assert (len(due), times) == (14, sorted(times))
    assert len({entry["subject_id"] for entry in due}) == 14
    assert entries(announced, WARNED) == []
    assert entries(clockwork.round(), DUE) == []


def test_a_jump_back_fires_nothing_twice(clockwork: Clockwork) -> None:
    clockwork.hear(clockwork.granted())
    clockwork.at("2026-03-10 00:10")
    first = clockwork.round()
    assert (len(entries(first, DUE)), "reclaim 2026-03-10" in runs(first)) == (1, True)
    clockwork.at("2026-03-09 12:00")
    assert clockwork.round() == []
    assert clockwork.passes("2026-03-10 00:10") == []


def test_only_what_is_still_to_come_is_warned_of(clockwork: Clockwork) -> None:
    fill(clockwork, 3)
    clockwork.at("2026-03-10 08:00")
    announced = clockwork.round()
    assert [entry["subject_id"] for entry in entries(announced, DUE)] == []
    assert [read(e["due_time"]) for e in entries(announced, WARNED)] == ["2026-03-11 00:00"]


def test_after_a_pause_of_everything_each_run_is_made_up_for(clockwork: Clockwork) -> None:
    clockwork.at("2026-03-02 13:00")
    assert runs(clockwork.round()) == [
        "distribution 2026-03-02",
        "distribution_deadline 2026-03-02",
    ]
    clockwork.at("2026-03-04 00:06")
    made_up = runs(clockwork.round())
    assert made_up == [
        "spot_check 2026-03-02",
        "reclaim 2026-03-03",
        "distribution 2026-03-03",
        "distribution_deadline 2026-03-03",
        "spot_check 2026-03-03",
        "reclaim 2026-03-04",
    ]
    assert clockwork.round() == []


def test_a_long_pause_is_made_up_for_in_parts(
    clockwork: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "OCCURRENCES", 5)
    clockwork.at("2026-05-02 00:00")
    announced = clockwork.round()
    found = runs(announced)
    assert len(found) == len(set(found))
    assert found.count("month_end 2026-03-31") == found.count("month_end 2026-04-30") == 1
    assert sum(name.startswith("distribution ") for name in found) == 61
    assert sum(name.startswith("rota ") for name in found) == 8
    assert "spot_check 2026-04-06" not in found  # a holiday
    assert "spot_check 2026-05-01" not in found
    due = [event for event in announced if event.type == RUN_DUE]
    with clockwork.parts.database.read() as connection:
        by_time = connection.execute(sa.select(run_tick).order_by(run_tick.c.due_at)).all()
    assert [event.subject.split("/")[1] for event in due] == [f"{row.day}" for row in by_time]


def test_a_scheduler_without_rules_does_nothing() -> None:
    platform = Platform()
    for work in SCHEDULER.rounds.values():
        platform.parts["scheduler"].round(work, Peers())
    assert platform.settle() == []


def test_events_stay_below_their_limit(clockwork: Clockwork) -> None:
    def collect(uow: UnitOfWork) -> None:
        policy: InForce[SchedulerPolicy] = uow.policy(SchedulerPolicy)
        kept = {"full_name": "海" * 200}
        row = Announced("c", "reclaim", "p", kept, uow.now, uow.now, None, 1)
        rows = [row] * 500
        announce(uow, DUE, policy, rows, 1)

    clockwork.parts.tick(collect)
    bodies = [event.body for event in clockwork.platform.settle() if event.type == DUE]
    assert sum(body.count('"subject_id"') for body in bodies) == 500
    assert all(len(body.encode()) < MOST_BYTES + 4096 for body in bodies)


def test_two_schedulers_fire_everything_once(postgres_url: NewDatabase) -> None:
    url = postgres_url("scheduler")
    clockwork = Clockwork(url)
    fill(clockwork, 60)
    other = assemble(SCHEDULER, url, lambda: clockwork.platform.now)
    clockwork.at("2026-07-01 00:00")
    start = threading.Barrier(2)

    def go(parts: object) -> None:
        start.wait(10)
        for work in SCHEDULER.rounds.values():
            (other if parts else clockwork.parts).round(work, Peers())

    threads = [threading.Thread(target=go, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    announced = [*clockwork.platform.settle(), *clockwork.round()]
    due = [entry["subject_id"] for entry in entries(announced, DUE)]
    assert sorted(due) == [f"c{number:04}" for number in range(60)]
    assert len(runs(announced)) == len(set(runs(announced))) > 400
    for parts in (other, clockwork.parts):
        parts.database.close()
