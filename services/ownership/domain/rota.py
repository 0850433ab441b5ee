"""The duty rota of a week: who is on it, in which order, and who is left out and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from services.ownership.domain.lead_rules import RotaRules

EVERYBODY = ""
"""The group of all in a scheme without groups."""


@dataclass(frozen=True, slots=True)
class Rep:
    """A rep as the rota sees one. `passed` is last week's call assessment, None without one."""

    staff_id: str
    group: str
    cents: int
    passed: bool | None = None
    banned: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the rota; `rank` counts from 1 among those ranked together."""

    staff_id: str
    group: str
    rank: int
    cents: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody not on the rota: BANNED, CALLS_FAILED, CALLS_NOT_ASSESSED, RANKED_BELOW, NO_TURN."""

    staff_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rota:
    """The members by group in the order of their turns; groups in the order of theirs."""

    groups: tuple[str, ...]
    members: tuple[Member, ...]
    left_out: tuple[LeftOut, ...]

    def of(self, group: str) -> tuple[str, ...]:
        """Return a group's members in the order of their turns."""
        return tuple(item.staff_id for item in self.members if item.group == group)


def week_of(day: date) -> date:
    """Return the Monday of the week that `day` lies in."""
    return day - timedelta(days=day.weekday())


def months_of(week: date, rules: RotaRules) -> tuple[str, ...]:
    """Return the months `YYYY-MM` whose performance ranks the reps in the week from `week` on."""
    count = 3 if rules.performance_period.value == "previous_three_calendar_months" else 1
    first = week.replace(day=1)
    return tuple(f"{first - relativedelta(months=n):%Y-%m}" for n in range(count, 0, -1))


def build(reps: Sequence[Rep], rules: RotaRules) -> Rota:
    """Return the rota of these reps: by performance, highest first, equals by staff id.

    In the scheme `groups` every group is ranked apart, and reps of other groups get no turn.
    """
    groups = _groups(reps, rules)
    members: list[Member] = []
    left_out: list[LeftOut] = []
    for group in groups:
        ranked = [rep for rep in reps if group in (EVERYBODY, rep.group)]
        ranked.sort(key=lambda rep: (-rep.cents, rep.staff_id))
        on, off = _filter(ranked, rules)
        members += [Member(r.staff_id, group, number, r.cents) for number, r in on]
        left_out += off
    placed = {item.staff_id for item in members} | {item.staff_id for item in left_out}
    left_out += [LeftOut(r.staff_id, "NO_TURN") for r in reps if r.staff_id not in placed]
    return Rota(groups, tuple(members), tuple(sorted(left_out, key=lambda item: item.staff_id)))


def _groups(reps: Sequence[Rep], rules: RotaRules) -> tuple[str, ...]:
    if rules.scheme.value != "groups":
        return (EVERYBODY,)
    wanted = rules.groups.value
    if not isinstance(wanted, int):
        return wanted
    return tuple(sorted({rep.group for rep in reps if rep.group}, key=str.casefold)[:wanted])


def _filter(ranked: Sequence[Rep], rules: RotaRules) -> tuple[list[tuple[int, Rep]], list[LeftOut]]:
    size, off = rules.size.value, []
    rank_first = rules.filter_order.value == "rank_then_filter"
    candidates: list[tuple[int, Rep]] = []
    for place, rep in enumerate(ranked, 1):
        barred = _barred(rep, rules)
        taken = place - 1 if rank_first else len(candidates)
        if taken >= size:
            off.append(LeftOut(rep.staff_id, barred or "RANKED_BELOW"))
        elif barred:
            off.append(LeftOut(rep.staff_id, barred))
        else:
            candidates.append((place, rep))
    return candidates, off


def _barred(rep: Rep, rules: RotaRules) -> str:
    if rep.banned:
        return "BANNED"
    if rep.passed is False:
        return "CALLS_FAILED"
    if rep.passed is None and rules.unassessed.value == "not_eligible":
        return "CALLS_NOT_ASSESSED"
    return ""
