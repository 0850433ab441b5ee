"""Lists in an order that the caller chooses, page by page: one indexed query a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from chassis.columns import Instant
from chassis.paging import BAD_PAGE_TOKEN, Keys
from chassis.unit import UnitOfWork

MOST_COUNTED = 10_000
_KEY = "keyset_"


@dataclass(frozen=True, slots=True)
class Order:
    """By which columns a list is ordered, all in one direction; together they name one row.

    `given` says which rows have a value in the first column. The others come last, whatever the
    direction, by the columns after it, which name one row too.
    """

    columns: tuple[sa.ColumnElement[Any], ...]
    descending: bool = False
    given: sa.ColumnElement[bool] | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a list has; `capped` when it has more than are counted."""

    count: int
    capped: bool


def read(
    uow: UnitOfWork, listed: sa.Select[Any], order: Order, after: list[Any] | None, limit: int
) -> list[sa.RowMapping]:
    """Return at most `limit` rows of a list in an order, those after the row with keys `after`.

    A second query is made only where the rows without a value in the first column begin.
    Refused with BAD_PAGE_TOKEN when `after` are no keys of this order.
    """
    if order.given is None:
        return _part(uow, listed, order, 0, after, limit)
    begun = after is not None and after[:1] == [None]
    found: list[sa.RowMapping] = []
    if not begun:
        found = _part(uow, listed.where(order.given), order, 0, after, limit)
    if len(found) < limit:
        others = listed.where(~order.given)
        rest = after[1:] if after is not None and begun else None
        found += _part(uow, others, order, 1, rest, limit - len(found))
    return found


def keys(row: sa.RowMapping) -> Keys:
    """Return what a row that was read here is found again by: the next page's `after`."""
    last = max(int(name.removeprefix(_KEY)) for name in row if name.startswith(_KEY))
    return tuple(row.get(f"{_KEY}{number}") for number in range(last + 1))


def count(uow: UnitOfWork, listed: sa.Select[Any]) -> Total:
    """Count the rows of a list, MOST_COUNTED at most."""
    some = listed.with_only_columns(sa.literal(1).label("one"), maintain_column_froms=True)
    limited = some.order_by(None).limit(MOST_COUNTED + 1).subquery()
    found: int = uow.execute(sa.select(sa.func.count()).select_from(limited)).scalar_one()
    return Total(min(found, MOST_COUNTED), found > MOST_COUNTED)


def _part(
    uow: UnitOfWork,
    listed: sa.Select[Any],
    order: Order,
    first: int,
    after: list[Any] | None,
    limit: int,
) -> list[sa.RowMapping]:
    """Read in the order of the columns from number `first` on."""
    columns = order.columns[first:]
    labels = [column.label(f"{_KEY}{number}") for number, column in enumerate(columns, first)]
    listed = listed.add_columns(*labels)
    if after is not None:
        here, there = sa.tuple_(*columns), sa.tuple_(*_values(columns, after))
        listed = listed.where(here < there if order.descending else here > there)
    listed = listed.order_by(*(c.desc() if order.descending else c.asc() for c in columns))
    return list(uow.execute(listed.limit(limit)).mappings())


def _values(columns: Sequence[sa.ColumnElement[Any]], after: list[Any]) -> list[Any]:
    try:
        pairs = zip(columns, after, strict=True)
        return [sa.literal(_value(column, key), column.type) for column, key in pairs]
    except (TypeError, ValueError):
        raise BAD_PAGE_TOKEN.refuse() from None


def _value(column: sa.ColumnElement[Any], key: Any) -> Any:
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(key).astimezone(UTC)
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(key)
    if not isinstance(key, column.type.python_type):
        raise TypeError("another kind of key")
    return key
