"""Customer Service assesses calls, spot-checks records, and confirms violations."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm.activity.v1 import conduct_pb2 as conduct

from tests.simulation.people import following
from tests.simulation.people.asking import REVIEWERS, any_rep, command, mostly
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
BAD = (conduct.SPOT_CHECK_RESULT_SUBSTANDARD, conduct.SPOT_CHECK_RESULT_FAKED)


def assess(world: "World") -> Command:
    """A clerk records whether somebody passed the call assessment of last week, or of another."""
    today = world.now.astimezone(SHANGHAI).date()
    monday = today - timedelta(days=today.weekday() + 7 * world.random.choice((0, 1, 1, 1, 2)))
    request = conduct.RecordCallAssessmentRequest(
        staff_id=any_rep(world), week_start=monday.isoformat(), passed=world.chance(0.8)
    )
    who = mostly(world, REVIEWERS)
    label = f"assesses {request.staff_id}"
    return command(world, label, world.conduct.RecordCallAssessment, request, who)


def spot_check(world: "World") -> Command:
    """A clerk looks at a follow-up or a call; most follow-ups that are looked at are void then."""
    found = world.rows["activity"].column(
        "SELECT follow_up_id FROM follow_up WHERE valid ORDER BY position DESC LIMIT 6"
    )
    request = conduct.RecordSpotCheckRequest(evidence="回访核实")
    request.result = (
        world.random.choice(BAD) if world.chance(0.7) else conduct.SPOT_CHECK_RESULT_GENUINE
    )
    if world.chance(0.15):
        request.kind = conduct.SPOT_CHECK_KIND_CALL
        request.staff_id, request.call_reference = any_rep(world), "0301-7"
    elif found:
        request.kind = conduct.SPOT_CHECK_KIND_FOLLOW_UP
        request.follow_up_id = world.random.choice(found)
    else:
        return following.follow_up(world)
    who = mostly(world, REVIEWERS)
    return command(world, "spot-checks", world.conduct.RecordSpotCheck, request, who)


def violate(world: "World") -> Command:
    """A violation is confirmed, or one that was is revoked."""
    known = world.rows["activity"].column(
        "SELECT violation_id FROM violation ORDER BY violation_id"
    )
    if known and world.chance(0.3):
        revoke = conduct.RevokeViolationRequest(
            violation_id=world.random.choice(known), reason="申诉成立"
        )
        who = mostly(world, ("marketing",))
        return command(world, "revokes", world.conduct.RevokeViolation, revoke, who)
    request = conduct.ConfirmViolationRequest(
        staff_id=any_rep(world), clause=world.random.choice(("H-3.1b", "")), evidence="未查重"
    )
    who = mostly(world, REVIEWERS)
    label = f"confirms a violation of {request.staff_id}"
    return command(world, label, world.conduct.ConfirmViolation, request, who)
