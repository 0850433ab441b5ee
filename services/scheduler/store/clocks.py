"""Clocks: one row each, moved by one indexed write, fired and recomputed in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.scheduler.domain.facts import Facts, PauseFact, State
from services.scheduler.domain.terms import Deadline
from services.scheduler.store.tables import RUNNING, UNWARNED
from services.scheduler.store.tables import clock as _t
from services.scheduler.store.tables import leave as _leave


@dataclass(frozen=True, slots=True)
class Clock:
    """A row of `clock`. Times are UTC."""

    subject_id: str
    clock: str
    state: State
    facts: Facts
    basis_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    floor_at: datetime | None
    version: int
    policy_version: int
    calendar_version: int


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
_ANNOUNCED = (
    _t.c.subject_id,
    _t.c.clock,
    _t.c.party_id,
    _t.c.kept,
    _t.c.basis_at,
    _t.c.due_at,
    _t.c.warn_at,
    _t.c.version,
)


def _at(name: str) -> sa.BindParameter[datetime]:
    return sa.bindparam(f"b_{name}", type_=_t.c.updated_at.type)


_ON_LEAVE = sa.exists().where(
    _leave.c.staff_id == _t.c.party_id, _leave.c.last_day >= sa.bindparam("b_day", type_=sa.Date())
)
_MOVE = (
    _t.update()
    .where(
        _AT_KEY,
        _t.c.move_mark < sa.bindparam("b_mark"),
        sa.text("state IN ('armed', 'warned', 'fired')"),
        _t.c.started_at <= _at("moved_at"),
        _t.c.pause_count == 0,
        _t.c.amount.is_(None),
        ~_ON_LEAVE,
    )
    .values(
        state=sa.case(
            (sa.text("state = 'warned'") & (_t.c.due_at == _at("due_at")), "warned"), else_="armed"
        ),
        move_mark=sa.bindparam("b_mark"),
        moved_at=_at("moved_at"),
        basis_at=_at("moved_at"),
        due_at=_at("due_at"),
        warn_at=_at("warn_at"),
        floor_at=None,
        version=_t.c.version + 1,
        policy_version=sa.bindparam("b_policy_version"),
        calendar_version=sa.bindparam("b_calendar_version"),
        updated_at=_at("now"),
    )
    .returning(*_ANNOUNCED)
)


def move(
    uow: UnitOfWork,
    subject_id: str,
    clock: str,
    *,
    mark: int,
    moved_at: datetime,
    moved_on: date,
    due: Deadline,
    policy_version: int,
    calendar_version: int,
) -> Mapping[str, Any] | None:
    """Move a clock whose deadline is what a bare term after `moved_at` gives: one indexed write.

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
            "b_day": moved_on,
            "b_due_at": due.due_at,
            "b_warn_at": due.warn_at,
            "b_policy_version": policy_version,
            "b_calendar_version": calendar_version,
            "b_now": uow.now,
        },
    )
    row = moved.first()
    return row._asdict() if row else None


def lock(uow: UnitOfWork, subject_id: str, clock: str) -> Clock | None:
    """Return a clock that nobody else changes until this transaction ends."""
    row = uow.one(_LOCK, {"b_subject_id": subject_id, "b_clock": clock})
    return from_row(row) if row else None


def add(uow: UnitOfWork, clock: Clock) -> None:
    """Add a clock; the loser of a race runs again and finds it."""
    row = {"subject_id": clock.subject_id, "clock": clock.clock}
    uow.execute(_ADD, row | _to_row(clock, uow.now))


