"""What people may look at of conduct: their own, and what policy lets reviewers see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.keysets import Order, Total
from chassis.reach import in_reach
from chassis.unit import UnitOfWork
from services.activity.app.evidence import month_bounds
from services.activity.app.queries import of_place
from services.activity.domain.conduct import Standing, standing
from services.activity.domain.policy import ActivityPolicy
from services.activity.domain.reasons import MONTH_INVALID
from services.activity.store import conducts, custodies, sums
from services.activity.store.conduct_tables import (
    call_assessment,
    penalty,
    spot_check,
    spot_check_day,
)
from services.activity.store.conduct_tables import violation as _v
from services.activity.store.conducts import JOINED, SELECTED
from services.activity.store.month_tables import month_close, month_summary, unmaintained
from services.activity.store.tables import colleague, summary


def visible(uow: UnitOfWork, who: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """The condition, with `colleague` joined by `who`, that the caller sees a person's facts."""
    rules = uow.policy(ActivityPolicy).rules.conduct
    reach = in_reach(rules.readers.value, uow.actor, colleague)
    return (who == uow.actor.staff_id) | reach


def require_reader(uow: UnitOfWork, staff_id: str) -> str:
    """Return whose facts are meant; refuse unless it is the caller or somebody in her reach."""
    who = uow.actor.staff_id if staff_id == "me" else staff_id
    if who != uow.actor.staff_id:
        person = custodies.find_colleague(uow, who) or {"department": "", "team": ""}
        readers = uow.policy(ActivityPolicy).rules.conduct.readers
        readers.require(uow.actor, person["department"], person["team"])
    return who


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose facts, and from where on: what is empty does not matter."""

    staff_id: str = ""
    """`me` is the caller."""
    department: str = ""
    team: str = ""
    after: list[Any] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of people's facts with `staff_name`, and how many there are altogether."""

    rows: list[sa.RowMapping]
    total: Total


def list_of(
    uow: UnitOfWork,
    table: sa.Table,
    whose: Whose,
    *conditions: sa.ColumnElement[bool],
    who: str = "staff_id",
    select: sa.Select[Any] | None = None,
    joined: sa.FromClause | None = None,
) -> Rows:
    """Return the rows of a table of people's facts that the caller may see, newest first."""
    person = table.c[who]
    source = (table if joined is None else joined).outerjoin(
        colleague, colleague.c.staff_id == person
    )
    listed = (sa.select(table) if select is None else select).select_from(source)
    listed = listed.add_columns(colleague.c.display_name.label("staff_name"))
    listed = listed.where(visible(uow, person), *conditions)
    listed = listed.where(*of_place(colleague, whose.department, whose.team))
    if whose.staff_id:
        listed = listed.where(person == require_reader(uow, whose.staff_id))
    order = Order((table.c.position,), descending=True)
    rows = keysets.read(uow, listed, order, whose.after, whose.limit)
    return Rows(rows, keysets.count(uow, listed))


def list_assessments(uow: UnitOfWork, whose: Whose, week: date | None) -> Rows:
    """Return call assessments, with whether a newer one of the week took their place."""
    newer = call_assessment.alias("newer")
    same = (newer.c.staff_id == call_assessment.c.staff_id) & (
        newer.c.week_start == call_assessment.c.week_start
    )
    replaced = sa.exists().where(same, newer.c.position > call_assessment.c.position)
    select = sa.select(call_assessment, replaced.label("replaced"))
    conditions = [call_assessment.c.week_start == week] if week else []
    return list_of(uow, call_assessment, whose, *conditions, select=select)


def list_spot_checks(uow: UnitOfWork, whose: Whose, result: str) -> Rows:
    """Return spot checks."""
    conditions = [spot_check.c.result == result] if result else []
    return list_of(uow, spot_check, whose, *conditions)


def list_spot_check_days(
    uow: UnitOfWork, missed: bool, after: list[Any] | None, limit: int
) -> Rows:
    """Return the days of the Customer Service report, newest first."""
    uow.policy(ActivityPolicy).rules.conduct.spot_checks.report.require(uow.actor)
    listed = sa.select(spot_check_day)
    if missed:
        listed = listed.where(spot_check_day.c.missed)
    order = Order((spot_check_day.c.day,), descending=True)
    return Rows(keysets.read(uow, listed, order, after, limit), keysets.count(uow, listed))


def list_violations(uow: UnitOfWork, whose: Whose) -> Rows:
    """Return violations, also those that were revoked."""
    return list_of(uow, _v, whose, select=SELECTED, joined=JOINED)


def list_penalties(uow: UnitOfWork, whose: Whose) -> Rows:
    """Return the lines of the ledger, with whether a later one counters them."""
    other = penalty.alias("other")
    countered = sa.exists().where(other.c.counters_id == penalty.c.penalty_id)
    select = sa.select(penalty, countered.label("countered"))
    return list_of(uow, penalty, whose, select=select)


def read_conduct(uow: UnitOfWork, staff_id: str) -> tuple[str, Standing]:
    """Return where a person stands."""
    who = require_reader(uow, staff_id)
    steps = uow.policy(ActivityPolicy).rules.conduct.violations.steps
    return who, standing(conducts.count_of(uow, who), steps)


def month_summary_of(
    uow: UnitOfWork, month: str, whose: Whose
) -> tuple[bool, Rows, dict[str, Mapping[str, int]]]:
    """Return whether a month is frozen, people by id, and their figures."""
    try:
        begin, end = month_bounds(uow, month)
    except ValueError:
        raise MONTH_INVALID.refuse() from None
    if len(month) != len("2026-03") or begin > uow.now:
        raise MONTH_INVALID.refuse()
    listed = sa.select(colleague).where(visible(uow, colleague.c.staff_id))
    listed = listed.where(*of_place(colleague, whose.department, whose.team))
    if whose.staff_id:
        listed = listed.where(colleague.c.staff_id == require_reader(uow, whose.staff_id))
    people = keysets.read(uow, listed, Order((colleague.c.staff_id,)), whose.after, whose.limit)
    ids = [row["staff_id"] for row in people]
    closed = sa.select(month_close.c.stage).where(month_close.c.month == month)
    final = uow.execute(closed).scalar() == "done"
    known = _frozen(uow, month, ids) if final else sums.of_people(uow, ids, month, begin, end)
    none = dict.fromkeys(sums.FIGURES, 0)
    figures = {who: known.get(who, none) for who in ids}
    return final, Rows(people, keysets.count(uow, listed)), figures


def list_unmaintained(uow: UnitOfWork, whose: Whose, month: str, customer_id: str) -> Rows:
    """Return customers that were not maintained."""
    joined = unmaintained.outerjoin(summary, summary.c.customer_id == unmaintained.c.customer_id)
    conditions = [unmaintained.c.month == month] if month else []
    conditions += [unmaintained.c.customer_id == customer_id] if customer_id else []
    return list_of(
        uow,
        unmaintained,
        whose,
        *conditions,
        who="holder_id",
        select=sa.select(unmaintained, summary.c.full_name),
        joined=joined,
    )


def _frozen(uow: UnitOfWork, month: str, ids: list[str]) -> dict[str, Mapping[str, int]]:
    kept = sa.select(month_summary.c.staff_id, month_summary.c.figures).where(
        month_summary.c.month == month, month_summary.c.staff_id.in_(ids)
    )
    return {row.staff_id: row.figures for row in uow.execute(kept)}
