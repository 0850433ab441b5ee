"""Customers put into libraries, the pool and the waiting line behind the services' backs."""

import random
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tests.acceptance.actions import Company, table

CATEGORIES = ("intended", "expired_member", "online")
SYLLABLES = ("成都", "重庆", "蓝海", "青山", "红岩", "Alpha", "beta", "100%", "a_b")


def fill(company: Company, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Put customers everywhere, alike in some things and different in others; return their rows."""
    chance, now = random.Random(seed), company.platform.now
    rows = [_row(chance, now, f"c{number:03}") for number in range(count)]
    parts = company.platform.parts["ownership"]
    position = parts.service.metadata.tables["position"]

    def put(connection: sa.Connection) -> None:
        connection.execute(position.insert(), rows)

    parts.database.run(put)
    return [dict(row) for row in table(company.platform, "ownership", "position")]


def _row(chance: random.Random, now: datetime, customer_id: str) -> dict[str, Any]:
    def some_time() -> datetime:
        return now + timedelta(hours=chance.choice((-48, -24, -1, 0, 1, 15, 30, 72, 200)))

    place = chance.choice(("private_library",) * 4 + ("public_pool", "awaiting_distribution"))
    held = place == "private_library"
    return {
        "customer_id": customer_id,
        "full_name": "".join(chance.choices(SYLLABLES, k=2)),
        "category": chance.choice(CATEGORIES),
        "summary_sequence": 1,
        "location": place,
        "holder_id": chance.choice(("li", "wang", "zhao")) if held else None,
        "case_id": chance.choice((None, None, "case")),
        "counted": held,
        "protected_at": some_time() if held else None,
        "arrived_at": some_time(),
        "releaser_count": 0,
        "due_at": chance.choice((None, some_time())) if held else None,
        "due_basis_at": chance.choice((None, some_time())) if held else None,
        "freeze_count": chance.choice((0, 0, 1)),
    }
