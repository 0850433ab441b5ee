"""How far a person's grants reach, as a condition on rows that say where somebody works."""

from collections.abc import Iterable

import sqlalchemy as sa

from chassis.kernel import Identity
from chassis.rules import Grant


def in_reach(
    grants: Iterable[Grant], actor: Identity, person: sa.FromClause
) -> sa.ColumnElement[bool]:
    """The condition that a row of people lies in the reach that `actor` has.

    `person` has the columns `department` and `team`.
    """
    return sa.or_(sa.false(), *(_within(grant, actor, person) for grant in grants))


def _within(grant: Grant, actor: Identity, person: sa.FromClause) -> sa.ColumnElement[bool]:
    if not actor.has(grant.role):
        return sa.false()
    if grant.scope == "company":
        return sa.true()
    same = person.c.department == actor.department
    if grant.scope == "team":
        same &= (person.c.team == actor.team) & (person.c.team != "")
    return same
