"""Who gets the next waiting customer: plans, turns, and who is passed over.

Pure: the same plan, people and history give the same assignment, so that a run that was interrupted
goes on as if it had not been.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Mode(StrEnum):
    """In turn by what."""

    EVEN_BY_GROUP = "even_by_group"
    EVEN_BY_REP = "even_by_rep"
    BY_PERFORMANCE = "by_performance"
    NAMED = "named"


LAST_HOLDER = "LAST_HOLDER"
QUOTA_FULL = "QUOTA_FULL"


@dataclass(frozen=True, slots=True)
class Plan:
    """How customers are distributed; an empty list leaves nobody out. `version` counts from 1."""

    mode: Mode
    teams: tuple[str, ...] = ()
    staff_ids: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Rep:
    """Somebody who may receive a customer. `cents` is the performance of the month before."""

    staff_id: str
    team: str = ""
    cents: int = 0


@dataclass(slots=True)
class Standing:
    """How a run stands: what each has been given in it, when each was served last, free slots."""

    given: dict[str, int] = field(default_factory=dict)
    served: dict[str, int] = field(default_factory=dict)
    room: dict[str, int] = field(default_factory=dict)

    def give(self, staff_id: str, counted: bool) -> None:
        """Count a customer as given to somebody."""
        self.given[staff_id] = self.given.get(staff_id, 0) + 1
        self.served[staff_id] = max(self.served.values(), default=0) + 1
        if counted:
            self.room[staff_id] = self.room.get(staff_id, 0) - 1


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets a customer, None for nobody; and who would have been before, with the reason."""

    staff_id: str | None
    skipped: tuple[tuple[str, str], ...] = ()


def in_plan(plan: Plan, reps: Sequence[Rep]) -> list[Rep]:
    """Return whom the plan means."""
    return [
        rep
        for rep in reps
        if (not plan.teams or rep.team in plan.teams)
        and (not plan.staff_ids or rep.staff_id in plan.staff_ids)
    ]


def preferred(
    plan: Plan, reps: Sequence[Rep], given: Mapping[str, int], served: Mapping[str, int]
) -> list[str]:
    """Return whom the next customer goes to, in order of preference.

    Whoever was given least in this run comes first, so that no two differ by more than one where
    nobody is passed over. Of equals it is who was served longest ago, in earlier runs too; by
    performance, who sold more.
    """
    of_plan = in_plan(plan, reps)
    fixed = {staff_id: place for place, staff_id in enumerate(plan.staff_ids)}

    def place(rep: Rep) -> tuple[int, ...]:
        if plan.mode is Mode.BY_PERFORMANCE:
            return given.get(rep.staff_id, 0), -rep.cents
        return given.get(rep.staff_id, 0), served.get(rep.staff_id, 0), fixed.get(rep.staff_id, 0)

    people = sorted(of_plan, key=lambda rep: (place(rep), rep.staff_id))
    if plan.mode is Mode.EVEN_BY_GROUP:
        groups = sorted(
            {rep.team for rep in of_plan},
            key=lambda team: (_of_team(reps, team, given, served), team),
        )
        people.sort(key=lambda rep: groups.index(rep.team))
    return [rep.staff_id for rep in people]


def choose(
    plan: Plan, reps: Sequence[Rep], standing: Standing, *, not_to: str, counted: bool
) -> Choice:
    """Return who gets the next customer: the first of the preferred who can take it.

    `not_to` is who may not have it back, empty for nobody; a customer that is not `counted` needs
    no slot.
    """
    skipped = []
    for staff_id in preferred(plan, reps, standing.given, standing.served):
        if staff_id == not_to:
            skipped.append((staff_id, LAST_HOLDER))
        elif counted and standing.room.get(staff_id, 0) <= 0:
            skipped.append((staff_id, QUOTA_FULL))
        else:
            return Choice(staff_id, tuple(skipped))
    return Choice(None, tuple(skipped))


def _of_team(
    reps: Sequence[Rep], team: str, given: Mapping[str, int], served: Mapping[str, int]
) -> tuple[int, int]:
    members = [rep.staff_id for rep in reps if rep.team == team]
    return (
        sum(given.get(one, 0) for one in members),
        max((served.get(one, 0) for one in members), default=0),
    )
