"""Staff and policies change."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm.operations.v1 import operations_pb2 as operations
from crm.ownership.v1 import ownership_pb2 as ownership

from chassis.kernel import Identity
from tests.simulation.packs import VARIANTS, changed_pack
from tests.simulation.people.asking import (
    any_rep,
    command,
    hired,
    mostly,
)
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")


def change_staff(world: "World") -> Command:
    """Somebody's limit, department or team changes; the person signs in again at once or later."""
    who = any_rep(world)
    staff = ownership.Staff(
        staff_id=who,
        personal_limit_count=world.random.choice((0, 0, 1, 2, 4)),
        department=world.random.choice(("sales", "sales", "KA")),
        team=world.random.choice(("1", "2")),
    )
    fields = world.random.choice((("personal_limit_count",), ("department", "team"), ("team",)))
    old = world.people[who]
    if "team" in fields and world.chance(0.5):
        department = staff.department if "department" in fields else old.department
        world.people[who] = Identity(who, old.name, old.roles, department, staff.team)
    request = ownership.UpdateStaffRequest(staff=staff, fields=fields)
    label = f"changes {who}: {', '.join(fields)}"
    return command(world, label, world.staff.UpdateStaff, request, mostly(world, ("admin",)))


def hire(world: "World") -> Command:
    """HR's clerk hires a rep, of whom nobody has heard yet."""
    who = f"new-{len(hired(world))}"
    today = f"{world.now.astimezone(SHANGHAI):%Y-%m-%d}"
    staff = ownership.Staff(
        staff_id=who,
        display_name="新人",
        hire_date=today,
        department="sales",
        team=world.random.choice(("1", "2")),
        roles=["sales_rep"],
    )
    world.people[who] = Identity(who, "新人", frozenset(staff.roles), staff.department, staff.team)
    request = ownership.CreateStaffRequest(staff=staff)
    return command(world, f"hires {who}", world.staff.CreateStaff, request, "admin")


def change_policy(world: "World") -> Command:
    """Other limits, or consent no longer wanted, from now or from some time ahead."""
    service = world.random.choice(("ownership", "ownership", "review", "scheduler"))
    pack = changed_pack(world.random.randrange(len(VARIANTS)), world.random.choice((1, 2, 3)))
    request = operations.ApplyPolicyRequest(
        service=service, pack=pack.meta.name, time_zone=pack.meta.time_zone
    )
    request.effective_time.FromDatetime(
        world.now + timedelta(seconds=world.random.choice((0, 60, 3600, 86400)))
    )
    request.section.update(pack.sections[service].to_json())
    method = world.operations(service).ApplyPolicy
    return command(world, f"changes {service}'s policy", method, request, "admin")
