"""Nobody on duty loses a turn, but for a reason that is written down with the lead."""

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
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
        ring = _ring(world, week, scheme, routed_at)
        before = last.get((week, scheme), "")
        last[week, scheme] = staff_id
        if before and before not in ring:
            continue
        place = ring.index(before) + 1 if before else 0
        turns = [*ring[place:], *ring[:place]]
        passed_over = set(turns[: turns.index(staff_id)])
        explained = {one["staff_id"] for one in json.loads(skipped)}
        require(passed_over <= explained, "nobody loses a turn", ring=ring, got=staff_id)


def _ring(world: "World", week: date, scheme: str, at: str) -> list[str]:
    (members,) = world.rows["ownership"].column(
        "SELECT members FROM rota WHERE week_start = ? AND scheme = ? AND built_at <= ?"
        " ORDER BY build DESC LIMIT 1",
        week.isoformat(),
        scheme,
        at,
    )
    found: list[dict[str, Any]] = json.loads(members)
    return [one["staff_id"] for one in found]


def _monday(at: datetime) -> date:
    day = at.astimezone(SHANGHAI).date()
    return day - timedelta(days=day.weekday())
