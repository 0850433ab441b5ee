"""When something falls due next, so that time may jump to it."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis import tables
from chassis.service import Parts

MOMENTS = ("next_at", "due_at", "warn_at", "effective_at")
"""Columns that hold the moment at which a row wants attention, in every service alike."""


class Dues:
    """Looks into the services' databases for what is due after a moment."""

    def __init__(self, parts: list[Parts]) -> None:
        self._asked = [(one, _question(one)) for one in parts]

    def after(self, moment: datetime) -> datetime | None:
        """Return the first moment after `moment` that any row names; None when no row does."""
        found: list[datetime] = []
        for parts, asked in self._asked:
            with parts.database.read() as connection:
                rows = connection.execute(asked, {"moment": moment}).scalars()
                found += [row for row in rows if row is not None]
        return min(found, default=None)


def _question(parts: Parts) -> sa.CompoundSelect[Any]:
    moment = sa.bindparam("moment", type_=tables.outbox.c.next_at.type)
    columns = [
        table.c[name]
        for metadata in (tables.metadata, parts.service.metadata)
        for table in metadata.sorted_tables
        for name in MOMENTS
        if name in table.c
    ]
    return sa.union_all(
        *(sa.select(sa.func.min(column)).where(column > moment) for column in columns)
    )


def next_local(moment: datetime, times: frozenset[time], zone: ZoneInfo) -> datetime | None:
    """Return the first moment after `moment` at which a clock in `zone` shows one of `times`."""
    local = moment.astimezone(zone)
    return min(
        (
            shown
            for ahead in (0, 1)
            for at in times
            if (shown := datetime.combine(local.date() + timedelta(ahead), at, zone)) > local
        ),
        default=None,
    )
