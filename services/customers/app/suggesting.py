"""Customers while somebody types: by beginning, by sound, by initials, by a part of the name."""

from dataclasses import dataclass

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.customers.app.sight import whose
from services.customers.domain.features import fragments
from services.customers.domain.names import parse
from services.customers.domain.policy import CustomersPolicy
from services.customers.domain.sight import sight_of
from services.customers.domain.starts import fits, typed, without_form
from services.customers.store import suggestions

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
    text = typed(query)
    if not text:
        return [], False
    sight = sight_of(uow.actor, uow.policy(CustomersPolicy).rules)
    me, their = uow.actor.staff_id, whose(uow.actor)
    rows = suggestions.beginning(uow, text, sight, their, limit + 1)
    places: list[int | None] = [0] * len(rows)
    others = [] if sight.everything else suggestions.own(uow, me)
    if len(rows) <= limit:
        pieces = suggestions.rarest(uow, fragments(parse(without_form(text))))
        others += suggestions.containing(uow, pieces, sight, their, limit + 1)
    rows += others
    places += [fits(row["known"], text) for row in others]
    ranked = sorted(
        (place, row["holder_id"] != me, len(row["known"]), row["known"], row["customer_id"], at)
        for at, (place, row) in enumerate(zip(places, rows, strict=True))
        if place is not None
    )
    chosen = {rows[at]["customer_id"]: rows[at] for *_, at in reversed(ranked)}
    best = [rows[at] for *_, at in ranked if chosen[rows[at]["customer_id"]] is rows[at]]
    return [_suggestion(row) for row in best[:limit]], len(best) > limit


def _suggestion(row: sa.RowMapping) -> Suggestion:
    known_as = row["known"] if row["known"] != row["full_name"] else ""
    return Suggestion(
        row["customer_id"], row["full_name"], known_as, row["location"], row["holder_id"]
    )
