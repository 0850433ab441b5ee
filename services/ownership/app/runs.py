"""Runs begin when the scheduler says that they are due; people resume, cancel and look at them."""

from datetime import date
from typing import Any

from chassis.kernel import Event, Received, Sentence
from chassis.unit import UnitOfWork
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.run_reasons import RUN_STATE, RUN_UNKNOWN
from services.ownership.store import deadlines, runs
from services.ownership.store.runs import Run

STOPPED = "crm.ownership.run.stopped.v1"
RESUMED = "crm.ownership.run.resumed.v1"
CANCELLED = "crm.ownership.run.cancelled.v1"
FINISHED = "crm.ownership.run.finished.v1"
OVERDUE = "crm.ownership.run.overdue.v1"


def reclaim_due(uow: UnitOfWork, day: date) -> None:
    """Begin a run of `day` over all customers whose time is over, if there are any.

    While an earlier run has not ended nothing begins: it takes what is due meanwhile with it.
    """
    policy = uow.policy(OwnershipPolicy)
    if runs.open_runs(uow, "reclaim") or not deadlines.count_passed(uow, policy.rules.reclaim, 1):
        return
    runs.begin(uow, "reclaim", day, policy.version)


def clock_due(uow: UnitOfWork, event: Received) -> None:
    """Begin a run when clocks of ours are due, whatever the hour."""
    if event.data["clock"] == "reclaim":
        reclaim_due(uow, uow.today())


def finish(uow: UnitOfWork, run: Run) -> Run:
    """End a run that has nothing left to do, and say what it did."""
    ended = runs.change(uow, run, state="done", finished_at=uow.now)
    if run.undoes_run_id and (undone := runs.lock(uow, run.undoes_run_id)):
        runs.change(uow, undone, state="undone")
    uow.emit(Event(FINISHED, run.run_id, {**_which(run), "counts": dict(run.counts)}))
    return ended


def stop(
    uow: UnitOfWork,
    run: Run,
    reason: str,
    role: str,
    cause: dict[str, Any],
    say: Sentence,
    count: int,
) -> Run:
    """Stop a run until people decide, and tell them why: `say` in words, `cause` in figures."""
    holdings = run.holdings_count
    cause = {**cause, "zh": say.zh, "en": say.en}
    stopped = runs.change(uow, run, state="stopped", due_count=count, cause=cause)
    data = {
        **_which(run),
        "count": count,
        "holdings_count": holdings,
        "share_percent": count * 100 // holdings if holdings else 0,
        "reason": reason,
        "cause": cause,
        "role": role,
    }
    uow.emit(Event(STOPPED, run.run_id, data))
    return stopped


def go_on(uow: UnitOfWork, run: Run, state: str, **values: Any) -> Run:
    """Let a stopped run go on, and tell those who were told that it stands still."""
    going = runs.change(uow, run, state=state, **values)
    uow.emit(Event(RESUMED, run.run_id, _which(run)))
    return going


def call_off(uow: UnitOfWork, run: Run, reason: str) -> Run:
    """End a run that has not ended, and say so; what it did stays."""
    ended = runs.change(uow, run, state="cancelled", reason=reason, finished_at=uow.now)
    uow.emit(Event(CANCELLED, run.run_id, {**_which(run), "reason": reason}))
    return ended


def resume(uow: UnitOfWork, run_id: str) -> Run:
    """Let a stopped run go on, over as many customers as are due now.

    Should more become due than that, and it is too many, it stops again.
    """
    rules = uow.policy(OwnershipPolicy).rules
    run = _locked(uow, run_id)
    decider = rules.reclaim.breaker_decider
    if run.kind != "distribution" or not rules.distribution.planner.allows(uow.actor):
        decider.require(uow.actor)
    if run.state != "stopped":
        raise RUN_STATE.refuse(clause=decider.clause, state=run.state)
    approved = run.counts.get("reclaimed", 0) + deadlines.count_passed(uow, rules.reclaim)
    state = "running" if run.holdings_count else "gathering"
    return go_on(uow, run, state, approved_count=approved)


def cancel(uow: UnitOfWork, run_id: str, reason: str) -> Run:
    """End a run that has not ended; what it did stays."""
    run = _locked(uow, run_id)
    decider = uow.policy(OwnershipPolicy).rules.reclaim.breaker_decider
    decider.require(uow.actor)
    if run.state not in runs.OPEN:
        raise RUN_STATE.refuse(clause=decider.clause, state=run.state)
    if run.undoes_run_id and (undone := runs.lock(uow, run.undoes_run_id)):
        runs.change(uow, undone, state="done")
    return call_off(uow, run, reason)


def undo(uow: UnitOfWork, run_id: str, reason: str) -> Run:
    """Begin a run that puts back what another did; that must have ended, and not be an undo."""
    permission = uow.policy(OwnershipPolicy).rules.runs.undo
    run = _locked(uow, run_id)
    permission.require(uow.actor)
    if run.state not in ("done", "cancelled") or run.kind == "undo":
        raise RUN_STATE.refuse(clause=permission.clause, state=run.state)
    runs.change(uow, run, state="undoing")
    version = uow.policy(OwnershipPolicy).version
    begun = runs.begin(uow, "undo", uow.today(), version, undoes_run_id=run.run_id, reason=reason)
    found = runs.read(uow, begun)
    assert found is not None
    return found


def find(uow: UnitOfWork, run_id: str) -> Run:
    """Return a run to who may see runs."""
    uow.policy(OwnershipPolicy).rules.runs.read.require(uow.actor)
    run = runs.read(uow, run_id)
    if run is None:
        raise RUN_UNKNOWN.refuse()
    return run


def _which(run: Run) -> dict[str, Any]:
    return {"run_id": run.run_id, "kind": run.kind, "date": run.date.isoformat()}


def _locked(uow: UnitOfWork, run_id: str) -> Run:
    run = runs.lock(uow, run_id)
    if run is None:
        uow.policy(OwnershipPolicy).rules.runs.read.require(uow.actor)
        raise RUN_UNKNOWN.refuse()
    return run
