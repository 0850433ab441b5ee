"""People are away, and the company works on other days than the calendar says."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm.scheduler.v1 import scheduler_pb2 as scheduler

from tests.simulation.people.asking import any_rep, command, mostly
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
HR = "hr"


def take_leave(world: "World") -> Command:
    """HR records somebody's leave: ahead, begun already, or long over."""
    first = world.now.astimezone(SHANGHAI).date() + timedelta(days=world.random.randint(-3, 6))
    request = scheduler.RecordLeaveRequest(
        staff_id=any_rep(world),
        first_date=first.isoformat(),
        last_date=(first + timedelta(days=world.random.randint(0, 4))).isoformat(),
        reason="年假",
    )
    who = mostly(world, (HR,))
    label = f"records leave of {request.staff_id}"
    return command(world, label, world.scheduler.RecordLeave, request, who)


def cancel_leave(world: "World") -> Command:
    """HR takes a leave back."""
    found = world.rows["scheduler"].column("SELECT leave_id FROM leave ORDER BY leave_id")
    if not found:
        return take_leave(world)
    request = scheduler.CancelLeaveRequest(leave_id=world.random.choice(found), reason="销假")
    return command(world, "cancels leave", world.scheduler.CancelLeave, request, HR)


def publish_days(world: "World") -> Command:
    """HR makes a day of the next weeks a working day or a day off."""
    request = scheduler.PublishCalendarDaysRequest(reason="公司安排")
    today = world.now.astimezone(SHANGHAI).date()
    for _ in range(world.random.randint(1, 2)):
        day = today + timedelta(days=world.random.randint(0, 12))
        request.days.add(date=day.isoformat(), working=world.chance(0.4), zh="公司安排")
    who = mostly(world, (HR,))
    return command(world, "publishes days", world.scheduler.PublishCalendarDays, request, who)
