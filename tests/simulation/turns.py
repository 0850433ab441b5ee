"""Nobody on duty loses a turn, but for a reason that is written down with the lead."""

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cli.rehearsal.rows import moment
from tests.simulation.broken import require

if TYPE_CHECKING:
    from tests.simulation.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")


def check(world: "World") -> None:
    """Go through the leads of each week and scheme, and through the ring beside them."""
    rows = world.rows["ownership"]
    last: dict[tuple[date, str], str] = {}
    for staff_id, scheme, skipped, routed_at in rows.all(
        "SELECT staff_id, scheme, skipped, routed_at FROM lead"
        " WHERE scheme = 'top10' ORDER BY number"
    ):
        week = _monday(moment(routed_at))
        rings = _rings(world, week, scheme, routed_at)
        before = last.get((week, scheme), "")
        last[week, scheme] = staff_id
        explained = {one["staff_id"] for one in json.loads(skipped)}
        fair = any(_passed_over(ring, before, staff_id) <= explained for ring in rings)
        require(fair, "nobody loses a turn", rings=rings, before=before, got=staff_id)


def _passed_over(ring: list[str], before: str, staff_id: str) -> set[str]:
    """Return whose turn came between the one before and the one who got the lead."""
    if before and before not in ring:
        return set()
    place = ring.index(before) + 1 if before else 0
    turns = [*ring[place:], *ring[:place]]
    return set(turns[: turns.index(staff_id)] if staff_id in ring else turns)


def _rings(world: "World", week: date, scheme: str, at: str) -> list[list[str]]:
    """Return the rings that may have been asked: several, where one was built at that moment."""
    built = world.rows["ownership"].all(
        "SELECT members, built_at FROM rota WHERE week_start = ? AND scheme = ? AND built_at <= ?"
        " ORDER BY build DESC",
        week.isoformat(),
        scheme,
        at,
    )
    earlier = sum(built_at == at for _, built_at in built)
    return [[one["staff_id"] for one in json.loads(row[0])] for row in built[: earlier + 1]]


def _monday(at: datetime) -> date:
    day = at.astimezone(SHANGHAI).date()
    return day - timedelta(days=day.weekday())
