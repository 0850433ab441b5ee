"""Tasks: made once for an event, closed once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.columns import upsert
from chassis.kernel import Identity
from chassis.keysets import Order, Total
from chassis.paging import Keys
from chassis.unit import UnitOfWork
from services.activity.domain.reasons import TASK_CLOSED, TASK_UNKNOWN
from services.activity.store.task_tables import task as _t


@dataclass(frozen=True, slots=True)
class Task:
    """A row of `task`. Times are UTC; either `staff_id` or `role` says whose it is."""

    task_id: str
    source_id: str
    kind: str
    staff_id: str
    role: str
    department: str
    team: str
    customer_id: str
    subject_id: str
    figures: dict[str, str]
    zh: str
    en: str
    clause: str
    due_at: datetime | None
    done_by: str
    state: str
    created_at: datetime
    closed_at: datetime | None = None
    closer_id: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the caller's tasks; what is empty or False does not matter."""

    mine: bool = False
    """Only those of the caller in person."""
    state: str = ""
    kind: str = ""
    customer_id: str = ""
    query: str = ""
    by_due_time: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A task, and what it is found again by in its list."""

    task: Task
    keys: Keys


@dataclass(frozen=True, slots=True)
class Open:
    """How many tasks are open, past their time, and the caller's in person."""

    count: int
    overdue: int
    mine: int


_OPEN = (_t.c.customer_id == sa.bindparam("customer")) & (_t.c.state == "open")
_CLOSED: dict[str, Any] = {"closed_at": sa.bindparam("moment"), "closer_id": sa.bindparam("closer")}
_DONE = (
    _t.update()
    .where(
        _OPEN,
        _t.c.staff_id == sa.bindparam("person"),
        _t.c.done_by.in_(sa.bindparam("done", expanding=True)),
    )
    .values(state="done", **_CLOSED)
)
_GONE = (
    _t.update()
    .where(
        _OPEN,
        _t.c.staff_id.not_in(["", sa.bindparam("person")]),
        _t.c.done_by != "",
    )
    .values(state="dismissed", **_CLOSED)
)


def add_all(uow: UnitOfWork, found: Sequence[Task]) -> None:
    """Add tasks; those of an event that already made them are left as they are."""
    names = [name for name in Task.__slots__ if name != "position"]
    rows = [{name: getattr(task, name) for name in names} for task in found]
    if rows:
        uow.execute(upsert(uow.connection.dialect.name, _t).on_conflict_do_nothing(), rows)


def close_done(uow: UnitOfWork, customer_id: str, valid: bool) -> None:
    """Close what the caller was to do with a customer: a follow-up was recorded."""
    done = ["follow_up", "valid_follow_up"] if valid else ["follow_up"]
    me = uow.actor.staff_id
    values = {"customer": customer_id, "person": me, "done": done}
    uow.execute(_DONE, values | {"moment": uow.now, "closer": me})


def dismiss_former(uow: UnitOfWork, customer_id: str, holder_id: str) -> None:
    """Dismiss what people other than the holder were to do with a customer."""
    values = {"customer": customer_id, "person": holder_id}
    uow.execute(_GONE, values | {"moment": uow.now, "closer": uow.service})


def open_of(uow: UnitOfWork, staff_id: str, kind: str) -> list[Task]:
    """Return a person's open tasks of a kind."""
    listed = sa.select(_t).where(_t.c.staff_id == staff_id, _t.c.kind == kind)
    rows = uow.execute(listed.where(_t.c.state == "open").order_by(_t.c.position)).mappings()
    return [Task(**row) for row in rows]


def open_about(uow: UnitOfWork, kinds: Collection[str], subjects: Collection[str]) -> list[Task]:
    """Return everybody's open tasks of these kinds about these subjects."""
    listed = sa.select(_t).where(_t.c.subject_id.in_(subjects), _t.c.kind.in_(sorted(kinds)))
    rows = uow.execute(listed.where(_t.c.state == "open").order_by(_t.c.position)).mappings()
    return [Task(**row) for row in rows]


