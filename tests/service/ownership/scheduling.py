"""What the scheduler announces, handed to ownership; and runs as people see them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import grpc
import sqlalchemy as sa
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import runs_pb2 as t
from crm.ownership.v1.runs_pb2_grpc import RunServiceStub

from chassis.events import encode
from chassis.identity import system
from chassis.kernel import Event
from chassis.rounds import Peers
from tests.acceptance.actions import Company, table

ARMED, DUE = "crm.scheduler.clocks.armed.v1", "crm.scheduler.clocks.due.v1"
RUN_DUE = "crm.scheduler.run.due.v1"


AFTER_THE_REAL_ONES = 1000
"""What a test announces is newer than what the scheduler itself has."""


def entry(
    customer_id: str, basis: datetime, due: datetime, version: int = 1, party: str = "li"
) -> dict[str, Any]:
    """Return one clock of an announcement."""
    return {
        "subject_id": customer_id,
        "party_id": party,
        "version": version + AFTER_THE_REAL_ONES,
        "basis_time": basis.isoformat(),
        "due_time": due.isoformat(),
        "warn_time": "",
        "data": {},
    }


def body(company: Company, event_type: str, subject: str, data: dict[str, Any]) -> str:
    """Return an event of the scheduler as the broker would bring it."""
    platform = company.platform
    return encode(
        Event(event_type, subject, data),
        event_id=platform.new_id(),
        service="scheduler",
        sequence=1,
        time=platform.now,
        correlation_id="c",
        causation_id="c",
        trace_parent="",
        actor=system("scheduler"),
    )


def tell(company: Company, event_type: str, subject: str, data: dict[str, Any]) -> None:
    """Let ownership receive an event of the scheduler; its handler must not fail."""
    parts = company.platform.parts["ownership"]
    parts.inbox().receive(body(company, event_type, subject, data))
    assert not [row for row in table(company.platform, "ownership", "inbox") if row["last_error"]]


def armed(company: Company, *entries: dict[str, Any], clock: str = "reclaim") -> None:
    """Announce deadlines."""
    head = {"clock": clock, "clause": "H-6.7d", "zh": "收回", "en": "reclaim"}
    tell(company, ARMED, f"{clock}/1", head | {"entries": list(entries)})


def clock_due(company: Company) -> None:
    """Announce that clocks of reclaiming are due."""
    tell(company, DUE, "reclaim/1", {"clock": "reclaim", "entries": []})


def run_due(company: Company, run: str, day: str) -> None:
    """Announce that a run is due."""
    data = {"run": run, "clause": "H-6.7d", "date": day, "due_time": ""}
    tell(company, RUN_DUE, f"{run}/{day}", data)


def go_rounds(company: Company, meanwhile: Callable[[], object] | None = None) -> None:
    """Let ownership go its rounds once, and everything that follows from it.

    `meanwhile` happens when another service is first asked, between two transactions.
    """
    parts = company.platform.parts["ownership"]
    peers = company.platform.peers("ownership")
    if meanwhile:
        peers = Peers(peers.signer, _Interrupted(company, meanwhile).channel)
    for work in parts.service.rounds.values():
        parts.round(work, peers)
    company.settle()


def gone(company: Company, method: str) -> None:
    """Let nobody answer at a method of the scheduler."""
    server = company.platform.servers["scheduler"]
    handlers = {method: grpc.unary_unary_rpc_method_handler(_unreachable, bytes)}
    server.add_registered_method_handlers("crm.scheduler.v1.SchedulerService", handlers)


def _unreachable(*_: Any) -> Any:
    raise _Unreachable


class _Unreachable(grpc.RpcError):
    """What a caller gets whose connection is refused: no status of the peer."""


class _Interrupted:
    def __init__(self, company: Company, do: Callable[[], object]) -> None:
        self._company, self._left = company, [do]

    def channel(self, name: str) -> Any:
        inner, left = self._company.platform.channel(name), self._left

        class Channel:
            def unary_unary(self, *arguments: Any, **named: Any) -> Callable[..., Any]:
                method = inner.unary_unary(*arguments, **named)

                def call(*asked: Any, **how: Any) -> Any:
                    while left:
                        left.pop()()
                    return method(*asked, **how)

                return call

        return Channel()


def reclaim(company: Company, day: str = "2026-03-10") -> t.Run:
    """Let the reclaim run of a day happen; return the newest run."""
    run_due(company, "reclaim", day)
    go_rounds(company)
    return newest(company)


def stub(company: Company) -> RunServiceStub:
    """Return the runs' methods."""
    return company.platform.stub(RunServiceStub, "ownership")


def list_runs(company: Company, who: str = "zhou", **fields: Any) -> list[t.Run]:
    """List runs, the newest first."""
    answer = company.call(who, stub(company).ListRuns, t.ListRunsRequest(**fields))
    return list(answer.runs)


