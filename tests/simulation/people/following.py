"""Reps follow customers up, as the standard wants it or not, and sign them."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm.activity.v1 import follow_ups_pb2 as activity

from tests.simulation.people.asking import any_customer, any_rep, command, mostly
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
CONTENT = "今天上门拜访人事经理，谈了续约和新的招聘套餐，约好下周再谈"


def follow_up(world: "World") -> Command:
    """A holder records a follow-up; one in four is too short, untitled or a repetition."""
    customer_id, who = held(world)
    valid = world.chance(0.75)
    content = f"{CONTENT}{world.steps}" if valid else world.random.choice((CONTENT, "已联系", ""))
    request = activity.RecordFollowUpRequest(
        customer_id=customer_id,
        kind=activity.FOLLOW_UP_KIND_VISIT,
        title="拜访" if world.chance(0.95) else "",
        content=content,
        validate_only=world.chance(0.03),
    )
    if world.chance(0.1):
        ago = timedelta(hours=world.random.choice((1, 20, 80, -1)))
        request.happen_time.FromDatetime(world.now - ago)
    label = f"follows up {customer_id}"
    method = world.follow_ups.RecordFollowUp
    return command(world, label, method, request, mostly(world, (who,)))


def sign(world: "World") -> Command:
    """Somebody signs a customer, not always her own; now and then for another day."""
    customer_id, who = held(world) if world.chance(0.7) else (any_customer(world)[0], "li")
    day = world.now.astimezone(SHANGHAI).date() - timedelta(days=world.random.choice((0, 0, 1, -1)))
    request = activity.RecordSigningRequest(
        customer_id=customer_id,
        staff_id="me",
        sign_date=day.isoformat(),
        amount_cents=world.random.randint(1, 9) * 100_000,
    )
    who = who if world.chance(0.6) else any_rep(world)
    return command(world, f"signs {customer_id}", world.signings.RecordSigning, request, who)


def held(world: "World") -> tuple[str, str]:
    """Return a customer in a library and its holder, those whose deadline is near more often."""
    found = world.rows["ownership"].all(
        "SELECT customer_id, holder_id FROM position WHERE holder_id IS NOT NULL"
        " ORDER BY due_at, customer_id"
    )
    if not found:
        return "nothing", "li"
    return found[min(int(world.random.expovariate(0.5)), len(found) - 1)]
