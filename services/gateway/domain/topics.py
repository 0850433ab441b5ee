"""Which events change what people look at, and whom that concerns.

A hint says no more than that something of a topic changed. Those whom the event names get the id
of what it is about; who reads the topic by a permission learns only that there is something new.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CASES, TASKS, HOLDINGS, POOL, FOLLOW_UPS, RUNS, DISPUTES, LEADS, CONDUCT, STAFF, POLICY = TOPICS = (
    "cases",
    "tasks",
    "holdings",
    "pool",
    "follow_ups",
    "runs",
    "disputes",
    "leads",
    "conduct",
    "staff",
    "policy",
)

READERS: Mapping[str, frozenset[tuple[str, str]]] = {
    CASES: frozenset({("review", "operations.read_decisions")}),
    HOLDINGS: frozenset({("ownership", "library.readers")}),
    POOL: frozenset({("ownership", "pool.list")}),
    FOLLOW_UPS: frozenset({("activity", "follow_ups.readers")}),
    RUNS: frozenset({("ownership", "runs.read"), ("ownership", "reallocation.read")}),
    DISPUTES: frozenset({("ownership", "dispute.read")}),
    LEADS: frozenset({("ownership", "inbound.read")}),
    CONDUCT: frozenset({("activity", "conduct.readers")}),
    STAFF: frozenset({("ownership", "staff.read"), ("scheduler", "leave.read")}),
}
"""The permissions, as (service, name), with which somebody sees more of a topic than the own."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What an event means for a topic. Names are paths into its data, through lists as well."""

    topic: str
    subject: str = ""
    """Where the id of what changed stands; nowhere when there are many."""
    people: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    everyone: bool = False
    """For what is rare and waits for whom the event does not name."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something changed, and whom it concerns."""

    topic: str
    subject_id: str
    people: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    everyone: bool = False


_CASE = Concern(CASES, "case_id", ("applicant_id",), ("role",))
_HELD = Concern(HOLDINGS, "customer_id", ("holder_id",))
_CUSTOMER = Concern(HOLDINGS, "customer_id", ("actor.staff_id",))
_CONDUCT = Concern(CONDUCT, "staff_id", ("staff_id",))
_DISPUTE = Concern(DISPUTES, "reference_id", ("applicant_id", "parties"))
_DEADLINES = Concern(HOLDINGS, people=("entries.party_id",))
_TASK_OF_ALL = Concern(TASKS, everyone=True)
_TASK_OF_ROLE = Concern(TASKS, roles=("role",))
_POLICY = Concern(POLICY, everyone=True)


def _task_of(*people: str) -> Concern:
    return Concern(TASKS, people=people)


