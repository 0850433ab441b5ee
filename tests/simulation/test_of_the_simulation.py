"""The simulation notices what it is there to notice."""

from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from chassis import inbox, tables
from services.customers.store import identities
from services.ownership.app import reclaiming
from services.ownership.domain.turns import Turn
from services.ownership.store import quotas, rotas
from services.scheduler.app import hearing
from services.scheduler.domain import facts
from services.scheduler.store import clocks
from tests.simulation import crashes, midway, replaying, schedule
from tests.simulation.broken import Broken
from tests.simulation.people import conducting, entering, following, inbound, reviewing, rules
from tests.simulation.schedule import simulate
from tests.simulation.world import World

SEEDS = 60
DAYS = 10.0
BUSY_DAYS = 3.0
UNTIL_TUESDAY = 1.5


def simulate_some(days: float = DAYS) -> None:
    for seed in range(SEEDS):
        simulate(seed, days)


def only(monkeypatch: pytest.MonkeyPatch, *actions: Any) -> None:
    """Let people do nothing but these actions, while messages travel."""
    happen = {schedule._ask(action): 20 for action in actions}  # noqa: SLF001
    only_steps(monkeypatch, happen | {schedule._long_time: 1})  # noqa: SLF001


def only_steps(monkeypatch: pytest.MonkeyPatch, steps: dict[Any, int]) -> None:
    """Let nothing happen but these steps, while messages travel."""
    calls = steps | {schedule._deliver: 6, schedule._relay: 6}  # noqa: SLF001
    monkeypatch.setattr(schedule, "_CHOICES", tuple(calls))
    monkeypatch.setattr(schedule, "_WEIGHTS", tuple(calls.values()))


def test_it_fails_when_repeated_messages_are_handled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the inbox's memory some event takes effect twice."""
    insert = sqlite.insert(tables.inbox)
    always = insert.on_conflict_do_update(
        index_elements=["consumer", "event_id"],
        set_={"done_at": insert.excluded.done_at, "next_at": None, "parked_at": None},
    )
    monkeypatch.setitem(inbox._CLAIM, "sqlite", always)  # noqa: SLF001
    happens = crashes.Crashes.happens

    def often(self: crashes.Crashes, point: str, probability: float) -> bool:
        return happens(self, point, 0.5 if point == "delivered twice" else probability)

    monkeypatch.setattr(crashes.Crashes, "happens", often)
    only(monkeypatch, entering.submit, reviewing.take, reviewing.decide)
    with pytest.raises(AssertionError, match=r"^seed "):
        simulate_some(BUSY_DAYS)


def test_it_fails_when_a_slot_is_taken_without_asking_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A grant above the limit is noticed, though every counter agrees with what is held."""

    def hold(uow: object, staff_id: str, limit: object) -> None:
        quotas.change(uow, staff_id, held=1)  # type: ignore[arg-type]

    monkeypatch.setattr(quotas, "hold_slot", hold)
    only(monkeypatch, entering.submit)
    with pytest.raises(AssertionError, match=r"I2 limit"):
        simulate_some(BUSY_DAYS)


def test_it_fails_when_a_closed_case_frees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reservation that outlives its case is noticed."""
    monkeypatch.setattr(identities, "close_case", lambda uow, case_id: None)
    with pytest.raises(AssertionError, match=r"no identity leaks"):
        simulate_some()


