"""How many cases wait, and how long they took: what people look at before they work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from chassis.unit import UnitOfWork
from services.review.app.queries import all_seen
from services.review.domain.flow import State
from services.review.domain.policy import ReviewPolicy
from services.review.store import cases
from services.review.store.tables import review_case as _t

MOST_WEEKS = 53
_OUTCOMES = {
    State.APPROVED.value: "approved",
    State.DONE.value: "approved",
    State.FAILED.value: "approved",
    State.REJECTED.value: "rejected",
    State.WITHDRAWN.value: "withdrawn",
    State.REFUSED.value: "refused",
}


@dataclass(slots=True)
class Waiting:
    """The open cases of one type that wait for the caller's roles."""

    count: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits for the caller, and what became of the caller's own applications."""

    waiting: Mapping[str, Waiting]
    taken_by_me: int
    mine_open: int
    needs_attention: int


@dataclass(slots=True)
class Figures:
    """What was closed of one type in one local week, from Monday.

    `median` and `nine_tenths` are seconds from submission to the last decision: half, and nine out
    of ten, of the decided cases took no longer; None when none was decided.
    """

    week: date
    case_type: str
    outcomes: dict[str, int] = field(default_factory=dict)
    overdue: int = 0
    median: int | None = None
    nine_tenths: int | None = None


def count_cases(uow: UnitOfWork) -> Counts:
    """Count what the caller's badges show. Own applications are not the caller's to decide."""
    me = uow.actor.staff_id
    mine, is_open = _t.c.applicant_id == me, _t.c.state == State.OPEN.value
    queue = [cases.decidable_by(uow.actor), is_open, ~mine]
    taken = sa.and_(_t.c.reviewer_id == me, _t.c.taken_until > uow.now)
    listed = sa.select(
        _t.c.case_type,
        _t.c.overdue,
        sa.func.count().label("count"),
        sa.func.sum(sa.case((taken, 1), else_=0)).label("taken"),
    )
    waiting: dict[str, Waiting] = {}
    taken_by_me = 0
    by_type = listed.where(*queue).group_by(_t.c.case_type, _t.c.overdue)
    for row in uow.execute(by_type).mappings():
        one = waiting.setdefault(row["case_type"], Waiting())
        one.count += row["count"]
        one.overdue += row["count"] if row["overdue"] else 0
        taken_by_me += row["taken"]
    return Counts(
        dict(sorted(waiting.items())),
        taken_by_me,
        _count(uow, mine, is_open),
        _count(uow, _t.c.needs_attention, all_seen(uow)),
    )


def figures(uow: UnitOfWork, weeks: int, case_type: str) -> list[Figures]:
    """Return the figures of the latest `weeks` local weeks, this one included, by week and type.

    Of all types for who reads every decision, else of those whose cases the caller may decide.
    Refused for whom that leaves none.
    """
    policy = uow.policy(ReviewPolicy).rules
    reader = policy.operations.read_decisions
    conditions = []
    if not reader.allows(uow.actor):
        own = [
            name
            for name, one in policy.case_types.items()
            if any(uow.actor.has(step.by.role) for step in one.all_steps)
        ]
        if not own:
            raise reader.refusal()
        conditions = [_t.c.case_type.in_(own), all_seen(uow)]
    if case_type:
        conditions.append(_t.c.case_type == case_type)
    first = week_of(uow.today()) - timedelta(weeks=min(weeks, MOST_WEEKS) - 1)
    conditions.append(_t.c.closed_week >= first)
    by_key: dict[tuple[date, str], Figures] = {}
    for row in _outcomes(uow, conditions):
        key = (row["closed_week"], row["case_type"])
        one = by_key.setdefault(key, Figures(*key))
        outcome = _OUTCOMES[row["state"]]
        one.outcomes[outcome] = one.outcomes.get(outcome, 0) + row["count"]
        one.overdue += row["count"] if row["overdue"] else 0
    for row in _times(uow, conditions):
        one = by_key[row["closed_week"], row["case_type"]]
        one.median, one.nine_tenths = row["median"], row["nine_tenths"]
    return [by_key[key] for key in sorted(by_key)]


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _count(uow: UnitOfWork, *conditions: sa.ColumnElement[bool]) -> int:
    counted = sa.select(sa.func.count()).select_from(_t).where(*conditions)
    count: int = uow.execute(counted).scalar_one()
    return count


def _outcomes(uow: UnitOfWork, conditions: list[sa.ColumnElement[bool]]) -> Sequence[sa.RowMapping]:
    by = (_t.c.closed_week, _t.c.case_type, _t.c.state, _t.c.overdue)
    counted = sa.select(*by, sa.func.count().label("count")).where(*conditions).group_by(*by)
    return uow.execute(counted).mappings().all()


def _times(uow: UnitOfWork, conditions: list[sa.ColumnElement[bool]]) -> Sequence[sa.RowMapping]:
    """Find the order statistics in the database, however many cases there are."""
    part = (_t.c.closed_week, _t.c.case_type)
    ranked = (
        sa.select(
            *part,
            _t.c.decide_seconds.label("took"),
            sa.func.row_number().over(partition_by=part, order_by=_t.c.decide_seconds).label("at"),
            sa.func.count().over(partition_by=part).label("of"),
        )
        .where(*conditions, _t.c.decide_seconds.is_not(None))
        .subquery()
    )
    r = ranked.c
    half = (r["of"] + 1) // 2
    most = (r["of"] * 9 + 9) // 10
    timed = sa.select(
        r.closed_week,
        r.case_type,
        sa.func.max(sa.case((r["at"] == half, r.took))).label("median"),
        sa.func.max(sa.case((r["at"] == most, r.took))).label("nine_tenths"),
    ).group_by(r.closed_week, r.case_type)
    return uow.execute(timed).mappings().all()
