"""What people did, added up by day or by week, for plots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from chassis.columns import Instant
from chassis.contract import FIELD_INVALID, INVALID_REQUEST
from chassis.kernel import Refused
from chassis.rules import Granting
from chassis.unit import UnitOfWork
from services.activity.app.queries import of_place
from services.activity.app.spans import ONE_DAY, begin_of, end_of
from services.activity.domain.policy import ActivityPolicy
from services.activity.store import custodies
from services.activity.store.follow_ups import JOINED, STANDING
from services.activity.store.tables import colleague, follow_up, signing

Period = Literal["day", "week"]
_STEP: dict[Period, timedelta] = {"day": ONE_DAY, "week": timedelta(weeks=1)}
_USUAL: dict[Period, int] = {"day": 14, "week": 13}
_MOST: dict[Period, int] = {"day": 92, "week": 53}
KINDS = ("visit", "call", "message", "other")
COUNTED = ("valid", "invalid", *KINDS, "customers", "signings", "amount_cents")


@dataclass(frozen=True, slots=True)
class People:
    """Whose figures: one person's, those of a department or team, or everybody's."""

    staff_id: str = ""
    department: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of each period by its first day, in order; all of COUNTED in each."""

    periods: dict[date, dict[str, int]]
    signings_counted: bool


def figures(
    uow: UnitOfWork, people: People, period: Period, first: date | None, last: date | None
) -> Figures:
    """Return what people did in the periods from that of `first` to that of `last`.

    Refused unless the caller may see the follow-ups of all these people. Signings are counted only
    where the caller may see those of all of them.
    """
    rules = uow.policy(ActivityPolicy).rules
    rules.follow_ups.read.require(uow.actor)
    own = people.staff_id in ("me", uow.actor.staff_id)
    who = uow.actor.staff_id if own else people.staff_id
    if not own and not _reaches(uow, rules.follow_ups.readers, people):
        raise rules.follow_ups.readers.refusal()
    days = _days(uow, period, first, last)
    found = {day: dict.fromkeys(COUNTED, 0) for day in days}
    chosen = People(who, people.department, people.team)
    for row in _follow_ups(uow, days, period, chosen):
        found[row["day"]] |= {name: int(row[name] or 0) for name in COUNTED if name in row}
    signings = own or _reaches(uow, rules.signings.read, people)
    for row in _signings(uow, days, period, chosen) if signings else ():
        found[row["day"]] |= {name: int(row[name] or 0) for name in ("signings", "amount_cents")}
    return Figures(found, signings)


def _reaches(uow: UnitOfWork, readers: Granting, people: People) -> bool:
    if not people.staff_id:
        return readers.allows(uow.actor, people.department, people.team)
    person = custodies.find_colleague(uow, people.staff_id) or {"department": "", "team": ""}
    return readers.allows(uow.actor, person["department"], person["team"])


def _days(uow: UnitOfWork, period: Period, first: date | None, last: date | None) -> list[date]:
    """Return the first days of the periods; refused when they are none, or too many."""
    step = _STEP[period]
    end = _start(period, last or uow.today())
    begin = _start(period, first) if first else end - step * (_USUAL[period] - 1)
    count = (end - begin) // step + 1
    if not 1 <= count <= _MOST[period]:
        raise _span_refusal(_MOST[period])
    return [begin + step * number for number in range(count)]


def _span_refusal(most: int) -> Refused:
    violation = FIELD_INVALID.violate("first_date", problem=f"1..{most}")
    return INVALID_REQUEST.refuse(violations=[violation], count=1)


def _start(period: Period, day: date) -> date:
    return day - timedelta(days=day.weekday()) if period == "week" else day


def _follow_ups(
    uow: UnitOfWork, days: Sequence[date], period: Period, people: People
) -> Sequence[sa.RowMapping]:
    span = _spans(
        (day, begin_of(uow, day), end_of(uow, day + _STEP[period] - ONE_DAY), Instant())
        for day in days
    )
    within = follow_up.c.recorded_at >= span.c.begin
    joined = JOINED.join(span, within & (follow_up.c.recorded_at < span.c.end))
    counted = [_sum(STANDING & (follow_up.c.kind == kind), kind) for kind in KINDS]
    customers = sa.func.count(sa.distinct(sa.case((STANDING, follow_up.c.customer_id))))
    return _grouped(
        uow,
        span,
        joined,
        follow_up.c.author_id,
        people,
        _sum(STANDING, "valid"),
        _sum(~STANDING, "invalid"),
        *counted,
        customers.label("customers"),
    )


def _signings(
    uow: UnitOfWork, days: Sequence[date], period: Period, people: People
) -> Sequence[sa.RowMapping]:
    span = _spans((day, day, day + _STEP[period], sa.Date()) for day in days)
    within = signing.c.signed_on >= span.c.begin
    joined = signing.join(span, within & (signing.c.signed_on < span.c.end))
    count = sa.func.sum(sa.case((signing.c.amount_cents > 0, 1), else_=-1))
    amount = sa.func.sum(signing.c.amount_cents)
    columns = (count.label("signings"), amount.label("amount_cents"))
    return _grouped(uow, span, joined, signing.c.staff_id, people, *columns)


def _spans(spans: Any) -> sa.CTE:
    """Return the periods as a table: `day`, `begin`, and the `end` that it does not include."""
    return sa.union_all(
        *(
            sa.select(
                sa.literal(day, sa.Date()).label("day"),
                sa.literal(begin, moment).label("begin"),
                sa.literal(end, moment).label("end"),
            )
            for day, begin, end, moment in spans
        )
    ).cte("span")


def _grouped(
    uow: UnitOfWork,
    span: sa.CTE,
    joined: sa.Join,
    who: sa.ColumnElement[str],
    people: People,
    *columns: sa.ColumnElement[Any],
) -> Sequence[sa.RowMapping]:
    conditions = of_place(colleague, people.department, people.team)
    if conditions:
        joined = joined.join(colleague, colleague.c.staff_id == who)
    if people.staff_id:
        conditions.append(who == people.staff_id)
    added = sa.select(span.c.day, *columns).select_from(joined).where(*conditions)
    return uow.execute(added.group_by(span.c.day)).mappings().all()


def _sum(condition: sa.ColumnElement[bool], name: str) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((condition, 1), else_=0)).label(name)