def test_it_fails_when_customers_are_reclaimed_without_asking_activity(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A follow-up whose message is still on its way does not count, and that is noticed (I4)."""
    settle = reclaiming.settle
    monkeypatch.setattr(
        reclaiming, "settle", lambda uow, batch, _, later: settle(uow, batch, {}, later)
    )
    only_steps(monkeypatch, {schedule._at_the_last_minute: 6})  # noqa: SLF001
    with pytest.raises(AssertionError, match=r"I4"):
        simulate_some()


def test_it_fails_when_customers_are_reclaimed_without_asking_the_scheduler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Leave whose message is still on its way does not count, and that is noticed (I4)."""
    settle = reclaiming.settle

    monkeypatch.setattr(
        reclaiming, "settle", lambda uow, batch, last, _: settle(uow, batch, last, {})
    )
    only_steps(monkeypatch, {schedule._at_the_last_minute: 6})  # noqa: SLF001
    with pytest.raises(AssertionError, match=r"I4"):
        simulate_some(BUSY_DAYS)


def test_it_fails_when_a_void_follow_up_does_not_move_the_deadline_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A clock that only ever moves forward shows a deadline that is not the one of the book."""

    def forward(known: facts.Facts, fact: Any) -> facts.Facts:
        moved = known.moved_at if isinstance(fact, facts.Moved) else None
        if moved and (fact.at is None or fact.at < moved):
            return known
        return joined(known, fact)

    joined = facts.join
    monkeypatch.setattr(hearing, "join", forward)
    monkeypatch.setattr(clocks, "move", lambda *_, **__: None)
    only(monkeypatch, following.follow_up, conducting.spot_check)
    with pytest.raises(AssertionError, match=r"I8"):
        simulate_some(UNTIL_TUESDAY)


@pytest.fixture
def midway_world() -> World:
    """A world on its first evening, with messages on their way."""
    world = World(0)
    world.step = lambda _: None
    for name in world.parts:
        schedule.go_round(world, name)
    world.send(following.follow_up(world))
    world.send(rules.change_staff(world))
    for _ in range(60):
        for name in world.parts:
            world.bus.relay(name, "a")
        world.bus.deliver()
    world.send(following.follow_up(world))
    world.awaited.follow(world)
    assert world.awaited.unhandled
    return world


def test_it_fails_when_another_deadline_is_shown_midway(midway_world: World) -> None:
    midway.check_deadlines(midway_world)
    rows, settled = midway_world.rows["ownership"], midway_world.awaited.concerned()
    held = "SELECT customer_id FROM position WHERE holder_id IS NOT NULL AND due_at IS NOT NULL"
    shown = next(one for one in rows.column(held) if one not in settled)
    later = "UPDATE position SET due_at = datetime(due_at, '+1 hour') WHERE customer_id = ?"
    rows.all(later, shown)
    with pytest.raises(Broken, match=r"I8 the deadline shown is the one enforced"):
        midway.check_deadlines(midway_world)


def test_it_fails_when_a_projection_cannot_be_had_again_midway(midway_world: World) -> None:
    replaying.check(midway_world)
    changed = midway_world.rows["customers"].all(
        "UPDATE colleague SET team = 'elsewhere' WHERE sequence > 0 RETURNING staff_id"
    )
    assert changed
    with pytest.raises(Broken, match=r"I10 the same again"):
        replaying.check(midway_world)


def test_it_fails_when_whose_turn_it_is_lives_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn that was passed on by a transaction which never committed is lost."""
    remembered: dict[object, Turn] = {}

    def lock(uow: object, *ring: object) -> tuple[Turn, int]:
        turn, version = locked(uow, *ring)
        return remembered.get(ring, turn), version

    def pass_on(uow: object, week: object, scheme: str, ring: str, turn: Any, at: int) -> bool:
        remembered[week, scheme, ring] = turn
        return passed(uow, week, scheme, ring, turn, at)

    locked: Any = rotas.lock_turn
    passed: Any = rotas.pass_turn
    monkeypatch.setattr(rotas, "lock_turn", lock)
    monkeypatch.setattr(rotas, "pass_turn", pass_on)

    only(monkeypatch, inbound.route)
    monkeypatch.setattr(crashes, "BEFORE_COMMIT", 0.1)

    def simulate_each() -> None:
        for seed in range(SEEDS):
            remembered.clear()
            simulate(seed, BUSY_DAYS)

    with pytest.raises(AssertionError, match=r"nobody loses a turn"):
        simulate_each()