def newest(company: Company) -> t.Run:
    """Return the newest run."""
    return list_runs(company)[0]


def read_run(company: Company, run_id: str, who: str = "zhou") -> t.Run:
    """Read a run."""
    found: t.Run = company.call(who, stub(company).GetRun, t.GetRunRequest(run_id=run_id)).run
    return found


def items(company: Company, run_id: str, who: str = "zhou") -> dict[str, t.RunItem]:
    """Return what a run did, by customer."""
    request = t.ListRunItemsRequest(run_id=run_id, page_size=200)
    answer = company.call(who, stub(company).ListRunItems, request)
    return {item.customer_id: item for item in answer.items}


def resume(company: Company, run_id: str, who: str) -> t.Run:
    """Resume a stopped run."""
    request = t.ResumeRunRequest(run_id=run_id)
    found: t.Run = company.call(who, stub(company).ResumeRun, request).run
    return found


def cancel(company: Company, run_id: str, who: str, reason: str = "政策有误") -> t.Run:
    """Cancel a run."""
    request = t.CancelRunRequest(run_id=run_id, reason=reason)
    found: t.Run = company.call(who, stub(company).CancelRun, request).run
    return found


def undo(company: Company, run_id: str, who: str = "liu", reason: str = "误操作") -> t.Run:
    """Ask for a run to be undone, and let it happen; return the run that undid it."""
    begun = ask_undo(company, run_id, who, reason)
    go_rounds(company)
    return read_run(company, begun.run_id)


def ask_undo(company: Company, run_id: str, who: str = "liu", reason: str = "误操作") -> t.Run:
    """Ask for a run to be undone; return the run that will undo it."""
    request = t.UndoRunRequest(run_id=run_id, reason=reason)
    begun: t.Run = company.call(who, stub(company).UndoRun, request).run
    return begun


def set_plan(
    company: Company,
    mode: t.PlanMode.ValueType,
    who: str = "gm",
    *,
    dry: bool = False,
    **fields: Any,
) -> t.SetDistributionPlanResponse:
    """Set the distribution plan."""
    plan = t.DistributionPlan(mode=mode, **fields)
    request = t.SetDistributionPlanRequest(plan=plan, validate_only=dry)
    found: t.SetDistributionPlanResponse = company.call(
        who, stub(company).SetDistributionPlan, request
    )
    return found


def distribute(company: Company, day: str) -> t.Run:
    """Let the distribution run of a day happen; return the newest run."""
    run_due(company, "distribution", day)
    go_rounds(company)
    return newest(company)


def awaiting(company: Company, who: str = "zhou") -> dict[str, bool]:
    """Return who waits, the longest first, and whether overdue."""
    answer = company.call(who, stub(company).ListAwaiting, t.ListAwaitingRequest(page_size=200))
    return {one.position.customer_id: one.overdue for one in answer.customers}


def assign(company: Company, who: str, customer_id: str, staff_id: str) -> h.Position:
    """Hand a waiting customer over."""
    request = t.AssignCustomerRequest(customer_id=customer_id, staff_id=staff_id)
    found: h.Position = company.call(who, stub(company).AssignCustomer, request).position
    return found


def wait(company: Company, count: int, prefix: str = "w", last_holder: str = "zhao") -> list[str]:
    """Let customers wait that `last_holder` has lost just now, behind the services' backs."""
    ids = [f"{prefix}{number:03}" for number in range(count)]
    parts, now = company.platform.parts["ownership"], company.platform.now
    tables = parts.service.metadata.tables
    row = {
        "category": "intended",
        "summary_sequence": 1,
        "location": "awaiting_distribution",
        "counted": False,
        "arrived_at": now,
        "releaser_count": 0,
    }
    change = {
        "from_location": "private_library",
        "from_holder_id": last_holder,
        "to_location": "awaiting_distribution",
        "to_holder_id": "",
        "manner": "reclaimed",
        "clause": "H-6.7d",
        "actor_id": "ownership",
        "decision_id": "d",
        "changed_at": now,
    }

    def put(connection: sa.Connection) -> None:
        named = [row | {"customer_id": one, "full_name": one} for one in ids]
        connection.execute(tables["position"].insert(), named)
        moves = [change | {"customer_id": one} for one in ids]
        connection.execute(tables["position_change"].insert(), moves)

    parts.database.run(put)
    return ids


def hold_many(
    company: Company, who: str, count: int, *, due: datetime | None = None
) -> Sequence[str]:
    """Put customers into a library with a deadline, as if held for long; return their ids."""
    company.holds(who, count)
    ids = [f"{who}-{number}" for number in range(count)]
    if due:
        basis = company.platform.now
        armed(company, *(entry(one, basis, due, party=who) for one in ids))
    return ids
