"""One seed, one schedule: random steps, then the faults end and everything must come to rest."""

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from crm.ownership.v1 import runs_pb2 as runs

from chassis.kernel import Kind, Refused
from chassis.relay import Relay
from tests.platform import MONDAY
from tests.simulation import ending, midway, probing, replaying, turns
from tests.simulation.broken import Broken, require
from tests.simulation.crashes import Crash
from tests.simulation.milestones import Milestones
from tests.simulation.people import (
    absence,
    conducting,
    disputing,
    entering,
    following,
    inbound,
    keeping,
    last_minute,
    reviewing,
    rules,
    running,
)
from tests.simulation.world import Command, World

LOGGED = 40
DAYS = 70
"""How long a life is: from Monday 2 March 2026 over Qingming, two ends of a month and the holidays
of May to the Saturday after them that is worked."""
ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Report:
    """What a schedule went through."""

    seed: int
    steps: int
    days: float
    faults: Counter[str]
    happened: Counter[str]


def simulate(seed: int, days: float = DAYS, *, thorough: bool = False) -> Report:
    """Run a schedule; AssertionError with the seed and the last steps when something broke.

    The whole is checked every virtual day and I10 every week; both after every step if `thorough`.
    """
    world = World(seed)
    milestones = Milestones(world)
    try:
        with _quietly():
            world.step = _step
            world.crashes.on = True
            while world.now < MONDAY + timedelta(days=days):
                world.steps += 1
                today = world.now.date()
                _step(world)
                milestones.pass_by()
                midway.check(world, today, thorough=thorough)
            world.crashes.on = False
            _come_to_rest(world)
            ending.check(world)
            turns.check(world)
            world.awaited.follow(world)
            replaying.check(world)
    except Broken as broken:
        lines = "\n".join(world.log if os.environ.get("SIM_LOG") == "all" else world.log[-LOGGED:])
        raise AssertionError(f"seed {seed}: {broken}\nthe last steps:\n{lines}") from None
    lived = (world.now - MONDAY) / timedelta(days=1)
    return Report(seed, world.steps, lived, world.crashes.counted, ending.happened(world))


def _ask(make: Callable[[World], Command]) -> Callable[[World], None]:
    def step(world: World) -> None:
        _send(world, make(world))

    return step


def _send(world: World, command: Command) -> None:
    if not world.send(command) or world.chance(0.03):
        world.unanswered.append(command)


def _again(world: World) -> None:
    if not world.unanswered:
        return
    command = world.random.choice(world.unanswered)
    if world.send(command) and world.chance(0.7) and command in world.unanswered:
        world.unanswered.remove(command)


def _relay(world: World) -> None:
    for service in world.parts:
        if _unsent(world, service) and world.chance(0.6):
            world.note(f"  {service} relays")
            world.bus.relay(service, world.random.choice(("a", "a", "b")))


def _unsent(world: World, service: str) -> bool:
    return bool(world.rows[service].one("SELECT 1 FROM outbox WHERE published_at IS NULL"))


def _to_retry(world: World, service: str) -> bool:
    return bool(world.rows[service].one("SELECT 1 FROM inbox WHERE next_at IS NOT NULL"))


def _retry(world: World) -> None:
    service = world.random.choice(tuple(world.parts))
    try:
        if _to_retry(world, service):
            world.parts[service].inbox().retry_due()
    except Crash as crash:
        world.note(f"  dies retrying {crash}")


def _tick(world: World) -> None:
    for parts in world.parts.values():
        for work in parts.service.ticks.values():
            try:
                parts.tick(work)
            except Crash as crash:
                world.note(f"  dies ticking {crash}")


def _round(world: World) -> None:
    """A service goes round: it may lose its peers, and die between its transactions."""
    name = world.random.choice([n for n, parts in world.parts.items() if parts.service.rounds])
    go_round(world, name)


def go_round(world: World, name: str) -> None:
    """Let a service do the recurring work that asks others."""
    parts = world.parts[name]
    for work in parts.service.rounds.values():
        try:
            parts.round(work, world.peers(name))
        except Crash as crash:
            world.note(f"  {name} dies going round {crash}")
        except Refused as refused:
            if refused.kind not in (Kind.UNAVAILABLE, Kind.UNAUTHENTICATED):
                raise
            world.note(f"  {name} reaches nobody going round")


def _replay(world: World) -> None:
    parts = world.parts[world.random.choice(tuple(world.parts))]
    try:
        Relay(parts.database, parts.clock, world.bus, "a").replay(world.now - timedelta(minutes=5))
    except Crash as crash:
        world.note(f"  dies replaying {crash}")


