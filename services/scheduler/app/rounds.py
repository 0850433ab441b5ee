"""The scheduler's recurring work: look what is due, and do it to the end in small transactions."""

from collections.abc import Callable

from chassis.kernel import Refused
from chassis.policy_reasons import NO_POLICY
from chassis.rounds import Round
from chassis.unit import UnitOfWork
from services.scheduler.app import calendars, firing, recomputing
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.store import due, recomputations

Step = Callable[[UnitOfWork], bool]


def go(round_: Round) -> None:
    """Do everything that is due now, in this order: what deadlines hang on, then deadlines, runs.

    Any number of processes may go round at once, and any may die in between. Where nothing is due
    a round costs a few reads.
    """
    try:
        steps = round_.read(_due)
    except Refused as refused:
        if refused.reason == NO_POLICY.code:
            return
        raise
    for step in steps:
        while round_.run(step):
            pass


def _due(uow: UnitOfWork) -> list[Step]:
    policy = uow.policy(SchedulerPolicy)
    steps: list[Step] = []
    changed = not recomputations.is_asked(uow, recomputations.POLICY, str(policy.version))
    if changed or calendars.needs_keeping(uow):
        steps.append(_follow_changes)
    if steps or recomputations.is_open(uow):
        steps.append(recomputing.recompute_page)
    due_at, warn_at = due.next_moments(uow)
    if steps or (due_at and due_at <= uow.now):
        steps.append(firing.fire)
    if steps or (warn_at and warn_at <= uow.now):
        steps.append(firing.warn)
    if firing.due_runs(uow, policy):
        steps.append(firing.start_runs)
    return steps


def _follow_changes(uow: UnitOfWork) -> bool:
    recomputing.ask_for_what_changed(uow)
    return False