def open_subjects(uow: UnitOfWork, kind: str) -> list[str]:
    """Return what the open tasks of a kind are about."""
    listed = sa.select(_t.c.subject_id).where(_t.c.kind == kind, _t.c.state == "open")
    return list(uow.execute(listed.distinct()).scalars())


def settle(uow: UnitOfWork, kind: str, subjects: Sequence[str]) -> None:
    """Close everybody's open tasks of a kind about these subjects: there is nothing left to do."""
    about = _t.c.subject_id.in_(subjects) & (_t.c.kind == kind) & (_t.c.state == "open")
    values = {"state": "done", "closed_at": uow.now, "closer_id": uow.service}
    uow.execute(_t.update().where(about).values(values))


def get(uow: UnitOfWork, task_id: str) -> Task:
    """Return a task; refused when unknown."""
    row = uow.one(sa.select(_t).where(_t.c.task_id == task_id))
    if row is None:
        raise TASK_UNKNOWN.refuse()
    return Task(**row)


def close(uow: UnitOfWork, task: Task, state: str, closer_id: str) -> Task:
    """Close an open task, once."""
    values: dict[str, Any] = {"state": state, "closed_at": uow.now, "closer_id": closer_id}
    still = (_t.c.task_id == task.task_id) & (_t.c.state == "open")
    if uow.execute(_t.update().where(still), values).rowcount == 0:
        raise TASK_CLOSED.refuse()
    return replace(task, **values)


def page(
    uow: UnitOfWork, wanted: Wanted, after: list[Any] | None, limit: int
) -> tuple[list[Listed], Total]:
    """Return the caller's tasks, newest first or the next due first, and how many there are."""
    listed = sa.select(_t).where(of(uow.actor, wanted.mine))
    for column, text in (
        (_t.c.state, wanted.state),
        (_t.c.kind, wanted.kind),
        (_t.c.customer_id, wanted.customer_id),
    ):
        if text:
            listed = listed.where(column == text)
    if wanted.query:
        said = (_t.c.zh, _t.c.en)
        listed = listed.where(
            sa.or_(*(text.icontains(wanted.query, autoescape=True) for text in said))
        )
    order = Order((_t.c.position,), descending=True)
    if wanted.by_due_time:
        order = Order((_t.c.due_at, _t.c.position), given=_t.c.due_at.is_not(None))
    rows = keysets.read(uow, listed, order, after, limit)
    return [Listed(_of(row), keysets.keys(row)) for row in rows], keysets.count(uow, listed)


def count_open(uow: UnitOfWork) -> dict[str, Open]:
    """Count the caller's open tasks by kind."""
    late = sa.and_(_t.c.due_at.is_not(None), _t.c.due_at < uow.now)
    own = _t.c.staff_id == uow.actor.staff_id
    counted = sa.select(
        _t.c.kind,
        sa.func.count().label("count"),
        sa.func.sum(sa.case((late, 1), else_=0)).label("overdue"),
        sa.func.sum(sa.case((own, 1), else_=0)).label("mine"),
    ).where(of(uow.actor, mine=False), _t.c.state == "open")
    rows = uow.execute(counted.group_by(_t.c.kind).order_by(_t.c.kind)).mappings()
    return {row["kind"]: Open(row["count"], row["overdue"], row["mine"]) for row in rows}


def _of(row: sa.RowMapping) -> Task:
    return Task(**{name: row[name] for name in Task.__slots__})


def of(actor: Identity, mine: bool) -> sa.ColumnElement[bool]:
    """The condition that a task is the actor's: in person, or besides by a role in its reach."""
    own = _t.c.staff_id == actor.staff_id
    if mine:
        return own
    here = _t.c.department.in_(["", actor.department]) & _t.c.team.in_(["", actor.team])
    return sa.or_(own, sa.and_(_t.c.role.in_(sorted(actor.roles)), here))


def is_of(actor: Identity, task: Task) -> bool:
    """Whether a task is the actor's."""
    if task.staff_id:
        return task.staff_id == actor.staff_id
    here = task.department in ("", actor.department) and task.team in ("", actor.team)
    return actor.has(task.role) and here
