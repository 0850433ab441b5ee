"""Counts what the rules did on a day, from what the services announced and decided."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from chassis import tables
from chassis.relay import Outgoing
from cli.rehearsal.platform import Rehearsal

Data = Mapping[str, Any]

GRANTED = "crm.ownership.holding.granted.v1"
RELEASED = "crm.ownership.holding.released.v1"


def _manner(name: str) -> Callable[[Data], bool]:
    return lambda data: data["manner"] == name


def _any(_: Data) -> bool:
    return True


SEEN: tuple[tuple[str, str, Callable[[Data], bool]], ...] = (
    ("valid", "crm.activity.follow_up.recorded.v1", lambda data: bool(data["valid"])),
    ("invalid", "crm.activity.follow_up.recorded.v1", lambda data: not data["valid"]),
    ("invalid", "crm.activity.follow_up.voided.v1", _any),
    ("admitted", GRANTED, _manner("registered")),
    ("admitted", GRANTED, _manner("claimed")),
    ("released", RELEASED, _manner("released")),
    ("reclaimed", RELEASED, _manner("reclaimed")),
    ("distributed", GRANTED, _manner("distributed")),
    ("routed", "crm.ownership.lead.routed.v1", _any),
    ("penalties", "crm.activity.violation.confirmed.v1", _any),
    ("rulings", "crm.ownership.dispute.ruled.v1", _any),
)
"""Column, event type, and which of its events count there."""
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
KEPT, REFUSED, WARNED = "kept", "refused", "warned"
COLUMNS = (
    "valid",
    "invalid",
    "admitted",
    REFUSED,
    "released",
    WARNED,
    "reclaimed",
    KEPT,
    "distributed",
    "routed",
    "rulings",
    "penalties",
)


def count_events(events: Iterable[Outgoing]) -> Counter[str]:
    """Count announced events by column."""
    wanted = {event_type for _, event_type, _ in SEEN}
    found: Counter[str] = Counter()
    for event in events:
        if event.type == "crm.scheduler.clocks.warned.v1":
            found[WARNED] += len(json.loads(event.body)["data"]["entries"])
        if event.type not in wanted:
            continue
        data = json.loads(event.body)["data"]
        for column, event_type, counts in SEEN:
            found[column] += event.type == event_type and counts(data)
    return found


def decisions(
    platform: Rehearsal, since: datetime, until: datetime | None = None
) -> list[sa.RowMapping]:
    """Return what was decided from `since` on, and before `until`, in every service."""
    _d = tables.decision
    asked = sa.select(_d.c.outcome, _d.c.reason, _d.c.clause, _d.c.zh, _d.c.en).where(
        _d.c.decided_at >= since
    )
    if until:
        asked = asked.where(_d.c.decided_at < until)
    found: list[sa.RowMapping] = []
    for parts in platform.parts.values():
        with parts.database.read() as connection:
            found += connection.execute(asked).mappings()
    return found


def count_decisions(found: Iterable[sa.RowMapping]) -> Counter[str]:
    """Count decisions by column."""
    counted: Counter[str] = Counter()
    for row in found:
        counted[REFUSED] += row["outcome"] == "refused"
        counted[KEPT] += row["outcome"] == "kept"
    return counted


class Clause:
    """What a clause did: how often with which outcome, and the sentence it was told with most."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self._told: Counter[tuple[int, str, str]] = Counter()

    def add(self, row: sa.RowMapping, alone: bool) -> None:
        """Count a decision; the sentences of refusals speak of figures and are left out."""
        self.outcomes[row["outcome"]] += 1
        if row["outcome"] != "refused":
            self._told[not alone, row["zh"], row["en"]] += 1

    def sentence(self, english: bool) -> str:
        """Return what was told; empty when everything was refused."""
        ranked = sorted(self._told.items(), key=lambda item: (item[0][0], -item[1]))
        for (_, zh, en), _ in ranked:
            return en if english else zh
        return ""


def by_clause(platform: Rehearsal) -> dict[str, Clause]:
    """Return what every clause did that decided anything, by its id, in the book's order."""
    found: dict[str, Clause] = {}
    for row in decisions(platform, BEGINNING):
        clauses = [clause for clause in row["clause"].split(", ") if clause]
        for clause in clauses:
            found.setdefault(clause, Clause()).add(row, len(clauses) == 1)
    return dict(sorted(found.items(), key=lambda item: _natural(item[0])))


def _natural(clause: str) -> list[tuple[int, str]]:
    """Return a key that puts H-6.10 after H-6.9."""
    spaced = "".join(ch if ch.isalnum() else " " for ch in clause)
    parts = []
    for word in spaced.split():
        digits = "".join(ch for ch in word if ch.isdigit())
        parts.append((int(digits or 0), word))
    return parts
