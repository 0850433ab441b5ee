"""What is done around the moment when a customer is due: just before it, at it, just after."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm.activity.v1 import follow_ups_pb2 as activity
from crm.scheduler.v1 import scheduler_pb2 as scheduler

from cli.rehearsal.rows import moment
from tests.simulation.people import following
from tests.simulation.people.asking import command
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
MILLISECOND = timedelta(milliseconds=1)
HR = "hr"


def act(world: "World") -> Command:
    """Time passes until a customer is nearly due; then its holder's leave or visit is recorded."""
    coming = world.rows["ownership"].all(
        "SELECT due_at, customer_id, holder_id FROM position WHERE due_at > ?"
        " ORDER BY due_at, customer_id LIMIT 3",
        world.stored_now,
    )
    if not coming:
        return following.follow_up(world)
    due_at, customer_id, holder = world.random.choice(coming)
    due = moment(due_at)
    around = due + world.random.choice((-1, -1, -1, 0, 1)) * MILLISECOND
    world.pass_time(max(timedelta(0), around - world.now).total_seconds())
    if world.chance(0.5):
        return _leave(world, holder, due)
    return _visit(world, holder, customer_id)


def _leave(world: "World", holder: str, due: datetime) -> Command:
    """HR records that somebody was away on the last day before a deadline."""
    day = (due - MILLISECOND).astimezone(SHANGHAI).date().isoformat()
    request = scheduler.RecordLeaveRequest(
        staff_id=holder, first_date=day, last_date=day, reason="病假"
    )
    label = f"records leave of {holder} at a deadline"
    return command(world, label, world.scheduler.RecordLeave, request, HR)


def _visit(world: "World", holder: str, customer_id: str) -> Command:
    request = activity.RecordFollowUpRequest(
        customer_id=customer_id,
        kind=activity.FOLLOW_UP_KIND_VISIT,
        title="拜访",
        content=f"{following.CONTENT}{world.steps}",
    )
    label = f"follows up {customer_id} at its deadline"
    return command(world, label, world.follow_ups.RecordFollowUp, request, holder)
