"""The duty rota: built at the first need of a week, built anew when what it rests on changes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from chassis.kernel import Decision
from chassis.unit import UnitOfWork
from services.ownership.app import availability
from services.ownership.app.availability import Receivers
from services.ownership.app.performance import performance
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reasons import BARRED, NOBODY_ON_DUTY, ROTA_UNKNOWN, TURN_TAKEN
from services.ownership.domain.rota import EVERYBODY, Rep, build, months_of, week_of
from services.ownership.domain.turns import in_turn, passed_to
from services.ownership.store import rotas
from services.ownership.store.rotas import Kept

GROUPS_RING = "*"
"""The ring of the groups themselves, beside those of their members."""

Barred = Callable[[str], str]
"""Says why somebody cannot take a lead; empty when he can."""


def in_force(uow: UnitOfWork, receivers: Receivers | None = None) -> Kept:
    """Return the rota of this week in the scheme in force; built now if this is its first need."""
    found = standing(uow, receivers)
    return found if found.build else _keep(uow, replace(found, build=1), "first_need")


def standing(uow: UnitOfWork, receivers: Receivers | None = None) -> Kept:
    """Return this week's rota in the scheme in force, or what it would be: `build` 0."""
    scheme = uow.policy(OwnershipPolicy).rules.rota.scheme.value
    kept = rotas.newest(uow, week_of(uow.today()), scheme)
    return kept or replace(rehearse(uow, receivers), build=0)


def build_anew(uow: UnitOfWork, cause: str) -> None:
    """Build this week's rota again if it was built already and would come out otherwise.

    Whose turn it is stays; `cause` says what changed.
    """
    scheme = uow.policy(OwnershipPolicy).rules.rota.scheme.value
    kept = rotas.newest(uow, week_of(uow.today()), scheme)
    fresh = rehearse(uow)
    if kept is not None and kept.rota != fresh.rota:
        _keep(uow, replace(fresh, build=kept.build + 1), cause)


def begin_week(uow: UnitOfWork, day: date) -> None:
    """Build the rota of the week of `day` if it is this week's and nobody needed it before."""
    if week_of(day) == week_of(uow.today()):
        in_force(uow)


def rehearse(uow: UnitOfWork, receivers: Receivers | None = None) -> Kept:
    """Return what this week's rota would be if it were built now; nothing is kept."""
    rules = uow.policy(OwnershipPolicy).rules.rota
    week = week_of(uow.today())
    months = months_of(week, rules)
    figures = [performance(uow, month) for month in months]
    passed = rotas.assessments(uow, week - timedelta(days=7))
    banned = {row["staff_id"] for row in rotas.open_bans(uow, uow.now)}
    found = receivers or availability.available(uow, uow.today())
    reps = [
        Rep(
            staff_id,
            f"{who.department}/{who.team}" if who.team else EVERYBODY,
            sum(figure.get(staff_id, 0) for figure in figures),
            passed.get(staff_id),
            staff_id in banned,
        )
        for staff_id, who in found.people.items()
        if found.barred.get(staff_id) != availability.DEPARTED
    ]
    rota = build(reps, rules)
    return Kept(week, rules.scheme.value, 1, rota, months, "", "", uow.now)


def read(uow: UnitOfWork, day: date | None) -> list[Kept]:
    """Return every build of the week of `day` (None: this week), oldest first.

    Of this week, before it was needed, one that is not kept: `build` 0. Refused with ROTA_UNKNOWN
    for a week that has none.
    """
    uow.policy(OwnershipPolicy).rules.rota.read.require(uow.actor)
    week = week_of(day or uow.today())
    found = rotas.between(uow, week, week).get(week, [])
    if not found and week == week_of(uow.today()):
        return [replace(rehearse(uow), build=0)]
    if not found:
        raise ROTA_UNKNOWN.refuse(week=week.isoformat())
    return found


def take_turn(uow: UnitOfWork, kept: Kept, barred: Barred) -> tuple[str, list[dict[str, str]]]:
    """Give the turn to the next one who is not barred; return who, and who was skipped and why.

    In the scheme `groups` the groups take turns, and the members of each. Waits for others who
    take a turn at the same moment. Refused with NOBODY_ON_DUTY, naming the reasons, when no
    member can take it; no turn is passed on then.
    """
    skipped: list[dict[str, str]] = []
    if kept.scheme != "groups":
        chosen = _next_in(uow, kept, EVERYBODY, kept.rota.of(EVERYBODY), barred, skipped)
        if chosen:
            return chosen, skipped
        raise _nobody(uow, kept, skipped)
    groups = kept.rota.groups
    turn, version = rotas.lock_turn(uow, kept.week_start, kept.scheme, GROUPS_RING)
    for group in in_turn(groups, turn):
        chosen = _next_in(uow, kept, group, kept.rota.of(group), barred, skipped)
        if chosen:
            after = passed_to(groups, group)
            _pass(rotas.pass_turn(uow, kept.week_start, kept.scheme, GROUPS_RING, after, version))
            return chosen, skipped
    raise _nobody(uow, kept, skipped)


def _next_in(
    uow: UnitOfWork,
    kept: Kept,
    ring: str,
    members: tuple[str, ...],
    barred: Barred,
    skipped: list[dict[str, str]],
) -> str:
    turn, version = rotas.lock_turn(uow, kept.week_start, kept.scheme, ring)
    for staff_id in in_turn(members, turn):
        if reason := barred(staff_id):
            skipped.append({"staff_id": staff_id, "reason": reason})
            continue
        after = passed_to(members, staff_id)
        _pass(rotas.pass_turn(uow, kept.week_start, kept.scheme, ring, after, version))
        return staff_id
    return ""


def _pass(passed: bool) -> None:
    if not passed:
        raise TURN_TAKEN.refuse()


def _nobody(uow: UnitOfWork, kept: Kept, skipped: list[dict[str, str]]) -> Exception:
    rule = uow.policy(OwnershipPolicy).rules.rota.turn_rule(kept.scheme)
    members = len(kept.rota.members)
    counted = [(BARRED[r], n) for r, n in Counter(item["reason"] for item in skipped).items()]
    why_zh = "、".join(f"{say.zh} {number} 人" for say, number in counted) or "本周无人值班"
    why_en = ", ".join(f"{number} {say.en}" for say, number in counted) or "it is empty"
    return NOBODY_ON_DUTY.refuse(clause=rule.clause, members=members, why_zh=why_zh, why_en=why_en)


def _keep(uow: UnitOfWork, fresh: Kept, cause: str) -> Kept:
    rules = uow.policy(OwnershipPolicy).rules.rota
    subject = f"rota/{fresh.week_start.isoformat()}"
    facts = {
        "scheme": fresh.scheme,
        "build": fresh.build,
        "cause": cause,
        "months": list(fresh.months),
        "members": [{"staff_id": m.staff_id, "cents": m.cents} for m in fresh.rota.members],
        "left_out": [{"staff_id": i.staff_id, "reason": i.reason} for i in fresh.rota.left_out],
    }
    rule = rules.turn_rule(fresh.scheme)
    decision = Decision("build_rota", "built", cause.upper(), rule.clause, rule.say, facts)
    kept = replace(fresh, cause=cause, decision_id=uow.record(decision, subject))
    rotas.keep(uow, kept)
    return kept
