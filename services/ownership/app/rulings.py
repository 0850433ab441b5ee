"""An approved ruling is carried out, in one transaction; a refused one drops the dispute."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.kernel import Decision, Event, Received, Refused
from chassis.rules import Rule
from chassis.unit import UnitOfWork
from services.ownership.app import closing, crediting
from services.ownership.app.cases import REFUSED
from services.ownership.app.disputes import CAUSE, drop
from services.ownership.app.freezes import thaw
from services.ownership.app.grants import position_of
from services.ownership.app.moves import Grounds
from services.ownership.domain.dispute_policy import DisputeRules
from services.ownership.domain.dispute_reasons import (
    NOT_CLOSED,
    RECORD_CLOSED,
    SIGNING_COUNTERED,
    WINNER_UNKNOWN,
)
from services.ownership.domain.performance_rulings import UNFOLLOWED
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store import disputes, people
from services.ownership.store.disputes import Dispute

RULED = "crm.ownership.dispute.ruled.v1"


OVERTURNED, CONFIRMED = "overturned", "confirmed"


@dataclass(frozen=True, slots=True)
class Case:
    """The case in which people approved a ruling, and what they stated."""

    case_id: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is carried out: who wins, by which rule, and the effects, which refuse nothing."""

    outcome: str
    winner_id: str
    rule: Rule
    effects: Callable[[], None]


def note_case(uow: UnitOfWork, event: Received) -> None:
    """Note the case in which people decide a dispute."""
    dispute = disputes.find(uow, event.data["reference_id"])
    if dispute is not None:
        disputes.change(uow, dispute, case_id=event.data["case_id"])


def carry_out(uow: UnitOfWork, event: Received) -> None:
    """Carry out the ruling that people approved, once: credits, closed records, thawed customers.

    What cannot be carried out is announced as refused, and the dispute is dropped.
    """
    dispute = disputes.lock(uow, event.data["reference_id"])
    if dispute is None or dispute.state != "proposed":
        return
    case = Case(event.data["case_id"], event.data["answers"])
    try:
        ruling = _RULE[dispute.kind](uow, dispute, case)
    except Refused as refused:
        drop(uow, dispute, refused.say.zh, case.case_id)
        _refuse(uow, dispute, case, refused)
        return
    thaw(uow, dispute.customers, CAUSE, dispute.dispute_id)
    ruling.effects()
    disputes.change(uow, dispute, state="ruled", case_id=case.case_id)
    _announce(uow, dispute, ruling, case)


def drop_closed(uow: UnitOfWork, event: Received) -> None:
    """Drop the dispute whose case was rejected or withdrawn."""
    dispute = disputes.lock(uow, event.data["reference_id"])
    if dispute is not None and dispute.state == "proposed":
        drop(uow, dispute, event.data["reason"], event.data["case_id"])


def _performance(uow: UnitOfWork, dispute: Dispute, case: Case) -> Ruling:
    rules = _rules(uow).performance
    outcome = dispute.proposal["outcome"]
    named = outcome == UNFOLLOWED
    winner_id = case.answers["winner_id"] if named else dispute.proposal["winner_id"]
    rule = _quoted(dispute.proposal)
    return _credited(uow, dispute, outcome, winner_id, rule, rules.first_basis)


def _duplicate(uow: UnitOfWork, dispute: Dispute, case: Case) -> Ruling:
    proposal = dispute.proposal
    rule, kept_id, closed_id = _quoted(proposal), proposal["kept_id"], proposal["closed_id"]
    if Location.CLOSED in [position_of(uow, one).location for one in (kept_id, closed_id)]:
        raise RECORD_CLOSED.refuse(clause=_rules(uow).duplicate.closed.clause)

    def effects() -> None:
        closing.close(
            uow,
            position_of(uow, closed_id),
            kept_id,
            dispute.dispute_id,
            Grounds("ruled", rule, {"kept": kept_id}, case.case_id, "RULED"),
        )

    return Ruling(proposal["outcome"], proposal["winner_id"], rule, effects)


def _appeal(uow: UnitOfWork, dispute: Dispute, case: Case) -> Ruling:
    """Overturn the former ruling in favour of the winner named; naming its winner confirms it."""
    former = disputes.find(uow, dispute.appeal_of)
    assert former
    winner_id, rule = case.answers["winner_id"], _rules(uow).appeal
    if winner_id == dispute.proposal["winner_id"]:
        return Ruling(CONFIRMED, winner_id, rule, lambda: None)
    if former.kind == "performance":
        return _credited(uow, dispute, OVERTURNED, winner_id, rule, rule)
    return _exchanged(uow, dispute, former, winner_id, case)


