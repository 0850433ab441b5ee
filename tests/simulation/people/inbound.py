"""Companies call, and Customer Service routes them."""

from typing import TYPE_CHECKING

from crm.ownership.v1 import leads_pb2 as leads

from tests.simulation.people import entering
from tests.simulation.people.asking import REVIEWERS, command
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World


def route(world: "World") -> Command:
    """A clerk routes a call by one of her duplicate checks; at first she checks."""
    clerk = world.random.choice(REVIEWERS)
    checks = world.rows["customers"].all(
        "SELECT check_id, full_name FROM duplicate_check WHERE checker_id = ?"
        " ORDER BY checked_at DESC, check_id LIMIT 4",
        clerk,
    )
    if not checks or world.chance(0.5):
        return entering.check_as(world, clerk)
    check_id, name = world.random.choice(checks)
    request = leads.RouteLeadRequest(
        kind=leads.LEAD_KIND_CALL,
        full_name=name,
        contact="何小姐",
        phone="028-85551234",
        check_id=check_id if world.chance(0.95) else "",
        not_listed=world.chance(0.5),
    )
    return command(world, f"routes {name}", world.leads.RouteLead, request, clerk)
