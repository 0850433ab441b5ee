"""Who may see what people did with a customer (H-2.2f)."""

import sqlalchemy as sa

from chassis.reach import in_reach
from chassis.unit import UnitOfWork
from services.activity.domain.policy import ActivityPolicy
from services.activity.store.tables import colleague, custody, follow_up

AUTHOR = colleague.alias("author")
HOLDER = colleague.alias("holder")


def with_people(joined: sa.FromClause) -> sa.Join:
    """Join what `follow_ups_of` looks at to a query of follow-ups."""
    return (
        joined.outerjoin(custody, custody.c.customer_id == follow_up.c.customer_id)
        .outerjoin(AUTHOR, AUTHOR.c.staff_id == follow_up.c.author_id)
        .outerjoin(HOLDER, HOLDER.c.staff_id == custody.c.holder_id)
    )


def visible_follow_ups(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """The condition that the caller sees a follow-up: its author, the holder, policy's readers.

    A reader's reach covers follow-ups by people of it and of customers held there.
    """
    rules = uow.policy(ActivityPolicy).rules.follow_ups
    rules.read.require(uow.actor)
    readers = rules.readers.value
    return sa.or_(
        follow_up.c.author_id == uow.actor.staff_id,
        custody.c.holder_id == uow.actor.staff_id,
        *(in_reach(readers, uow.actor, person) for person in (AUTHOR, HOLDER)),
    )