def _credited(
    uow: UnitOfWork, dispute: Dispute, outcome: str, winner_id: str, rule: Rule, basis: Rule
) -> Ruling:
    signing = disputes.find_signing(uow, dispute.signing_id)
    assert signing
    if signing.countered:
        raise SIGNING_COUNTERED.refuse(clause=basis.clause)
    if not people.is_active(uow, winner_id):
        raise WINNER_UNKNOWN.refuse(clause=rule.clause, winner_id=winner_id)
    dispute_id = dispute.dispute_id
    return Ruling(
        outcome,
        winner_id,
        rule,
        lambda: crediting.assign(uow, signing, winner_id, rule, dispute_id),
    )


def _exchanged(
    uow: UnitOfWork, dispute: Dispute, former: Dispute, winner_id: str, case: Case
) -> Ruling:
    """Open the closed record again for whoever held it, and close the one that was kept."""
    rule = _rules(uow).appeal
    kept_id, closed_id = former.proposal["kept_id"], former.proposal["closed_id"]
    lost = next(one for one in former.evidence["records"] if one["customer_id"] == closed_id)
    if winner_id != lost["holder_id"] or not people.is_active(uow, winner_id):
        raise WINNER_UNKNOWN.refuse(clause=rule.clause, winner_id=winner_id)
    closed = position_of(uow, closed_id)
    if closed.location != Location.CLOSED:
        raise NOT_CLOSED.refuse(clause=rule.clause)
    counted = closing.take_slot_for(uow, closed, winner_id)
    closed_at = disputes.rulings(uow, [former.dispute_id])[former.dispute_id]["ruled_at"]

    def effects() -> None:
        grounds = Grounds("ruled", rule, {"kept": closed_id}, case.case_id, "RULED")
        kept = position_of(uow, kept_id)
        if kept.location != Location.CLOSED:
            closing.close(uow, kept, closed_id, dispute.dispute_id, grounds)
        closing.reopen(
            uow,
            position_of(uow, closed_id),
            people.identity(uow, winner_id),
            dispute.dispute_id,
            replace(grounds, manner="restored"),
            counted=counted,
            protected_at=datetime.fromisoformat(lost["protect_time"]),
            closed_at=closed_at,
        )

    return Ruling(OVERTURNED, winner_id, rule, effects)


_RULE: dict[str, Callable[[UnitOfWork, Dispute, Case], Ruling]] = {
    "performance": _performance,
    "duplicate": _duplicate,
    "appeal": _appeal,
}


def _announce(uow: UnitOfWork, dispute: Dispute, ruling: Ruling, case: Case) -> None:
    rule = ruling.rule
    sheet = {"proposal": dispute.proposal, "answers": dict(case.answers)}
    facts = {"dispute_id": dispute.dispute_id, "winner_id": ruling.winner_id, **sheet}
    who = disputes.parties(uow, [dispute.dispute_id])[dispute.dispute_id]
    decision = Decision("rule", "granted", "RULED", rule.clause, rule.say, facts, concerned=who)
    data = {
        "dispute_id": dispute.dispute_id,
        "case_id": case.case_id,
        "customer_id": dispute.customer_id,
        "outcome": ruling.outcome,
        "winner_id": ruling.winner_id,
        "clause": rule.clause,
    }
    row = {
        "zh": rule.zh,
        "en": rule.en,
        "sheet": sheet,
        "decision_id": uow.record(decision, dispute.customer_id),
        "ruler_id": uow.actor.staff_id,
        "ruled_at": uow.now,
    }
    disputes.add_ruling(uow, data | row)
    uow.emit(Event(RULED, dispute.customer_id, {**data, "kind": dispute.kind}))


def _refuse(uow: UnitOfWork, dispute: Dispute, case: Case, refused: Refused) -> None:
    data = {
        "customer_id": dispute.customer_id,
        "case_id": case.case_id,
        "reason": refused.reason,
        "zh": refused.say.zh,
        "en": refused.say.en,
    }
    uow.emit(Event(REFUSED, dispute.customer_id, data))


def _quoted(proposal: Mapping[str, Any]) -> Rule:
    """Return the rule that a proposal quotes."""
    clauses = tuple(proposal["clause"].split(", "))
    return Rule(clauses=clauses, zh=proposal["zh"], en=proposal["en"])


def _rules(uow: UnitOfWork) -> DisputeRules:
    return uow.policy(OwnershipPolicy).rules.dispute
