"""Rotas: every build kept, the turns changed one at a time."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.ownership.domain.rota import LeftOut, Member, Rota
from services.ownership.domain.turns import Turn
from services.ownership.store.rota_tables import call_assessment as _a
from services.ownership.store.rota_tables import rota as _t
from services.ownership.store.rota_tables import rota_ban as _b
from services.ownership.store.rota_tables import rota_reinstatement as _r
from services.ownership.store.rota_tables import rota_turn as _turn


@dataclass(frozen=True, slots=True)
class Kept:
    """A build of a week's rota; `build` counts from 1, the newest is in force."""

    week_start: date
    scheme: str
    build: int
    rota: Rota
    months: tuple[str, ...]
    cause: str
    decision_id: str
    built_at: datetime


def newest(uow: UnitOfWork, week: date, scheme: str) -> Kept | None:
    """Return the rota in force of a week and scheme."""
    found = sa.select(_t).where(_t.c.week_start == week, _t.c.scheme == scheme)
    row = uow.one(found.order_by(_t.c.build.desc()).limit(1))
    return _kept(row) if row else None


def between(uow: UnitOfWork, first_week: date, last_week: date) -> dict[date, list[Kept]]:
    """Return every build of weeks, oldest first, by the week's Monday."""
    found = sa.select(_t).where(_t.c.week_start >= first_week, _t.c.week_start <= last_week)
    builds: dict[date, list[Kept]] = {}
    for row in uow.execute(found.order_by(_t.c.built_at, _t.c.build)).mappings():
        builds.setdefault(row["week_start"], []).append(_kept(row))
    return builds


def keep(uow: UnitOfWork, kept: Kept) -> None:
    """Keep a build; of two at once the second fails on the primary key and looks again."""
    rota = kept.rota
    row = {
        "week_start": kept.week_start,
        "scheme": kept.scheme,
        "build": kept.build,
        "groups": list(rota.groups),
        "members": [asdict(item) for item in rota.members],
        "left_out": [asdict(item) for item in rota.left_out],
        "months": list(kept.months),
        "cause": kept.cause,
        "decision_id": kept.decision_id,
        "built_at": kept.built_at,
    }
    uow.execute(_t.insert(), row)


def lock_turn(uow: UnitOfWork, week: date, scheme: str, ring: str) -> tuple[Turn, int]:
    """Return a ring's turn and its version; nobody else changes it until this transaction ends."""
    key = {"week_start": week, "scheme": scheme, "ring": ring}
    fresh = key | {"last": "", "place": 0, "version": 0}
    uow.execute(upsert(uow.connection.dialect.name, _turn).on_conflict_do_nothing(), fresh)
    same = [_turn.c[name] == value for name, value in key.items()]
    row = uow.one(sa.select(_turn).where(*same).with_for_update())
    assert row is not None
    return Turn(row["last"], row["place"]), row["version"]


def pass_turn(
    uow: UnitOfWork, week: date, scheme: str, ring: str, turn: Turn, version: int
) -> bool:
    """Pass the turn on if it still is as it was read; False when it is not."""
    same = (_turn.c.week_start == week) & (_turn.c.scheme == scheme) & (_turn.c.ring == ring)
    changed = _turn.update().where(same, _turn.c.version == version)
    values = {"last": turn.last, "place": turn.place, "version": version + 1}
    return uow.execute(changed.values(**values)).rowcount == 1


def assessments(uow: UnitOfWork, week: date) -> dict[str, bool]:
    """Return whether people passed the call assessment of a week, by staff id."""
    found = sa.select(_a.c.staff_id, _a.c.passed).where(_a.c.week_start == week)
    return {row.staff_id: bool(row.passed) for row in uow.execute(found)}


def open_bans(uow: UnitOfWork, now: datetime, staff_id: str = "") -> list[sa.RowMapping]:
    """Return the bans in force at a moment, oldest first; of one person, or of everybody."""
    found = bans(now, True).order_by(_b.c.banned_at, _b.c.ban_id)
    if staff_id:
        found = found.where(_b.c.staff_id == staff_id)
    return list(uow.execute(found).mappings())


def bans(now: datetime, in_force: bool | None) -> sa.Select[Any]:
    """Return the query of bans with their ends; of those in force at `now`, or of the others."""
    found = sa.select(_b, _r.c.reason, _r.c.actor_id, _r.c.reinstated_at).outerjoin(
        _r, _r.c.ban_id == _b.c.ban_id
    )
    if in_force is None:
        return found
    holds = _r.c.ban_id.is_(None) & (_b.c.until_at.is_(None) | (_b.c.until_at > now))
    return found.where(holds if in_force else ~holds)


def _kept(row: sa.RowMapping) -> Kept:
    rota = Rota(
        tuple(row["groups"]),
        tuple(Member(**item) for item in row["members"]),
        tuple(LeftOut(**item) for item in row["left_out"]),
    )
    names = ("week_start", "scheme", "build", "cause", "decision_id", "built_at")
    return Kept(rota=rota, months=tuple(row["months"]), **{name: row[name] for name in names})
