"""What happened elsewhere to people who hold customers: leave, calls, cheating, violations."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from chassis import keysets
from chassis.kernel import Decision, Received
from chassis.keysets import Order, Total
from chassis.unit import UnitOfWork
from services.ownership.app import rotas as rota
from services.ownership.domain.days import end_of
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reasons import NOT_BANNED
from services.ownership.domain.rota import week_of
from services.ownership.store import heard, rotas
from services.ownership.store.rota_tables import rota_ban, rota_reinstatement


def follow_leave(uow: UnitOfWork, event: Received) -> None:
    """Take over who is away when."""
    data = event.data
    row: heard.Row = {
        "staff_id": data["staff_id"],
        "first_day": date.fromisoformat(data["first_day"]),
        "last_day": date.fromisoformat(data["last_day"]),
        "cancelled": bool(data["cancelled"]),
    }
    heard.keep_leave(uow, data["leave_id"], row, event.sequence)


def follow_assessment(uow: UnitOfWork, event: Received) -> None:
    """Take over a call assessment; one of last week may change this week's rota."""
    week, staff_id = date.fromisoformat(event.data["week_start"]), event.data["staff_id"]
    kept = heard.keep_assessment(uow, staff_id, week, event.data["passed"], event.sequence)
    if kept and week == week_of(uow.today()) - timedelta(days=7):
        rota.build_anew(uow, "call_assessment")


def follow_standing(uow: UnitOfWork, event: Received) -> None:
    """Block the claims of who broke the rules too often; unblock when that was revoked."""
    data = event.data
    heard.keep_standing(uow, data["staff_id"], bool(data["claims_blocked"]), event.sequence)


def follow_spot_check(uow: UnitOfWork, event: Received) -> None:
    """Take who faked a call off every rota from now on, at most once for a check."""
    data = event.data
    known = sa.select(rota_ban.c.ban_id).where(rota_ban.c.spot_check_id == data["spot_check_id"])
    if data["kind"] != "call" or data["result"] != "faked" or uow.one(known) is not None:
        return
    policy = uow.policy(OwnershipPolicy)
    rule = policy.rules.rota.cheat_ban_days
    last_day = uow.today() + timedelta(days=rule.value)
    until = end_of(last_day, policy.time_zone) if rule.value else None
    facts = {
        "spot_check_id": data["spot_check_id"],
        "days": rule.value,
        "until": until.isoformat() if until else "",
    }
    who = (data["staff_id"],)
    decision = Decision(
        "ban_from_rota", "banned", "FAKED_CALL", rule.clause, rule.say, facts, concerned=who
    )
    row = {
        "ban_id": uow.new_id(),
        "staff_id": data["staff_id"],
        "spot_check_id": data["spot_check_id"],
        "clause": rule.clause,
        "decision_id": uow.record(decision, data["staff_id"]),
        "banned_at": uow.now,
        "until_at": until,
    }
    uow.execute(rota_ban.insert(), row)


def reinstate(uow: UnitOfWork, staff_id: str, reason: str) -> list[sa.RowMapping]:
    """End every ban of a person that is in force; return them. NOT_BANNED when there is none."""
    rule = uow.policy(OwnershipPolicy).rules.rota.reinstate
    rule.require(uow.actor)
    bans = rotas.open_bans(uow, uow.now, staff_id)
    if not bans:
        raise NOT_BANNED.refuse(staff_id=staff_id)
    facts = {"reason": reason, "bans": [ban["ban_id"] for ban in bans]}
    decision = Decision(
        "reinstate_to_rota",
        "reinstated",
        "REINSTATED",
        rule.clause,
        rule.say,
        facts,
        concerned=(staff_id,),
    )
    decision_id = uow.record(decision, staff_id)
    uow.execute(
        rota_reinstatement.insert(),
        [
            {
                "ban_id": ban["ban_id"],
                "reason": reason,
                "actor_id": uow.actor.staff_id,
                "decision_id": decision_id,
                "reinstated_at": uow.now,
            }
            for ban in bans
        ],
    )
    rota.build_anew(uow, "reinstatement")
    return bans


def list_bans(
    uow: UnitOfWork, staff_id: str, in_force: bool | None, after: list[Any] | None, limit: int
) -> tuple[list[sa.RowMapping], Total]:
    """Return bans, the newest first, and how many: everybody's own, all to whom policy names."""
    mine = uow.actor.staff_id
    who = mine if staff_id == "me" else staff_id
    listed = rotas.bans(uow.now, in_force)
    if who:
        listed = listed.where(rota_ban.c.staff_id == who)
    if not uow.policy(OwnershipPolicy).rules.rota.read_bans.allows(uow.actor):
        listed = listed.where(rota_ban.c.staff_id == mine)
    order = Order((rota_ban.c.banned_at, rota_ban.c.ban_id), descending=True)
    return keysets.read(uow, listed, order, after, limit), keysets.count(uow, listed)