def _time(world: World) -> None:
    world.pass_time(world.random.choice((1, 1, 3, 3, 10, 10, 20, 70, 1900)))


def _long_time(world: World) -> None:
    """Hours or days pass; nobody comes to the office, and no process runs."""
    world.pass_time(world.random.choice((3, 8, 16, 24, 24, 48, 72, 96)) * 3600)


def _working(world: World) -> None:
    """Every service goes round, as it does every few seconds, and what it says is delivered."""
    for name in world.parts:
        go_round(world, name)
        world.bus.relay(name, "a")
    for _ in range(world.random.randint(1, 12)):
        world.bus.deliver()


def _deliver(world: World) -> None:
    for _ in range(world.random.randint(1, 6)):
        world.bus.deliver()


def _at_the_last_minute(world: World) -> None:
    """Something is done around a deadline; then it is past, and messages travel at their pace."""
    _send(world, last_minute.act(world))
    world.pass_time(world.random.choice((60, 600, 7200)))
    for _ in range(world.random.randint(1, 3)):
        _working(world)


ACTIONS: dict[Callable[[World], None], float] = {
    _deliver: 26,
    _relay: 24,
    _time: 10,
    _retry: 6,
    _again: 6,
    _tick: 3,
    _round: 8,
    _working: 5,
    _long_time: 20,
    _replay: 1,
    probing.probe: 3,
    _ask(entering.check): 8,
    _ask(entering.submit): 10,
    _ask(entering.bring_into_pool): 5,
    _ask(entering.claim_by_case): 9,
    _ask(entering.claim_at_once): 6,
    _ask(reviewing.take): 14,
    _ask(reviewing.give_back): 1,
    _ask(reviewing.decide): 16,
    _ask(reviewing.withdraw): 1,
    _ask(keeping.mark): 12,
    _ask(keeping.supplement): 6,
    _ask(following.follow_up): 14,
    _ask(following.sign): 2,
    _ask(absence.take_leave): 1.5,
    _at_the_last_minute: 3,
    _ask(absence.cancel_leave): 0.7,
    _ask(absence.publish_days): 0.7,
    _ask(inbound.route): 7,
    _ask(running.resume): 1,
    _ask(running.cancel): 0.4,
    _ask(running.undo): 0.7,
    _ask(running.plan): 1.5,
    _ask(disputing.raise_dispute): 2,
    _ask(disputing.report_duplicate): 1,
    _ask(disputing.appeal): 0.5,
    _ask(disputing.depart): 0.5,
    _ask(disputing.propose): 1,
    _ask(disputing.execute): 1.5,
    _ask(conducting.assess): 3,
    _ask(conducting.spot_check): 4,
    _ask(conducting.violate): 1,
    _ask(rules.change_staff): 3,
    _ask(rules.change_policy): 0.8,
}
"""What happens, and how often compared with the rest."""

_CHOICES, _WEIGHTS = tuple(ACTIONS), tuple(ACTIONS.values())


def _step(world: World) -> None:
    world.random.choices(_CHOICES, _WEIGHTS)[0](world)


def _come_to_rest(world: World) -> None:
    """Let time pass, deliver everything, try again and give up, until nothing is left.

    Then another day passes, on which everything happens that has been due before.
    """
    for command in world.unanswered:
        if world.chance(0.5):
            world.send(command)
    plan = running.plan(world)
    plan.request.validate_only = False
    world.send(replace(plan, who="boss"))
    _settle(world)
    ending.check_deadlines(world)
    for _ in range(2):
        world.pass_time(86400)
        _settle(world)


def _settle(world: World) -> None:
    for _ in range(ROUNDS):
        world.pass_time(61 if world.bus.flying else 1900)
        _tick(world)
        for run_id in running.stopped(world):
            request = runs.ResumeRunRequest(run_id=run_id, request_id=world.new_id())
            world.send(Command(f"resumes {run_id}", world.runs.ResumeRun, request, "boss"))
        for reallocation_id in disputing.consented(world):
            world.send(disputing.execution(world, reallocation_id))
        for name in world.parts:
            go_round(world, name)
        for name, parts in world.parts.items():
            if _to_retry(world, name):
                parts.inbox().retry_due()
        sent = sum(world.bus.relay(name, "a") for name in world.parts if _unsent(world, name))
        while world.bus.flying:
            world.bus.deliver()
        if not sent and ending.at_rest(world):
            return
    require(False, "it comes to rest", waiting=ending.waiting(world))


@contextmanager
def _quietly() -> Iterator[None]:
    """Failures that the inbox tries again later are part of the plan: nothing is logged."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
