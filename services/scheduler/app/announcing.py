"""How clocks are announced: many in one event, each with the version that receivers compare."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from chassis.kernel import Event
from chassis.policies import InForce
from chassis.unit import UnitOfWork
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.store.clocks import Announced

ARMED = "crm.scheduler.clocks.armed.v1"
WARNED = "crm.scheduler.clocks.warned.v1"
DUE = "crm.scheduler.clocks.due.v1"

MOST_ENTRIES = 100
MOST_BYTES = 48 * 1024
"""What the entries of one event may take, so that it stays below the limit of every event."""


def announce(
    uow: UnitOfWork,
    event_type: str,
    policy: InForce[SchedulerPolicy],
    rows: Sequence[Announced],
    calendar_version: int,
) -> None:
    """Announce clocks, in their order, those of one kind together.

    A clock that the policy in force no longer has is passed over.
    """
    events = []
    for name, of_kind in groupby(sorted(rows, key=_kind), _kind):
        rule = policy.rules.clocks.get(name)
        if rule is None:
            continue
        head = {
            "clock": name,
            "clause": rule.clause,
            "zh": rule.zh,
            "en": rule.en,
            "policy_version": policy.version,
            "calendar_version": calendar_version,
        }
        events += [
            Event(
                event_type,
                f"{name}/{uow.new_id()}",
                {**head, "entries": [_entry(row) for row in some]},
            )
            for some in _parts(of_kind)
        ]
    uow.emit_all(events)


def _kind(row: Announced) -> str:
    return row.clock


def _parts(rows: Iterable[Announced]) -> Iterator[list[Announced]]:
    part: list[Announced] = []
    size = 0
    for row in rows:
        weight = 500 + 4 * sum(len(str(value)) for value in row.kept.values())
        if part and (len(part) == MOST_ENTRIES or size + weight > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(row)
        size += weight
    if part:
        yield part


def _entry(row: Announced) -> dict[str, Any]:
    return {
        "subject_id": row.subject_id,
        "party_id": row.party_id,
        "version": row.version,
        "basis_time": written(row.basis_at),
        "due_time": written(row.due_at),
        "warn_time": written(row.warn_at),
        "data": row.kept,
    }


def written(moment: datetime | None) -> str:
    """Write a moment as events carry it, in UTC; nothing for none."""
    return moment.isoformat() if moment else ""
