"""Customers while somebody types: by beginning, by sound, by initials, by a part of the name."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chassis.kernel import Identity
from chassis.unit import UnitOfWork
from services.customers.app.sight import visible_to
from services.customers.domain.features import fragments
from services.customers.domain.names import parse
from services.customers.domain.policy import CustomersPolicy
from services.customers.domain.starts import contains, typed, without_form
from services.customers.store import suggestions
from services.customers.store.tables import colleague, custody

USUAL = 10
MOST = 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A customer that the caller sees; `known_as` is another name by which it was found."""

    customer_id: str
    full_name: str
    known_as: str
    location: str
    holder_id: str


def suggest(uow: UnitOfWork, query: str, limit: int) -> tuple[list[Suggestion], bool]:
    """Return the customers that somebody typing `query` may mean, and whether there are more.

    Only customers that the caller sees, `limit` at most: names whose beginning, core, sound or
    initials begin so first, then those that contain it; of each the caller's own before others.
    """
    policy = uow.policy(CustomersPolicy).rules
    text = typed(query)
    if not text:
        return [], False
    rows = suggestions.find(
        uow,
        text,
        suggestions.rarest(uow, fragments(parse(without_form(text)))),
        visible=visible_to(uow.actor, policy),
        near=_near(uow.actor, policy),
    )
    me = uow.actor.staff_id
    ranked = sorted(
        (row for row in rows if not row["inside"] or contains(row["known"], text)),
        key=lambda row: (
            row["inside"],
            row["holder_id"] != me,
            len(row["known"]),
            row["known"],
            row["customer_id"],
        ),
    )
    found = {row["customer_id"]: row for row in reversed(ranked)}
    chosen = [row for row in ranked if found[row["customer_id"]] is row]
    return [_suggestion(row) for row in chosen[:limit]], len(chosen) > limit


def _suggestion(row: sa.RowMapping) -> Suggestion:
    known_as = row["known"] if row["known"] != row["full_name"] else ""
    return Suggestion(
        row["customer_id"], row["full_name"], known_as, row["location"], row["holder_id"]
    )


def _near(actor: Identity, policy: CustomersPolicy) -> sa.ColumnElement[bool] | None:
    """The condition on the joined custody for few customers near the caller, who sees not all.

    They are found even where a beginning is very common: one's own, and one's team's.
    """
    holders: list[sa.Select[Any]] = [sa.select(sa.literal(actor.staff_id))]
    for grant in policy.visibility.library_readers.value:
        if not actor.has(grant.role):
            continue
        if grant.scope == "company":
            return None
        if grant.scope == "team" and actor.team:
            same = (colleague.c.department == actor.department) & (colleague.c.team == actor.team)
            holders.append(sa.select(colleague.c.staff_id).where(same))
    return custody.c.holder_id.in_(sa.union_all(*holders))
