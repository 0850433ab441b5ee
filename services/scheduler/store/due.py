"""What is due: claimed from the earliest on, each clock by one process, once."""

from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.scheduler.domain.facts import State
from services.scheduler.store.clocks import Announced, at
from services.scheduler.store.tables import RUNNING, UNWARNED
from services.scheduler.store.tables import clock as _t

_ANNOUNCED = [_t.c[name] for name in Announced._fields]


def _claiming(condition: str, moment: sa.Column[Any], state: State) -> sa.Update:
    """Return the statement that takes the earliest clocks due by now; replicas pass over them."""
    batch = (
        sa.select(_t.c.subject_id, _t.c.clock)
        .where(sa.text(condition), moment <= at("now"))
        .order_by(moment)
        .limit(sa.bindparam("b_limit", type_=sa.Integer()))
        .with_for_update(skip_locked=True)
        .cte("batch")
    )
    return (
        _t.update()
        .where(_t.c.subject_id == batch.c.subject_id, _t.c.clock == batch.c.clock)
        .values(state=state.value, version=_t.c.version + 1)
        .returning(*_ANNOUNCED)
    )


_FIRE = _claiming(RUNNING, _t.c.due_at, State.FIRED)
_WARN = _claiming(UNWARNED, _t.c.warn_at, State.WARNED)


def fire(uow: UnitOfWork, limit: int) -> list[Announced]:
    """Mark the earliest clocks that are due as fired; return them in due order."""
    fired = uow.execute(_FIRE, {"b_now": uow.now, "b_limit": limit})
    return sorted(map(Announced._make, fired.all()), key=attrgetter("due_at", "subject_id"))


def warn(uow: UnitOfWork, limit: int) -> list[Announced]:
    """Mark the earliest clocks whose warning is due as warned; return them in that order."""
    warned = uow.execute(_WARN, {"b_now": uow.now, "b_limit": limit})
    return sorted(map(Announced._make, warned.all()), key=attrgetter("warn_at", "subject_id"))


_NEXT_DUE = sa.select(sa.func.min(_t.c.due_at)).where(sa.text(RUNNING))
_NEXT_WARNING = sa.select(sa.func.min(_t.c.warn_at)).where(sa.text(UNWARNED))


def next_moments(uow: UnitOfWork) -> tuple[datetime | None, datetime | None]:
    """Return when the next clock is due, and when the next warning goes out."""
    return uow.connection.scalar(_NEXT_DUE), uow.connection.scalar(_NEXT_WARNING)
