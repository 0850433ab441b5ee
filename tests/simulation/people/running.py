"""Managers decide what becomes of runs that stopped themselves."""

from typing import TYPE_CHECKING

from crm.ownership.v1 import runs_pb2 as runs

from tests.simulation.people.asking import command, mostly
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

DECIDERS = ("boss",)


def resume(world: "World") -> Command:
    """Somebody lets a run go on, mostly one that was stopped."""
    request = runs.ResumeRunRequest(run_id=_run(world))
    who = mostly(world, DECIDERS)
    return command(world, f"resumes {request.run_id}", world.runs.ResumeRun, request, who)


def cancel(world: "World") -> Command:
    """Somebody ends a run before it has ended."""
    request = runs.CancelRunRequest(run_id=_run(world), reason="先核实")
    who = mostly(world, DECIDERS)
    return command(world, f"cancels {request.run_id}", world.runs.CancelRun, request, who)


def undo(world: "World") -> Command:
    """Somebody takes a whole run back."""
    request = runs.UndoRunRequest(run_id=_run(world), reason="通知没有送达")
    who = mostly(world, DECIDERS)
    return command(world, f"undoes {request.run_id}", world.runs.UndoRun, request, who)


def plan(world: "World") -> Command:
    """The general manager says how reclaimed customers are distributed."""
    modes = (runs.PLAN_MODE_EVEN_BY_GROUP, runs.PLAN_MODE_EVEN_BY_REP)
    request = runs.SetDistributionPlanRequest(
        plan=runs.DistributionPlan(mode=world.random.choice(modes)),
        validate_only=world.chance(0.1),
    )
    who = mostly(world, DECIDERS)
    return command(world, "sets the plan", world.runs.SetDistributionPlan, request, who)


def stopped(world: "World") -> list[str]:
    """Return the runs that wait for people."""
    found: list[str] = world.rows["ownership"].column(
        "SELECT run_id FROM run WHERE state = 'stopped' ORDER BY run_id"
    )
    return found


def _run(world: "World") -> str:
    every = world.rows["ownership"].column("SELECT run_id FROM run ORDER BY run_id")
    waiting = stopped(world)
    if waiting and world.chance(0.9):
        return world.random.choice(waiting)
    return str(world.random.choice(every or ["nothing"]))
