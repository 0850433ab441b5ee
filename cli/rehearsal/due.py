"""When something falls due next, so that time may jump to it."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from chassis import tables
from chassis.kernel import Refused
from chassis.service import Parts

MOMENTS = ("next_at", "due_at", "warn_at", "effective_at")
"""Columns that hold the moment at which a row wants attention, in every service alike."""


class Dues:
    """Looks into the services' databases for what is due after a moment."""

    def __init__(self, parts: Mapping[str, Parts]) -> None:
        self._asked = [(one, _question(one)) for one in parts.values()]
        self._scheduler = parts["scheduler"]

    def after(self, moment: datetime) -> datetime | None:
        """Return the first moment after `moment` that a row or a recurring run names, if any."""
        run = next_run(self._scheduler, moment)
        found = [run] if run else []
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


def next_run(parts: Parts, moment: datetime) -> datetime | None:
    """Return the first moment after `moment` at which a recurring run may be due.

    `parts` is the scheduler's. Days on which a run does not recur are named as well.
    """
    with parts.database.read() as connection:
        try:
            policy = parts.policies.in_force(connection, moment)
        except Refused:
            return None
    zone = ZoneInfo(policy.time_zone)
    local = moment.astimezone(zone)
    shown = (
        datetime.combine(local.date() + timedelta(ahead), _time(run.time), zone)
        for ahead in (0, 1)
        for run in policy.rules.runs.values()
    )
    return min((at.astimezone(UTC) for at in shown if at > local), default=None)


def _time(text: str) -> time:
    """Read a local time; the end of a day is the beginning of one."""
    return time(0) if text == "24:00" else time.fromisoformat(text)
