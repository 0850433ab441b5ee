"""A data folder in which a company has already lived for some weeks, up to now."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chassis.db import Database
from chassis.service import Parts, Service
from cli.month.cast import BRANCH, Size
from cli.month.days import ZONE
from cli.month.playing import calendar, evening_before, found, play_day
from cli.rehearsal.platform import Rehearsal
from services.__main__ import services
from services.gateway.app.accounts import create_account

LOGINS = "lived.json"


class Migrated(Rehearsal):
    """A platform over databases whose schemas are there; nothing waits for the disk."""

    def open(self, service: Service, url: str) -> Parts:
        """Put a service together over an empty, migrated database."""
        parts = self.assemble(service, url)
        sa.event.listen(parts.database.engine, "connect", _hurry)
        return parts


def _hurry(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def live(var: Path, days: int, password: str, size: Size = BRANCH, seed: int = 1) -> None:
    """Let a company live in a fresh, migrated data folder until now.

    Everybody can sign in with the same password. The policy in force is the pack's, changed on
    the way. `known_logins` tells of the people from then on.
    """
    now = datetime.now(UTC)
    first_day = now.astimezone(ZONE).date() - timedelta(days=days)
    urls = {one.name: f"sqlite:///{(var / one.name).resolve()}.db" for one in services()}
    platform = Migrated(evening_before(first_day).at(18), seed, urls)
    try:
        company = found(platform, size, first_day, seed)
        for day in calendar(days + 1, first_day):
            play_day(company, day, until=now)
            platform.events.clear()
    finally:
        platform.close()
    people = [one for one in company.members.values() if one.staff_id not in company.gone]
    gateway = Database(f"sqlite:///{(var / 'gateway.db').resolve()}")
    try:
        for one in people:
            create_account(
                gateway,
                username=one.staff_id,
                password=password,
                staff_id=one.staff_id,
                now=now,
            )
    finally:
        gateway.close()
    first = {one.role: one for one in reversed(people)}
    logins = [
        {"username": one.staff_id, "password": password, "role": role, "name": one.name}
        for role, one in sorted(first.items())
    ]
    (var / LOGINS).write_text(json.dumps(logins, ensure_ascii=False), encoding="utf-8")


def known_logins(var: Path) -> list[dict[str, str]]:
    """Return `{username, password, role, name}` of one person of every role; none elsewhere."""
    told = var / LOGINS
    known: list[dict[str, str]] = json.loads(told.read_text("utf-8")) if told.exists() else []
    return known
