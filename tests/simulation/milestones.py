"""What every life has, at random moments: people who come and go, leave, another policy."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.platform import MONDAY
from tests.simulation.people import absence, disputing, rules, running
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

TRIES = 20

EVERY_LIFE: tuple[tuple[int, int, Callable[["World"], Command]], ...] = (
    (1, 3, running.plan),
    (4, 12, rules.hire),
    (6, 20, absence.take_leave),
    (8, 24, disputing.depart),
    (16, 30, absence.publish_days),
    (25, 40, rules.change_policy),
    (30, 45, rules.hire),
)
"""Between which days of a life something happens that nobody may miss."""


class Milestones:
    """The moments of one life at which these things happen."""

    def __init__(self, world: "World") -> None:
        self._world = world
        days = world.random.uniform
        self._coming = sorted(
            (
                (MONDAY + timedelta(days=days(first, last)), make)
                for first, last, make in EVERY_LIFE
            ),
            key=_moment,
        )

    def pass_by(self) -> None:
        """Let happen what has its moment by now, however often that takes."""
        while self._coming and self._coming[0][0] <= self._world.now:
            _, make = self._coming.pop(0)
            command = make(self._world)
            for _ in range(TRIES):
                if self._world.send(command):
                    break


def _moment(coming: tuple[datetime, object]) -> datetime:
    return coming[0]
