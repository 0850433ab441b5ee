"""Which policy version is in force when: the latest effective one, of those the last applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from chassis import tables

_t = tables.policy_version
_ALL = sa.select(_t.c.version, _t.c.effective_at, _t.c.applied_at).order_by(_t.c.version)


@dataclass(frozen=True, slots=True)
class Version:
    """When a version was applied, and from when it is to be in force."""

    version: int
    effective_at: datetime
    applied_at: datetime

    @property
    def begins_at(self) -> datetime:
        """The earliest moment at which it can be in force."""
        return max(self.effective_at, self.applied_at)


@dataclass(frozen=True, slots=True)
class Reign:
    """From when to when a version was or will be in force; `end` is None while none follows."""

    start: datetime
    end: datetime | None


def versions(connection: sa.Connection) -> list[Version]:
    """Return all versions, the first applied first."""
    return [Version(*row) for row in connection.execute(_ALL)]


def in_force_at(history: Sequence[Version], moment: datetime) -> int:
    """Return the version that is in force at `moment`, by what was applied; 0 for none."""
    effective = [one for one in history if one.effective_at <= moment]
    latest = max(effective, key=lambda one: (one.effective_at, one.version), default=None)
    return latest.version if latest else 0


def reigns(history: Sequence[Version]) -> dict[int, Reign]:
    """Return when each version was or will be in force; one that never is, is left out."""
    found: dict[int, Reign] = {}
    current = 0
    for moment in sorted({one.begins_at for one in history}):
        begun = [one for one in history if one.begins_at <= moment]
        following = in_force_at(begun, moment)
        if following == current:
            continue
        if current:
            found[current] = Reign(found[current].start, moment)
        found[following] = Reign(moment, None)
        current = following
    return found
