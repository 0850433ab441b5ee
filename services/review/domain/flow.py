"""The flow of a case as a pure step function.

    preparing ─ prepared ─▶ open ─ approved ─▶ approved ─ fulfilled by all ─▶ done
        │                    ├─ rejected ──▶ rejected         └─ fulfilment refused ─▶ failed
        ├─ refused ─▶ refused└─ withdrawn ─▶ withdrawn
        └─ abandoned ─▶ refused

Preparing reserves at other services and can be undone (`closed` tells them to); approval is the
pivot; what follows is repeated until it succeeds. What nobody has to carry out is done once it is
approved. What does not fit a state changes nothing, so events may come late, twice, in any order.
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


FULFILLED_BY: dict[str, frozenset[str]] = {
    "register": frozenset({"customers", "ownership"}),
    "claim": frozenset({"customers", "ownership"}),
    "release": frozenset({"ownership"}),
    "ruling": frozenset({"ownership"}),
    "reallocation": frozenset({"ownership"}),
    "dismissal": frozenset(),
}
"""Who has to carry out an approved case, by kind of flow; nobody: the approval completes it."""
BY_PEOPLE = frozenset({"reallocation"})
"""The flows that people carry out, in their own time."""
FULFILLED_ON = {
    "crm.customers.customer.registered.v1": frozenset({"register"}),
    "crm.customers.customer.amended.v1": frozenset({"claim"}),
    "crm.ownership.holding.granted.v1": frozenset({"register", "claim"}),
    "crm.ownership.holding.released.v1": frozenset({"release"}),
    "crm.ownership.dispute.ruled.v1": frozenset({"ruling"}),
    "crm.ownership.reallocation.executed.v1": frozenset({"reallocation"}),
}
"""The flows that each event tells to be carried out by the service that announces it."""


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
        if not awaiting:
            done = replace(flow, state=State.DONE, awaiting=awaiting)
            return done, (Announcement.APPROVED, Announcement.COMPLETED)
        return replace(flow, state=State.APPROVED, awaiting=awaiting), (Announcement.APPROVED,)
    if key == (State.APPROVED, Happening.FULFILLED):
        awaiting = flow.awaiting - {by}
        if awaiting:
            return replace(flow, awaiting=awaiting), ()
        return replace(flow, state=State.DONE, awaiting=awaiting), (Announcement.COMPLETED,)
    if key == (State.APPROVED, Happening.FULFILMENT_REFUSED):
        return replace(flow, state=State.FAILED), (Announcement.FAILED,)
    return flow, ()
