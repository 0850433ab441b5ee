"""Violations of published clauses: confirmed, counted, revoked (H-6.1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.kernel import Decision, Event
from chassis.unit import UnitOfWork
from services.activity.domain.conduct import Standing, counting, crossed, standing
from services.activity.domain.conduct_rules import Step, ViolationRules
from services.activity.domain.policy import ActivityPolicy
from services.activity.domain.reasons import (
    CLAUSE_NOT_PUBLISHED,
    STAFF_UNKNOWN,
    VIOLATION_FUTURE,
    VIOLATION_REVOKED,
)
from services.activity.store import conducts, custodies
from services.activity.store.conducts import ConfirmedViolation

CONFIRMED = "crm.activity.violation.confirmed.v1"
REVOKED = "crm.activity.violation.revoked.v1"
DISMISSAL = "crm.activity.dismissal.proposed.v1"


def confirm_violation(
    uow: UnitOfWork, staff_id: str, clause: str, happened_at: datetime | None, evidence: str
) -> tuple[ConfirmedViolation, Standing]:
    """Confirm a violation, and do what policy makes of so many of them.

    Refused unless it names a published clause (H-6.1a), and for a person nobody announced.
    """
    rules = uow.policy(ActivityPolicy).rules.conduct.violations
    rules.confirm.require(uow.actor)
    if clause not in rules.clauses.value:
        raise CLAUSE_NOT_PUBLISHED.refuse(clause=rules.explicit.clause, named=clause or "-")
    when = happened_at or uow.now
    if when > uow.now:
        raise VIOLATION_FUTURE.refuse()
    if custodies.find_colleague(uow, staff_id) is None:
        raise STAFF_UNKNOWN.refuse()
    conducts.lock(uow, staff_id)
    earlier = [one.happened_at for one in conducts.standing_of(uow, staff_id)]
    window = rules.window_days.value
    before = counting(earlier, uow.now, window)
    after = counting([*earlier, when], uow.now, window)
    found = ConfirmedViolation(
        violation_id=uow.new_id(),
        staff_id=staff_id,
        clause=clause,
        happened_at=when,
        evidence=evidence,
        ordinal=after,
        recorder_id=uow.actor.staff_id,
        recorded_at=uow.now,
        policy_version=uow.policy(ActivityPolicy).version,
    )
    conducts.add(uow, found)
    reached = _keep(uow, staff_id, after, rules)
    for step in crossed(rules.steps, before, after):
        _take(uow, step, found)
    uow.emit(Event(CONFIRMED, staff_id, _told(found, reached) | {"clause": clause}))
    return found, reached


def revoke_violation(
    uow: UnitOfWork, violation_id: str, reason: str
) -> tuple[ConfirmedViolation, Standing]:
    """Revoke a violation by a fact of its own, once; the lines it led to are countered."""
    rules = uow.policy(ActivityPolicy).rules.conduct.violations
    rules.revoke.require(uow.actor)
    found = conducts.get(uow, violation_id)
    conducts.lock(uow, found.staff_id)
    if conducts.get(uow, violation_id).revoked_at:
        raise VIOLATION_REVOKED.refuse()
    window = rules.window_days.value
    earlier = [one.happened_at for one in conducts.standing_of(uow, found.staff_id)]
    before = counting(earlier, uow.now, window)
    conducts.revoke(uow, violation_id, reason)
    left = [one.happened_at for one in conducts.standing_of(uow, found.staff_id)]
    after = counting(left, uow.now, window)
    reached = _keep(uow, found.staff_id, after, rules)
    for step in crossed(rules.steps, before, after):
        _undo(uow, step, found.staff_id, violation_id)
    uow.emit(Event(REVOKED, found.staff_id, _told(found, reached) | {"ordinal": after}))
    return conducts.get(uow, violation_id), reached


def _keep(uow: UnitOfWork, staff_id: str, count: int, rules: ViolationRules) -> Standing:
    reached = standing(count, rules.steps)
    conducts.keep(uow, staff_id, reached)
    return reached


def _take(uow: UnitOfWork, step: Step, found: ConfirmedViolation) -> None:
    """Post the penalties of a step, and open the case that it asks for."""
    _record(uow, step, found.staff_id, "escalate", {"violation_id": found.violation_id})
    lines = [
        {
            "penalty_id": uow.new_id(),
            "staff_id": found.staff_id,
            "violation_id": found.violation_id,
            "step_at": step.at.value,
            "kind": penalty.kind,
            "issuer": penalty.issued_by,
            "amount_cents": penalty.amount_cents,
            "clause": step.clause,
            "posted_at": uow.now,
            "counters_id": None,
        }
        for penalty in step.penalties
    ]
    conducts.post(uow, lines)
    if step.opens:
        _propose(uow, step, found)


def _undo(uow: UnitOfWork, step: Step, staff_id: str, violation_id: str) -> None:
    """Counter the lines of a step that is no longer reached."""
    _record(uow, step, staff_id, "undo", {"violation_id": violation_id})
    lines = []
    for line in conducts.posted(uow, staff_id, step.at.value):
        counter = {name: value for name, value in line.items() if name != "position"}
        counter |= {
            "penalty_id": uow.new_id(),
            "amount_cents": -line["amount_cents"],
            "posted_at": uow.now,
            "counters_id": line["penalty_id"],
        }
        lines.append(counter)
    conducts.post(uow, lines)


def _propose(uow: UnitOfWork, step: Step, found: ConfirmedViolation) -> None:
    """Ask for the case in which people decide; nobody is dismissed by the machine (H-6.1d)."""
    person = custodies.find_colleague(uow, found.staff_id)
    assert person
    data = {
        "case_type": step.opens,
        "reference_id": found.violation_id,
        "applicant_id": uow.actor.staff_id,
        "applicant_name": uow.actor.name,
        "department": person["department"],
        "team": person["team"],
        "customer_id": "",
        "full_name": person["display_name"],
        "remarks": step.zh,
        "evidence": {
            "staff_id": found.staff_id,
            "display_name": person["display_name"],
            "violations": _evidence(conducts.standing_of(uow, found.staff_id)),
        },
        "facts": {"outcome": step.opens},
        "parties": [found.staff_id],
    }
    uow.emit(Event(DISMISSAL, found.staff_id, data))


def _evidence(violations: Sequence[ConfirmedViolation]) -> list[dict[str, Any]]:
    return [
        {
            "violation_id": one.violation_id,
            "clause": one.clause,
            "happen_time": one.happened_at.isoformat(),
            "evidence": one.evidence[:500],
            "ordinal": one.ordinal,
        }
        for one in violations[-20:]
    ]


def _record(uow: UnitOfWork, step: Step, staff_id: str, action: str, facts: dict[str, Any]) -> None:
    facts |= {"at": step.at.value, "status": step.status}
    outcome = "granted" if action == "escalate" else "undone"
    reason = step.status.upper()
    who = (staff_id,)
    decision = Decision(action, outcome, reason, step.clause, step.say, facts, concerned=who)
    uow.record(decision, staff_id)


def _told(found: ConfirmedViolation, reached: Standing) -> dict[str, Any]:
    return {
        "violation_id": found.violation_id,
        "staff_id": found.staff_id,
        "ordinal": found.ordinal,
        "status": reached.status,
        "claims_blocked": reached.claims_blocked,
    }
