"""Sales performance, from the credits that rulings gave."""

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.ownership.store.credit_tables import credit as _t


def performance(uow: UnitOfWork, month: str) -> dict[str, int]:
    """Return each person's credited performance of a month `YYYY-MM`, in cents, by staff id.

    Who has no credit is absent; a correction may make a sum zero or negative.
    """
    amount = sa.func.sum(_t.c.amount_cents).label("amount_cents")
    summed = sa.select(_t.c.staff_id, amount).where(_t.c.month == month).group_by(_t.c.staff_id)
    return {row.staff_id: int(row.amount_cents) for row in uow.execute(summed)}


def ranking(uow: UnitOfWork, month: str) -> list[tuple[str, int]]:
    """Return (staff id, cents) of a month, the highest first; equals by staff id."""
    return sorted(performance(uow, month).items(), key=lambda item: (-item[1], item[0]))
