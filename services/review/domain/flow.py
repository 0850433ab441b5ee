"""The flow of a case as a pure step function.

    preparing ─ prepared ─▶ open ─ approved ─▶ approved ─ fulfilled by all ─▶ done
        │                    ├─ rejected ──▶ rejected         └─ fulfilment refused ─▶ failed
        ├─ refused ─▶ refused└─ withdrawn ─▶ withdrawn
        └─ abandoned ─▶ refused

Preparing reserves at other services and can be undone (`closed` tells them to); approval is the
pivot; what follows is repeated until it succeeds. What does not fit a state changes nothing, so
events may come late, twice and in any order.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """Where a case stands."""

    PREPARING = "preparing"
    OPEN = "open"
    APPROVED = "approved"
    DONE = "done"
    REJECTED = "rejected"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class Happening(StrEnum):
    """What can happen to a case."""

    PREPARED = "prepared"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    FULFILLED = "fulfilled"
    FULFILMENT_REFUSED = "fulfilment_refused"


class Announcement(StrEnum):
    """What other services are told."""

    OPENED = "opened"
    APPROVED = "approved"
    CLOSED = "closed"
    COMPLETED = "completed"
    FAILED = "failed"


FULFILLED_BY = {
    "register": frozenset({"customers", "ownership"}),
    "claim": frozenset({"customers", "ownership"}),
    "release": frozenset({"ownership"}),
}
"""Who has to carry out an approved case, by kind of flow."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A case's flow: its kind, its state, and whom it waits for."""

    kind: str
    state: State
    awaiting: frozenset[str] = frozenset()


_ENDS = {
    (State.PREPARING, Happening.REFUSED): State.REFUSED,
    (State.PREPARING, Happening.ABANDONED): State.REFUSED,
    (State.OPEN, Happening.REJECTED): State.REJECTED,
    (State.OPEN, Happening.WITHDRAWN): State.WITHDRAWN,
}


def step(flow: Flow, happening: Happening, by: str = "") -> tuple[Flow, tuple[Announcement, ...]]:
    """Return the flow after `happening` (of service `by`), and what to announce."""
    key = (flow.state, happening)
    if key in _ENDS:
        return replace(flow, state=_ENDS[key]), (Announcement.CLOSED,)
    if key == (State.PREPARING, Happening.PREPARED):
        return replace(flow, state=State.OPEN), (Announcement.OPENED,)
    if key == (State.OPEN, Happening.APPROVED):
        awaiting = FULFILLED_BY[flow.kind]
        return replace(flow, state=State.APPROVED, awaiting=awaiting), (Announcement.APPROVED,)
    if key == (State.APPROVED, Happening.FULFILLED):
        awaiting = flow.awaiting - {by}
        if awaiting:
            return replace(flow, awaiting=awaiting), ()
        return replace(flow, state=State.DONE, awaiting=awaiting), (Announcement.COMPLETED,)
    if key == (State.APPROVED, Happening.FULFILMENT_REFUSED):
        return replace(flow, state=State.FAILED), (Announcement.FAILED,)
    return flow, ()