CONCERNS: Mapping[str, Sequence[Concern]] = {
    "crm.activity.call_assessment.recorded.v1": (_CONDUCT,),
    "crm.activity.customer.unmaintained.v1": (_task_of("holder_id"),),
    "crm.activity.dismissal.proposed.v1": (Concern(CONDUCT, "evidence.staff_id", ("parties",)),),
    "crm.activity.follow_up.recorded.v1": (
        Concern(FOLLOW_UPS, "customer_id", ("author_id",)),
        _task_of("author_id"),
    ),
    "crm.activity.follow_up.voided.v1": (Concern(FOLLOW_UPS, "customer_id", ("author_id",)),),
    "crm.activity.policy.applied.v1": (_POLICY,),
    "crm.activity.signing.countered.v1": (_CUSTOMER,),
    "crm.activity.signing.recorded.v1": (Concern(HOLDINGS, "customer_id", ("staff_id",)),),
    "crm.activity.spot_check.recorded.v1": (_CONDUCT,),
    "crm.activity.violation.confirmed.v1": (_CONDUCT,),
    "crm.activity.violation.revoked.v1": (_CONDUCT,),
    "crm.customers.customer.amended.v1": (_CUSTOMER,),
    "crm.customers.customer.imported.v1": (Concern(POOL),),
    "crm.customers.customer.registered.v1": (_CUSTOMER,),
    "crm.customers.customer.supplemented.v1": (_CUSTOMER,),
    "crm.customers.policy.applied.v1": (_POLICY,),
    "crm.ownership.credit.assigned.v1": (Concern(DISPUTES, "dispute_id", ("staff_id",)),),
    "crm.ownership.dispute.proposed.v1": (_DISPUTE,),
    "crm.ownership.dispute.ruled.v1": (
        Concern(DISPUTES, "dispute_id", ("winner_id",), everyone=True),
    ),
    "crm.ownership.holding.frozen.v1": (_HELD,),
    "crm.ownership.holding.granted.v1": (
        Concern(HOLDINGS, "customer_id", ("holder_id", "from_holder_id")),
        Concern(POOL),
        _task_of("holder_id"),
    ),
    "crm.ownership.holding.released.v1": (
        Concern(HOLDINGS, "customer_id", ("from_holder_id",)),
        Concern(POOL),
        _task_of("from_holder_id"),
    ),
    "crm.ownership.holding.thawed.v1": (_HELD,),
    "crm.ownership.lead.routed.v1": (
        Concern(LEADS, "lead_id", ("staff_id",)),
        _task_of("staff_id"),
    ),
    "crm.ownership.policy.applied.v1": (_POLICY,),
    "crm.ownership.position.closed.v1": (Concern(POOL), Concern(HOLDINGS)),
    "crm.ownership.position.entered.v1": (Concern(POOL),),
    "crm.ownership.position.reopened.v1": (Concern(POOL), Concern(HOLDINGS)),
    "crm.ownership.reallocation.executed.v1": (
        Concern(RUNS, "reallocation_id", ("staff_id", "executed_by")),
    ),
    "crm.ownership.reallocation.proposed.v1": (
        Concern(RUNS, "reference_id", ("applicant_id",)),
        _TASK_OF_ALL,
    ),
    "crm.ownership.run.cancelled.v1": (Concern(RUNS, "run_id"), _TASK_OF_ALL),
    "crm.ownership.run.finished.v1": (Concern(RUNS, "run_id"), _TASK_OF_ALL),
    "crm.ownership.run.overdue.v1": (Concern(RUNS, roles=("role",)), _TASK_OF_ALL),
    "crm.ownership.run.resumed.v1": (Concern(RUNS, "run_id"), _TASK_OF_ALL),
    "crm.ownership.run.stopped.v1": (Concern(RUNS, "run_id", roles=("role",)), _TASK_OF_ALL),
    "crm.ownership.staff.changed.v1": (Concern(STAFF, "staff_id", ("staff_id",)),),
    "crm.ownership.staff.departed.v1": (Concern(STAFF, "staff_id"), _TASK_OF_ALL),
    "crm.review.case.advanced.v1": (_CASE, _TASK_OF_ALL),
    "crm.review.case.approved.v1": (_CASE, _TASK_OF_ROLE),
    "crm.review.case.closed.v1": (_CASE, _TASK_OF_ROLE),
    "crm.review.case.completed.v1": (_CASE,),
    "crm.review.case.failed.v1": (_CASE,),
    "crm.review.case.opened.v1": (_CASE,),
    "crm.review.case.overdue.v1": (
        Concern(CASES, "case_id", roles=("role",)),
        _TASK_OF_ROLE,
    ),
    "crm.review.policy.applied.v1": (_POLICY,),
    "crm.scheduler.calendar.published.v1": (_POLICY,),
    "crm.scheduler.clocks.armed.v1": (_DEADLINES, _task_of("entries.party_id")),
    "crm.scheduler.clocks.due.v1": (_DEADLINES, _task_of("entries.party_id")),
    "crm.scheduler.clocks.warned.v1": (_DEADLINES, _task_of("entries.party_id")),
    "crm.scheduler.leave.recorded.v1": (Concern(STAFF, "staff_id", ("staff_id",)),),
    "crm.scheduler.policy.applied.v1": (_POLICY,),
    "crm.scheduler.run.due.v1": (_TASK_OF_ALL,),
}

UNSEEN = frozenset(
    {
        "crm.customers.customer.release_marked.v1",
        "crm.customers.duplicate.found.v1",
        "crm.customers.registration.refused.v1",
        "crm.ownership.holding.refused.v1",
    }
)
"""Events after which nobody sees anything new before another event follows."""


def hints_of(event_type: str, data: Mapping[str, Any]) -> list[Hint]:
    """Return what to hint at after an event, one hint per topic that it changes."""
    return [
        Hint(
            topic=concern.topic,
            subject_id=next(_texts(data, concern.subject), "")[:64],
            people=_named(data, concern.people),
            roles=_named(data, concern.roles),
            everyone=concern.everyone,
        )
        for concern in CONCERNS[event_type]
    ]


def topics_read(held: frozenset[tuple[str, str]]) -> frozenset[str]:
    """Return the topics that these permissions, as (service, name), let somebody read."""
    return frozenset(topic for topic, readers in READERS.items() if readers & held)


def _named(data: Mapping[str, Any], paths: Sequence[str]) -> frozenset[str]:
    return frozenset(text for path in paths for text in _texts(data, path))


def _texts(value: Any, path: str) -> Iterator[str]:
    """Yield the texts at a path, which may lead through lists and may end in one; none is empty."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item, path)
    elif isinstance(value, str):
        if value and not path:
            yield value
    elif isinstance(value, Mapping) and path:
        name, _, rest = path.partition(".")
        yield from _texts(value.get(name), rest)
