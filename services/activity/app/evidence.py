"""What other services ask: the last valid follow-up before a deadline, and evidence for rulings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.activity.domain.policy import ActivityPolicy
from services.activity.domain.reasons import NOT_YET
from services.activity.store import books, signings
from services.activity.store.follow_ups import JOINED, STANDING
from services.activity.store.month_tables import unmaintained as _u
from services.activity.store.signings import Signing
from services.activity.store.tables import follow_up as _t


@dataclass(frozen=True, slots=True)
class Seen:
    """A follow-up as a ruling quotes it."""

    follow_up_id: str
    author_id: str
    recorded_at: datetime
    title: str
    standing: bool


@dataclass(frozen=True, slots=True)
class Person:
    """What one person recorded of a customer, oldest first."""

    staff_id: str
    valid: tuple[Seen, ...]
    invalid_count: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A month without maintenance; `healed_at` is its holder's next valid follow-up."""

    month: str
    holder_id: str
    healed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a ruling looks at."""

    people: tuple[Person, ...]
    missed: tuple[Missed, ...]
    signing: Signing | None


def settle(
    uow: UnitOfWork, windows: Mapping[str, tuple[datetime | None, datetime]]
) -> dict[str, datetime]:
    """Close the books of customers, and return the last valid follow-up in (after, until).

    Whatever is recorded from now on has a time of `until` or later; a follow-up before it that is
    under way is waited for. Refused while an `until` lies in the future.
    """
    latest = max(until for _, until in windows.values())
    if latest > uow.now:
        raise NOT_YET.refuse(until=latest.isoformat())
    return books.settle(uow, windows)


def gather(
    uow: UnitOfWork,
    customer_id: str,
    staff_ids: Sequence[str],
    signing_id: str,
    before: date | None,
    exclude_signing_day: bool,
) -> Evidence:
    """Gather the follow-ups of a customer before a day, by person.

    With a signing nothing after its day is looked at, nor that day itself if it is excluded.
    """
    signing = signings.get(uow, signing_id) if signing_id else None
    days = [before] if before else []
    if signing:
        days.append(signing.signed_on + timedelta(days=0 if exclude_signing_day else 1))
    until = midnight(uow, min(days)) if days else None
    seen = _seen(uow, customer_id, until)
    wanted = staff_ids or dict.fromkeys(one.author_id for one in seen)
    people = tuple(_person(who, [one for one in seen if one.author_id == who]) for who in wanted)
    return Evidence(people, _missed(uow, customer_id, seen), signing)


def midnight(uow: UnitOfWork, day: date) -> datetime:
    """Return the moment at which a local day begins."""
    return datetime.combine(day, time(), ZoneInfo(uow.policy(ActivityPolicy).time_zone))


def _seen(uow: UnitOfWork, customer_id: str, until: datetime | None) -> list[Seen]:
    """Return the follow-ups of a customer before a moment, oldest first."""
    listed = (
        sa.select(
            _t.c.follow_up_id,
            _t.c.author_id,
            _t.c.recorded_at,
            _t.c.title,
            STANDING.label("standing"),
        )
        .select_from(JOINED)
        .where(_t.c.customer_id == customer_id)
        .order_by(_t.c.recorded_at, _t.c.position)
    )
    if until:
        listed = listed.where(_t.c.recorded_at < until)
    return [
        Seen(row.follow_up_id, row.author_id, row.recorded_at, row.title, bool(row.standing))
        for row in uow.execute(listed)
    ]


def _missed(uow: UnitOfWork, customer_id: str, seen: Sequence[Seen]) -> tuple[Missed, ...]:
    listed = sa.select(_u.c.month, _u.c.holder_id).where(_u.c.customer_id == customer_id)
    found = []
    for row in uow.execute(listed.order_by(_u.c.month)):
        _, end = month_bounds(uow, row.month)
        healed = (
            one.recorded_at
            for one in seen
            if one.standing and one.author_id == row.holder_id and one.recorded_at >= end
        )
        found.append(Missed(row.month, row.holder_id, next(healed, None)))
    return tuple(found)


def local_day(uow: UnitOfWork, moment: datetime) -> date:
    """Return the local day of a moment."""
    return moment.astimezone(ZoneInfo(uow.policy(ActivityPolicy).time_zone)).date()


def month_bounds(uow: UnitOfWork, month: str) -> tuple[datetime, datetime]:
    """Return the moments at which a local month begins and ends."""
    first = date.fromisoformat(f"{month}-01")
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return midnight(uow, first), midnight(uow, following)


def _person(staff_id: str, seen: list[Seen]) -> Person:
    valid = tuple(one for one in seen if one.standing)
    return Person(staff_id, valid, len(seen) - len(valid))
