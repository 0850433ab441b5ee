"""What people did in a month, added up."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.activity.store.conduct_tables import (
    call_assessment,
    penalty,
    spot_check,
    violation,
    violation_revocation,
)
from services.activity.store.follow_ups import JOINED, STANDING
from services.activity.store.month_tables import unmaintained
from services.activity.store.tables import follow_up, signing

FIGURES = (
    "valid_follow_up_count",
    "invalid_follow_up_count",
    "signing_count",
    "signing_amount_cents",
    "violation_count",
    "penalty_count",
    "penalty_amount_cents",
    "passed_week_count",
    "failed_week_count",
    "bad_check_count",
    "unmaintained_count",
)
"""What is added up for each person."""


def of_people(
    uow: UnitOfWork, staff_ids: list[str], month: str, begin: datetime, end: datetime
) -> dict[str, dict[str, int]]:
    """Return the figures of each person for [begin, end), in one query for each sort of fact.

    Weeks count in the month of their Monday.
    """
    found = {who: dict.fromkeys(FIGURES, 0) for who in staff_ids}
    for statement in _statements(staff_ids, month, begin, end) if staff_ids else ():
        for row in uow.execute(statement).mappings():
            sums = found[row["who"]]
            sums |= {name: int(value or 0) for name, value in row.items() if name != "who"}
    return found


def _statements(
    staff_ids: list[str], month: str, begin: datetime, end: datetime
) -> Iterable[sa.Select[Any]]:
    def within(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        return sa.and_(column >= begin, column < end)

    def of(who: sa.ColumnElement[Any], *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        return sa.select(who.label("who"), *columns).where(who.in_(staff_ids)).group_by(who)

    def count(condition: sa.ColumnElement[bool], name: str) -> sa.ColumnElement[Any]:
        return sa.func.sum(sa.case((condition, 1), else_=0)).label(name)

    yield (
        of(
            follow_up.c.author_id,
            count(STANDING, "valid_follow_up_count"),
            count(~STANDING, "invalid_follow_up_count"),
        )
        .select_from(JOINED)
        .where(within(follow_up.c.recorded_at))
    )
    signed = signing.c.amount_cents
    yield of(
        signing.c.staff_id,
        sa.func.sum(sa.case((signed > 0, 1), else_=-1)).label("signing_count"),
        sa.func.sum(signed).label("signing_amount_cents"),
    ).where(within(signing.c.recorded_at))
    standing = violation.outerjoin(
        violation_revocation, violation_revocation.c.violation_id == violation.c.violation_id
    )
    yield (
        of(violation.c.staff_id, sa.func.count().label("violation_count"))
        .select_from(standing)
        .where(within(violation.c.recorded_at), violation_revocation.c.violation_id.is_(None))
    )
    yield of(
        penalty.c.staff_id,
        sa.func.sum(sa.case((penalty.c.counters_id.is_(None), 1), else_=-1)).label("penalty_count"),
        sa.func.sum(penalty.c.amount_cents).label("penalty_amount_cents"),
    ).where(within(penalty.c.posted_at))
    newer = call_assessment.alias("newer")
    same = (newer.c.staff_id == call_assessment.c.staff_id) & (
        newer.c.week_start == call_assessment.c.week_start
    )
    yield of(
        call_assessment.c.staff_id,
        count(call_assessment.c.passed, "passed_week_count"),
        count(~call_assessment.c.passed, "failed_week_count"),
    ).where(
        sa.and_(
            call_assessment.c.week_start >= begin.date(), call_assessment.c.week_start < end.date()
        ),
        ~sa.exists().where(same, newer.c.position > call_assessment.c.position),
    )
    yield of(spot_check.c.staff_id, sa.func.count().label("bad_check_count")).where(
        spot_check.c.result != "genuine", within(spot_check.c.recorded_at)
    )
    yield of(unmaintained.c.holder_id, sa.func.count().label("unmaintained_count")).where(
        unmaintained.c.month == month
    )
