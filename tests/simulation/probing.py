"""I7: people try what is not theirs, and learn nothing from the refusal."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import grpc
from crm.activity.v1 import follow_ups_pb2 as activity
from crm.customers.v1 import customers_pb2 as customers
from crm.ownership.v1 import ownership_pb2 as ownership
from crm.scheduler.v1 import scheduler_pb2 as scheduler

from chassis.local import LocalRpcError
from tests.simulation.broken import require
from tests.simulation.crashes import Crash
from tests.simulation.people.asking import REPS

if TYPE_CHECKING:
    from tests.simulation.world import World

KEPT_FROM = (grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.NOT_FOUND)

Probe = Callable[["World", str, str], tuple[Any, Any]]

PROBES: tuple[Probe, ...] = (
    lambda world, customer_id, holder: (
        world.customers.GetCustomer,
        customers.GetCustomerRequest(customer_id=customer_id),
    ),
    lambda world, customer_id, holder: (
        world.ownership.ListLibrary,
        ownership.ListLibraryRequest(staff_id=holder),
    ),
    lambda world, customer_id, holder: (
        world.ownership.GetPosition,
        ownership.GetPositionRequest(customer_id=customer_id),
    ),
    lambda world, customer_id, holder: (
        world.scheduler.ListLeaves,
        scheduler.ListLeavesRequest(staff_id=holder),
    ),
    lambda world, customer_id, holder: (
        world.ownership.PrepareCase,
        ownership.PrepareCaseRequest(case_id="c", flow=ownership.CASE_FLOW_REGISTER),
    ),
    lambda world, customer_id, holder: (
        world.settling.SettleFollowUps,
        activity.SettleFollowUpsRequest(),
    ),
    lambda world, customer_id, holder: (
        world.scheduler.SettleDeadlines,
        scheduler.SettleDeadlinesRequest(clock="reclaim"),
    ),
)
"""What only the holder, a superior or a service may ask."""


def probe(world: "World") -> None:
    """A rep asks about a colleague's customer, or what only services may ask."""
    found = world.rows["customers"].all(
        "SELECT customer_id, holder_id FROM custody WHERE holder_id <> '' ORDER BY customer_id"
    )
    reps = [who for who in REPS if len(world.people[who].roles) == 1]
    customer_id, holder = world.random.choice(found or [("nothing", "li")])
    now_held = world.rows["ownership"].one(
        "SELECT holder_id FROM position WHERE customer_id = ?", customer_id
    )
    if now_held and now_held[0] != holder:
        return
    who = world.random.choice([rep for rep in reps if rep != holder])
    method, request = world.random.choice(PROBES)(world, customer_id, holder)
    name = type(request).__name__
    world.note(f"{who} probes {name} of {holder}'s {customer_id}")
    try:
        world.call(method, request, who)
    except Crash:
        return
    except LocalRpcError as error:
        told = error.code(), error.details()
        allowed = (*KEPT_FROM, grpc.StatusCode.UNAVAILABLE)
        require(error.code() in allowed, "I7 refused alike", who=who, asked=name, told=told)
        return
    require(False, "I7 nobody acts outside their role", who=who, asked=name)
