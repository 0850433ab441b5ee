"""What is stored and shown is what the one function computes, whichever way a clock was moved."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from random import Random

from crm.scheduler.v1 import scheduler_pb2 as pb
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.unit import UnitOfWork
from services.scheduler.app import reckonings
from services.scheduler.domain.facts import State
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.domain.standing import due
from services.scheduler.store import clocks
from tests.service.scheduler.clockwork import FROZEN, RELEASED, THAWED, Clockwork
from tests.unit.scheduler.almanac import local

KINDS = ("follow_up", "follow_up", "void", "freeze", "thaw", "leave", "release", "grant")
STEPS = st.lists(st.sampled_from(KINDS), min_size=1, max_size=12)


@cache
def shared() -> Clockwork:
    """Return one scheduler for all examples: each has a customer and a rep of its own."""
    return Clockwork()


def happened(clockwork: Clockwork, customer: str, rep: str, steps: list[str]) -> list[str]:
    """Return the events of a story, one step a day; leave is recorded on the way."""
    told, frozen = [clockwork.granted(customer, rep)], ""
    followed: list[str] = []
    for step in steps:
        clockwork.platform.now += timedelta(hours=19)
        match step:
            case "follow_up":
                followed.append(clockwork.now)
                told.append(clockwork.followed_up(customer))
            case "void":
                followed = followed[:-1]
                told.append(clockwork.voided(customer, followed[-1] if followed else ""))
            case "freeze" if not frozen:
                frozen = clockwork.now
                told.append(clockwork.event(FROZEN, customer, freeze_time=frozen))
            case "thaw" if frozen:
                told.append(
                    clockwork.event(THAWED, customer, freeze_time=frozen, thaw_time=clockwork.now)
                )
                frozen = ""
            case "leave":
                day = f"{clockwork.platform.now + timedelta(days=2):%Y-%m-%d}"
                request = pb.RecordLeaveRequest(staff_id=rep, first_date=day, last_date=day)
                clockwork.call("RecordLeave", request, "hu")
            case "release":
                told.append(clockwork.event(RELEASED, customer))
            case "grant":
                told.append(clockwork.granted(customer, rep))
    return told


@given(STEPS, st.integers(0, 1 << 30))
@settings(max_examples=60, deadline=None)
def test_after_any_story_in_any_order(steps: list[str], seed: int) -> None:
    clockwork = shared()
    clockwork.platform.now = local("2026-03-02 09:00")
    name = clockwork.platform.new_id()
    customer, rep = f"c-{name[:8]}", f"p-{name[:8]}"
    clockwork.platform.hire(rep, "某人")
    clockwork.platform.settle()
    told = happened(clockwork, customer, rep, _days_apart(steps))
    shuffled = [*told, *told[:2]]
    Random(seed).shuffle(shuffled)
    clockwork.hear(*shuffled[: len(told) // 2])
    clockwork.round()
    clockwork.hear(*shuffled[len(told) // 2 :])
    clockwork.parts.tick(_checked(customer))
    clockwork.round()
    clockwork.parts.tick(_checked(customer))
    assert not _failed(clockwork)


def _checked(customer: str) -> Callable[[UnitOfWork], None]:
    def check(uow: UnitOfWork) -> None:
        clock = clocks.lock(uow, customer, "reclaim")
        assert clock
        policy = uow.policy(SchedulerPolicy)
        rule, company = policy.rules.clocks["reclaim"], reckonings.of_company(uow, policy)
        basis = clock.facts.basis
        assert basis
        person = reckonings.of_person(uow, company, rule, clock.facts.party_id, basis)
        expected = due(rule, clock.facts, person, clock.floor_at)
        assert clock.due_at == (expected.due_at if expected else None)
        assert (expected is None) == (clock.state in (State.PAUSED, State.STOPPED))

    return check


def _days_apart(steps: list[str]) -> list[str]:
    """Leave out a second leave, which would be on the day of the first or before it."""
    first = steps.index("leave") if "leave" in steps else len(steps)
    return [s for at, s in enumerate(steps) if s != "leave" or at == first]


def _failed(clockwork: Clockwork) -> bool:
    from tests.acceptance.actions import table

    return any(row["last_error"] for row in table(clockwork.platform, "scheduler", "inbox"))
