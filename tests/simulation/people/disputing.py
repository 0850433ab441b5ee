"""Whose a signing is, which of two records is the customer; who leaves, and what becomes of it."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm.ownership.v1 import ownership_pb2 as ownership
from crm.ownership.v1 import reallocations_pb2 as reallocations
from crm.ownership.v1 import rulings_pb2 as rulings

from tests.simulation.people import following
from tests.simulation.people.asking import REVIEWERS, any_customer, any_rep, command, hired, mostly
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")


def raise_dispute(world: "World") -> Command:
    """Somebody whom a signing concerns, or does not, claims the performance."""
    found = world.rows["activity"].column("SELECT signing_id FROM signing ORDER BY position")
    if not found:
        return following.sign(world)
    request = rulings.RaiseDisputeRequest(signing_id=world.random.choice(found))
    return command(world, "disputes", world.rulings.RaiseDispute, request, any_rep(world))


def report_duplicate(world: "World") -> Command:
    """A holder, or a clerk, reports that two records are one customer."""
    customer_id, holder = following.held(world)
    other, _ = any_customer(world)
    request = rulings.ReportDuplicateRequest(customer_id=customer_id, other_customer_id=other)
    who = mostly(world, (holder, *REVIEWERS))
    label = f"reports {customer_id} and {other}"
    return command(world, label, world.rulings.ReportDuplicate, request, who)


def appeal(world: "World") -> Command:
    """Somebody appeals against a ruling."""
    found = world.rows["ownership"].column("SELECT dispute_id FROM ruling ORDER BY dispute_id")
    if not found:
        return raise_dispute(world)
    request = rulings.AppealRulingRequest(dispute_id=world.random.choice(found), reason="不服")
    return command(world, "appeals", world.rulings.AppealRuling, request, any_rep(world))


def depart(world: "World") -> Command:
    """HR records that one of two reps leaves, or somebody who was hired since."""
    request = ownership.RecordDepartureRequest(
        staff_id=world.random.choice(("wang", "ma", *hired(world))),
        kind=ownership.DEPARTURE_KIND_LEFT,
        departure_date=f"{world.now.astimezone(SHANGHAI):%Y-%m-%d}",
    )
    label = f"records that {request.staff_id} leaves"
    return command(world, label, world.staff.RecordDeparture, request, mostly(world, ("hr",)))


def propose(world: "World") -> Command:
    """A supervisor plans what becomes of a leaver's customers, or moves some within the team."""
    leaver = world.random.choice(("wang", "ma", "li", *hired(world)))
    request = reallocations.ProposeReallocationRequest(staff_id=leaver, reason="交接")
    for customer_id in world.rows["ownership"].column(
        "SELECT customer_id FROM position WHERE holder_id = ? ORDER BY customer_id", leaver
    ):
        item = request.items.add(customer_id=customer_id)
        if world.chance(0.3):
            item.to_location = ownership.LOCATION_PUBLIC_POOL
        else:
            item.to_staff_id = world.random.choice(("li", "zhao", "qian", "ma"))
    who = mostly(world, ("kong",) if leaver == "ma" else ("sun",))
    label = f"plans for {leaver}"
    return command(world, label, world.reallocations.ProposeReallocation, request, who)


def execute(world: "World") -> Command:
    """Customer Service carries a plan out, perhaps one that waits for consent."""
    found = world.rows["ownership"].column(
        "SELECT reallocation_id FROM reallocation ORDER BY reallocation_id"
    )
    if not found:
        return propose(world)
    request = reallocations.ExecuteReallocationRequest(reallocation_id=world.random.choice(found))
    method = world.reallocations.ExecuteReallocation
    return command(world, "executes a plan", method, request, mostly(world, REVIEWERS))


def consented(world: "World") -> list[str]:
    """Return the plans that every superior consented to and nobody has carried out."""
    found: list[str] = world.rows["ownership"].column(
        "SELECT reallocation_id FROM reallocation WHERE state = 'approved' ORDER BY reallocation_id"
    )
    return found


def execution(world: "World", reallocation_id: str) -> Command:
    """Customer Service carries out one plan."""
    request = reallocations.ExecuteReallocationRequest(reallocation_id=reallocation_id)
    method = world.reallocations.ExecuteReallocation
    return command(world, f"executes {reallocation_id}", method, request, "zhou")
