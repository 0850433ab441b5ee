"""Whose performance a signing is: credits, added and countered, never changed."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.kernel import Decision, Event
from chassis.keysets import Order, Total
from chassis.rules import Rule
from chassis.unit import UnitOfWork
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store.credit_tables import credit as _t
from services.ownership.store.dispute_tables import signing as _signing
from services.ownership.store.disputes import Signing

ASSIGNED = "crm.ownership.credit.assigned.v1"


def assign(
    uow: UnitOfWork, signing: Signing, winner_id: str, rule: Rule, dispute_id: str = ""
) -> None:
    """Make a signing's performance the winner's, exactly; what others were credited is countered.

    The credits of a signing sum to its amount afterwards (I9). Repeating it changes nothing.
    """
    _settle(uow, signing, {winner_id: signing.amount_cents}, rule, dispute_id)


def take_back(uow: UnitOfWork, signing: Signing, rule: Rule) -> None:
    """Counter every credit of a signing: they sum to nothing afterwards."""
    _settle(uow, signing, {}, rule, "")


def list_credits(
    uow: UnitOfWork, month: str, staff_id: str, after: list[Any] | None, limit: int
) -> tuple[list[sa.RowMapping], Total, int]:
    """Return a page of credits, the newest first, how many there are, and their sum in cents.

    One's own, or with policy's permission those of others or of all, whose sum is not made without
    a month. Rows have the customer's name.
    """
    who = uow.actor.staff_id if staff_id == "me" else staff_id
    if who != uow.actor.staff_id:
        uow.policy(OwnershipPolicy).rules.dispute.credits.require(uow.actor)
    listed = sa.select(_t, _signing.c.full_name).join(
        _signing, _signing.c.signing_id == _t.c.signing_id
    )
    if who:
        listed = listed.where(_t.c.staff_id == who)
    if month:
        listed = listed.where(_t.c.month == month)
    cents = sa.func.coalesce(sa.func.sum(_t.c.amount_cents), 0)
    summed = listed.with_only_columns(cents, maintain_column_froms=True)
    total = int(uow.execute(summed).scalar_one()) if who or month else 0
    order = Order((_t.c.credited_at, _t.c.credit_id), descending=True)
    rows = keysets.read(uow, listed, order, after, limit)
    return rows, keysets.count(uow, listed), total


def _settle(
    uow: UnitOfWork, signing: Signing, wanted: Mapping[str, int], rule: Rule, dispute_id: str
) -> None:
    amount = sa.func.sum(_t.c.amount_cents).label("cents")
    summed = sa.select(_t.c.staff_id, amount).where(_t.c.signing_id == signing.signing_id)
    held = {row.staff_id: int(row.cents) for row in uow.execute(summed.group_by(_t.c.staff_id))}
    for staff_id in sorted(held.keys() | wanted.keys()):
        if cents := wanted.get(staff_id, 0) - held.get(staff_id, 0):
            _add(uow, signing, staff_id, cents, rule, dispute_id)


def _add(
    uow: UnitOfWork, signing: Signing, staff_id: str, cents: int, rule: Rule, dispute_id: str
) -> None:
    data = {
        "signing_id": signing.signing_id,
        "customer_id": signing.customer_id,
        "staff_id": staff_id,
        "amount_cents": cents,
        "month": signing.sign_date.isoformat()[:7],
        "clause": rule.clause,
        "dispute_id": dispute_id,
    }
    reason = "CREDITED" if cents > 0 else "COUNTERED"
    decision = Decision(
        "credit", "granted", reason, rule.clause, rule.say, data, concerned=(staff_id,)
    )
    decision_id = uow.record(decision, signing.customer_id)
    row = {"credit_id": uow.new_id(), "decision_id": decision_id, "credited_at": uow.now}
    uow.execute(_t.insert(), data | row)
    uow.emit(Event(ASSIGNED, signing.customer_id, data))
