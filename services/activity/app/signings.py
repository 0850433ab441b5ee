"""What was signed: recorded once, corrected by counter-entries."""

from dataclasses import replace
from datetime import date

from chassis.kernel import Event
from chassis.unit import UnitOfWork
from services.activity.domain.policy import ActivityPolicy
from services.activity.domain.reasons import (
    CUSTOMER_UNKNOWN,
    SIGN_DATE_INVALID,
    SIGNING_COUNTERED,
    STAFF_UNKNOWN,
)
from services.activity.store import custodies, signings
from services.activity.store.signings import Signing

SIGNED = "crm.activity.signing.recorded.v1"
COUNTERED = "crm.activity.signing.countered.v1"


def record_signing(
    uow: UnitOfWork, customer_id: str, staff_id: str, sign_date: str, amount_cents: int, note: str
) -> Signing:
    """Keep what a person signed with a customer, whoever holds it, and announce it.

    People record their own; for others policy names who may. Refused for a day after today and
    for a customer or a person that nobody announced.
    """
    rules = uow.policy(ActivityPolicy).rules
    who = uow.actor.staff_id if staff_id in ("", "me") else staff_id
    own = who == uow.actor.staff_id
    (rules.signings.record if own else rules.signings.record_for_others).require(uow.actor)
    signed_on = _day(sign_date, uow.today())
    customer = custodies.find(uow, customer_id)
    if customer is None:
        raise CUSTOMER_UNKNOWN.refuse(clause=rules.follow_ups.entered.clause)
    person = custodies.find_colleague(uow, who)
    if person is None and not own:
        raise STAFF_UNKNOWN.refuse()
    found = Signing(
        signing_id=uow.new_id(),
        customer_id=customer_id,
        staff_id=who,
        signed_on=signed_on,
        amount_cents=amount_cents,
        note=note,
        recorder_id=uow.actor.staff_id,
        recorded_at=uow.now,
    )
    signings.add(uow, found)
    data = {
        "signing_id": found.signing_id,
        "customer_id": customer_id,
        "staff_id": who,
        "staff_name": person["display_name"] if person else uow.actor.name,
        "sign_date": signed_on.isoformat(),
        "amount_cents": amount_cents,
        "full_name": customer.full_name,
    }
    uow.emit(Event(SIGNED, customer_id, data))
    return found


def counter_signing(uow: UnitOfWork, signing_id: str, reason: str) -> Signing:
    """Add the entry that takes a signing back, once; what was recorded stays."""
    uow.policy(ActivityPolicy).rules.signings.record_for_others.require(uow.actor)
    wrong = signings.get(uow, signing_id)
    if wrong.counters_id or wrong.countered_by_id:
        raise SIGNING_COUNTERED.refuse()
    found = replace(
        wrong,
        signing_id=uow.new_id(),
        amount_cents=-wrong.amount_cents,
        note=reason,
        recorder_id=uow.actor.staff_id,
        recorded_at=uow.now,
        counters_id=signing_id,
    )
    signings.add(uow, found)
    data = {
        "signing_id": signing_id,
        "counter_id": found.signing_id,
        "customer_id": found.customer_id,
        "staff_id": found.staff_id,
        "amount_cents": found.amount_cents,
        "reason": reason,
    }
    uow.emit(Event(COUNTERED, found.customer_id, data))
    return found


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise SIGN_DATE_INVALID.refuse() from None
    if day.isoformat() != text or day > today:
        raise SIGN_DATE_INVALID.refuse()
    return day
