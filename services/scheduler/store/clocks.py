"""Clocks: one row each, moved by one indexed write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.scheduler.domain.facts import Facts, PauseFact, State
from services.scheduler.domain.terms import Deadline
from services.scheduler.store.tables import clock as _t


@dataclass(frozen=True, slots=True)
class Clock:
    """A row of `clock`. Times are UTC."""

    subject_id: str
    clock: str
    state: State
    facts: Facts
    plain: bool
    """Whether nothing but its bare term decides when it is due: no pause, leave, or own amount."""
    basis_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    floor_at: datetime | None
    version: int
    policy_version: int
    calendar_version: int


class Announced(NamedTuple):
    """What of a clock is announced, named as in the table."""

    subject_id: str
    clock: str
    party_id: str
    kept: Mapping[str, Any]
    basis_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    version: int


_CHANGING = [c.name for c in _t.columns if not c.primary_key]
_AT_KEY = (_t.c.subject_id == sa.bindparam("b_subject_id")) & (
    _t.c.clock == sa.bindparam("b_clock")
)
_LOCK = sa.select(_t).where(_AT_KEY).with_for_update()
_ADD = _t.insert()
_SAVE = (
    _t.update()
    .where(_AT_KEY)
    .values({name: sa.bindparam(f"b_{name}", type_=_t.c[name].type) for name in _CHANGING})
)


def at(name: str) -> sa.BindParameter[datetime]:
    """Return the parameter `b_<name>` for a moment."""
    return sa.bindparam(f"b_{name}", type_=_t.c.due_at.type)


_MOVE = (
    _t.update()
    .where(
        _AT_KEY,
        _t.c.move_mark < sa.bindparam("b_mark"),
        sa.text("plain AND state IN ('armed', 'warned', 'fired')"),
        _t.c.started_at <= at("moved_at"),
    )
    .values(
        state=sa.case(
            (sa.text("state = 'warned'") & (_t.c.due_at == at("due_at")), sa.text("'warned'")),
            else_=sa.text("'armed'"),
        ),
        move_mark=sa.bindparam("b_mark"),
        moved_at=at("moved_at"),
        basis_at=at("moved_at"),
        due_at=at("due_at"),
        warn_at=at("warn_at"),
        floor_at=sa.null(),
        version=_t.c.version + sa.text("1"),
        policy_version=sa.bindparam("b_policy_version"),
        calendar_version=sa.bindparam("b_calendar_version"),
    )
    .returning(_t.c.party_id, _t.c.kept, _t.c.version)
)
_LEAVE = (
    _t.update()
    .where(_t.c.party_id == sa.bindparam("b_party_id"), sa.text("plain"))
    .values(plain=False)
)


def move(
    uow: UnitOfWork,
    subject_id: str,
    clock: str,
    *,
    mark: int,
    moved_at: datetime,
    due: Deadline,
    policy_version: int,
    calendar_version: int,
) -> Announced | None:
    """Move a plain clock, due when its bare term after `moved_at` is over: one indexed write.

    Returns what to announce. None, and nothing changed, when the move is old news or when the
    deadline depends on more than the move: a later start, pauses, leave, an amount of its own.
    """
    moved = uow.execute(
        _MOVE,
        {
            "b_subject_id": subject_id,
            "b_clock": clock,
            "b_mark": mark,
            "b_moved_at": moved_at,
            "b_due_at": due.due_at,
            "b_warn_at": due.warn_at,
            "b_policy_version": policy_version,
            "b_calendar_version": calendar_version,
        },
    ).first()
    if moved is None:
        return None
    return Announced(
        subject_id=subject_id,
        clock=clock,
        party_id=moved.party_id,
        kept=moved.kept,
        basis_at=moved_at,
        due_at=due.due_at,
        warn_at=due.warn_at,
        version=moved.version,
    )


def note_leave(uow: UnitOfWork, party_id: str) -> None:
    """Note that the deadlines of a person depend on more than what moves them."""
    uow.execute(_LEAVE, {"b_party_id": party_id})


def lock(uow: UnitOfWork, subject_id: str, clock: str) -> Clock | None:
    """Return a clock that nobody else changes until this transaction ends."""
    row = uow.one(_LOCK, {"b_subject_id": subject_id, "b_clock": clock})
    return from_row(row) if row else None


def add(uow: UnitOfWork, clock: Clock) -> None:
    """Add a clock; the loser of a race runs again and finds it."""
    row = {"subject_id": clock.subject_id, "clock": clock.clock}
    uow.execute(_ADD, row | _to_row(clock))


def save(uow: UnitOfWork, clocks: Sequence[Clock]) -> None:
    """Store clocks that this transaction has locked."""
    if clocks:
        uow.execute(
            _SAVE,
            [
                {"b_subject_id": clock.subject_id, "b_clock": clock.clock}
                | {f"b_{name}": value for name, value in _to_row(clock).items()}
                for clock in clocks
            ],
        )


def from_row(row: sa.RowMapping) -> Clock:
    """Read a clock from a row of the whole table."""
    return Clock(
        subject_id=row["subject_id"],
        clock=row["clock"],
        state=State(row["state"]),
        facts=Facts(
            start_mark=row["start_mark"],
            started_at=row["started_at"],
            party_id=row["party_id"],
            amount=row["amount"],
            kept=row["kept"],
            stop_mark=row["stop_mark"],
            move_mark=row["move_mark"],
            moved_at=row["moved_at"],
            pauses=tuple(_pause(*item) for item in row["pauses"]),
        ),
        plain=row["plain"],
        basis_at=row["basis_at"],
        due_at=row["due_at"],
        warn_at=row["warn_at"],
        floor_at=row["floor_at"],
        version=row["version"],
        policy_version=row["policy_version"],
        calendar_version=row["calendar_version"],
    )


def announced(clock: Clock) -> Announced:
    """Return what of a clock is announced."""
    return Announced(
        clock.subject_id,
        clock.clock,
        clock.facts.party_id,
        clock.facts.kept,
        clock.basis_at,
        clock.due_at,
        clock.warn_at,
        clock.version,
    )


def _to_row(clock: Clock) -> dict[str, Any]:
    facts = clock.facts
    return {
        "party_id": facts.party_id,
        "state": clock.state.value,
        "start_mark": facts.start_mark,
        "started_at": facts.started_at,
        "amount": facts.amount,
        "kept": dict(facts.kept),
        "stop_mark": facts.stop_mark,
        "move_mark": facts.move_mark,
        "moved_at": facts.moved_at,
        "pauses": [
            [p.begin.isoformat(), p.end.isoformat() if p.end else "", p.mark] for p in facts.pauses
        ],
        "plain": clock.plain,
        "basis_at": clock.basis_at,
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "floor_at": clock.floor_at,
        "version": clock.version,
        "policy_version": clock.policy_version,
        "calendar_version": clock.calendar_version,
    }


def _pause(begin: str, end: str, mark: int) -> PauseFact:
    return PauseFact(
        datetime.fromisoformat(begin), datetime.fromisoformat(end) if end else None, mark
    )


def page(
    uow: UnitOfWork, conditions: Sequence[sa.ColumnElement[bool]], limit: int, *, locked: bool
) -> list[Clock]:
    """Return clocks in the order of their keys."""
    listed = sa.select(_t).where(*conditions).order_by(_t.c.subject_id, _t.c.clock).limit(limit)
    listed = listed.with_for_update() if locked else listed
    return [from_row(row) for row in uow.execute(listed).mappings()]


def of_subjects(uow: UnitOfWork, clock: str, subject_ids: Sequence[str]) -> list[Clock]:
    """Return the clocks of one kind that these subjects have."""
    found = sa.select(_t).where(_t.c.clock == clock, _t.c.subject_id.in_(subject_ids))
    return [from_row(row) for row in uow.execute(found).mappings()]


def after(subject_id: str, clock: str) -> sa.ColumnElement[bool]:
    """The condition that a clock's key comes after this one."""
    return sa.tuple_(_t.c.subject_id, _t.c.clock) > sa.tuple_(subject_id, clock)