def save(uow: UnitOfWork, clocks: Sequence[Clock]) -> None:
    """Store clocks that this transaction has locked."""
    if clocks:
        uow.execute(
            _SAVE,
            [
                {"b_subject_id": clock.subject_id, "b_clock": clock.clock}
                | {f"b_{name}": value for name, value in _to_row(clock, uow.now).items()}
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
        basis_at=row["basis_at"],
        due_at=row["due_at"],
        warn_at=row["warn_at"],
        floor_at=row["floor_at"],
        version=row["version"],
        policy_version=row["policy_version"],
        calendar_version=row["calendar_version"],
    )


def announced(clock: Clock) -> Mapping[str, Any]:
    """Return what of a clock is announced, named as in the table."""
    return {
        "subject_id": clock.subject_id,
        "clock": clock.clock,
        "party_id": clock.facts.party_id,
        "kept": clock.facts.kept,
        "basis_at": clock.basis_at,
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "version": clock.version,
    }


def _to_row(clock: Clock, now: datetime) -> dict[str, Any]:
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
        "pause_count": len(facts.pauses),
        "basis_at": clock.basis_at,
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "floor_at": clock.floor_at,
        "version": clock.version,
        "policy_version": clock.policy_version,
        "calendar_version": clock.calendar_version,
        "updated_at": now,
    }


def _pause(begin: str, end: str, mark: int) -> PauseFact:
    return PauseFact(
        datetime.fromisoformat(begin), datetime.fromisoformat(end) if end else None, mark
    )


def _claiming(condition: str, moment: sa.Column[Any], state: State) -> sa.Update:
    """Return the statement that takes the earliest clocks due by now; replicas pass over them."""
    batch = (
        sa.select(_t.c.subject_id, _t.c.clock)
        .where(sa.text(condition), moment <= _at("now"))
        .order_by(moment)
        .limit(sa.bindparam("b_limit", type_=sa.Integer()))
        .with_for_update(skip_locked=True)
        .cte("batch")
    )
    return (
        _t.update()
        .where(_t.c.subject_id == batch.c.subject_id, _t.c.clock == batch.c.clock)
        .values(state=state.value, version=_t.c.version + 1, updated_at=_at("now"))
        .returning(*_ANNOUNCED)
    )


_FIRE = _claiming(RUNNING, _t.c.due_at, State.FIRED)
_WARN = _claiming(UNWARNED, _t.c.warn_at, State.WARNED)


def fire(uow: UnitOfWork, limit: int) -> list[Mapping[str, Any]]:
    """Mark the earliest clocks that are due as fired; return them in due order."""
    fired = uow.execute(_FIRE, {"b_now": uow.now, "b_limit": limit})
    return sorted(
        (row._asdict() for row in fired), key=lambda row: (row["due_at"], row["subject_id"])
    )


def warn(uow: UnitOfWork, limit: int) -> list[Mapping[str, Any]]:
    """Mark the earliest clocks whose warning is due as warned; return them in that order."""
    warned = uow.execute(_WARN, {"b_now": uow.now, "b_limit": limit})
    return sorted(
        (row._asdict() for row in warned), key=lambda row: (row["warn_at"], row["subject_id"])
    )


_NEXT_DUE = sa.select(sa.func.min(_t.c.due_at)).where(sa.text(RUNNING))
_NEXT_WARNING = sa.select(sa.func.min(_t.c.warn_at)).where(sa.text(UNWARNED))


def next_moments(uow: UnitOfWork) -> tuple[datetime | None, datetime | None]:
    """Return when the next clock is due, and when the next warning goes out."""
    return uow.connection.scalar(_NEXT_DUE), uow.connection.scalar(_NEXT_WARNING)


def page(
    uow: UnitOfWork, conditions: Sequence[sa.ColumnElement[bool]], limit: int, *, locked: bool
) -> list[Clock]:
    """Return clocks in the order of their keys."""
    listed = sa.select(_t).where(*conditions).order_by(_t.c.subject_id, _t.c.clock).limit(limit)
    listed = listed.with_for_update() if locked else listed
    return [from_row(row) for row in uow.execute(listed).mappings()]


def after(subject_id: str, clock: str) -> sa.ColumnElement[bool]:
    """The condition that a clock's key comes after this one."""
    return sa.tuple_(_t.c.subject_id, _t.c.clock) > sa.tuple_(subject_id, clock)
