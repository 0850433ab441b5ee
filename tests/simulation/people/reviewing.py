"""Reviewers take cases and decide them; applicants withdraw theirs."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm.review.v1 import review_pb2 as review

from chassis.local import LocalRpcError
from tests.simulation.crashes import Crash
from tests.simulation.people import entering
from tests.simulation.people.asking import (
    EVERYBODY,
    command,
    mostly,
    open_cases,
    reviewer,
)
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")

CHECKED = ("register", "claim")
"""The flows whose cases want both tests of the review."""


def take(world: "World") -> Command:
    """A reviewer takes a case."""
    found = open_cases(world, "role")
    if not found:
        return entering.submit(world)
    case_id, role = world.random.choice(found)
    request = review.TakeCaseRequest(case_id=case_id)
    who = reviewer(world, role)
    return command(world, f"takes {case_id}", world.review.TakeCase, request, who)


def give_back(world: "World") -> Command:
    """A reviewer returns a case, perhaps one that she never took."""
    found = open_cases(world, "reviewer_id")
    case_id, who = world.random.choice(found) if found else ("nothing", None)
    request = review.ReturnCaseRequest(case_id=case_id)
    who = mostly(world, (who or "zhou",))
    return command(world, f"returns {case_id}", world.review.ReturnCase, request, who)


def decide(world: "World") -> Command:
    """A reviewer decides a case, mostly one that she has taken."""
    taken = [row for row in open_cases(world, "reviewer_id, flow, version") if row[1]]
    if not taken:
        return take(world)
    case_id, who, flow, version = world.random.choice(taken)
    if world.chance(0.1):
        who = world.random.choice(EVERYBODY)
    approve = world.chance(0.75)
    complete = approve or world.chance(0.1)
    request = review.DecideCaseRequest(
        case_id=case_id,
        verdict=review.VERDICT_APPROVE if approve else review.VERDICT_REJECT,
        reason=world.random.choice(("", "已核实", "已核实")),
        checks={"not_duplicate": True, "complete": complete} if flow in CHECKED else {},
        etag=str(version) if world.chance(0.3) else "",
    )
    for name in asked(world, case_id, who):
        request.answers[name] = world.random.choice(("li", "zhao", "x"))
    label = f"{'approves' if approve else 'rejects'} {flow} {case_id}"
    return command(world, label, world.review.DecideCase, request, who)


def asked(world: "World", case_id: str, who: str) -> list[str]:
    """Return what the step of a case asks its decider to state; nothing if she may not see it."""
    request = review.GetCaseRequest(case_id=case_id)
    try:
        case = world.call(world.review.GetCase, request, who).case
    except (LocalRpcError, Crash):
        return []
    return [ask.name for ask in case.asks]


def withdraw(world: "World") -> Command:
    """A rep withdraws a case."""
    found = open_cases(world, "applicant_id")
    case_id, who = world.random.choice(found) if found else ("nothing", "li")
    request = review.WithdrawCaseRequest(case_id=case_id)
    who = mostly(world, (who,))
    return command(world, f"withdraws {case_id}", world.review.WithdrawCase, request, who)
