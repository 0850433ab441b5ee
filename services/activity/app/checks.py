"""Customer Service checks: a week's calls, records and calls one by one, every working day."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.kernel import Event, Received
from chassis.unit import UnitOfWork
from services.activity.app.months import reconsider
from services.activity.app.notices import Notification, notify
from services.activity.app.recording import make_void
from services.activity.domain.policy import ActivityPolicy
from services.activity.domain.reasons import (
    CHECK_INCOMPLETE,
    EVIDENCE_REQUIRED,
    STAFF_UNKNOWN,
    VOIDED_BY_CHECK,
    WEEK_START_INVALID,
)
from services.activity.store import custodies, follow_ups
from services.activity.store.conduct_tables import call_assessment as _a
from services.activity.store.conduct_tables import spot_check as _s
from services.activity.store.conduct_tables import spot_check_day as _d

ASSESSED = "crm.activity.call_assessment.recorded.v1"
CHECKED = "crm.activity.spot_check.recorded.v1"


def record_assessment(
    uow: UnitOfWork,
    staff_id: str,
    week_start: str,
    passed: bool,
    counts: tuple[int, int],
    note: str,
) -> dict[str, Any]:
    """Keep whether a person's calls of a week passed; a newer record takes its place."""
    uow.policy(ActivityPolicy).rules.conduct.calls.record.require(uow.actor)
    week = _monday(week_start, uow.today())
    if custodies.find_colleague(uow, staff_id) is None:
        raise STAFF_UNKNOWN.refuse()
    row = {
        "assessment_id": uow.new_id(),
        "staff_id": staff_id,
        "week_start": week,
        "passed": passed,
        "call_count": counts[0],
        "target_count": counts[1],
        "note": note,
        "recorder_id": uow.actor.staff_id,
        "recorded_at": uow.now,
    }
    uow.execute(_a.insert(), row)
    data = {"staff_id": staff_id, "week_start": week.isoformat(), "passed": passed}
    uow.emit(Event(ASSESSED, staff_id, data))
    return row


def record_spot_check(
    uow: UnitOfWork,
    kind: str,
    follow_up_id: str,
    staff_id: str,
    call_reference: str,
    result: str,
    evidence: str,
) -> dict[str, Any]:
    """Keep a spot check with its evidence, and announce it.

    A result that policy names takes the follow-up out of the count.
    """
    rules = uow.policy(ActivityPolicy).rules.conduct.spot_checks
    rules.record.require(uow.actor)
    if result != "genuine" and not evidence.strip():
        raise EVIDENCE_REQUIRED.refuse(clause=rules.record.clause)
    if (kind == "follow_up") != bool(follow_up_id) or (kind == "call") != bool(staff_id):
        raise CHECK_INCOMPLETE.refuse()
    found = follow_ups.get(uow, follow_up_id) if follow_up_id else None
    who = found.author_id if found else staff_id
    if found is None and custodies.find_colleague(uow, who) is None:
        raise STAFF_UNKNOWN.refuse()
    row = {
        "spot_check_id": uow.new_id(),
        "kind": kind,
        "staff_id": who,
        "follow_up_id": follow_up_id,
        "call_reference": call_reference,
        "result": result,
        "evidence": evidence,
        "checked_on": uow.today(),
        "checker_id": uow.actor.staff_id,
        "recorded_at": uow.now,
    }
    uow.execute(_s.insert(), row)
    if found and result in rules.voiding.value:
        void = VOIDED_BY_CHECK.violate("", rules.void.clause)
        make_void(uow, found, void)
        reconsider(uow, found)
    data = {
        "spot_check_id": row["spot_check_id"],
        "staff_id": who,
        "kind": kind,
        "result": result,
        "follow_up_id": follow_up_id,
        "check_date": uow.today().isoformat(),
    }
    uow.emit(Event(CHECKED, who, data))
    return row


def close_day(uow: UnitOfWork, event: Received) -> None:
    """Keep whether a working day that has ended had its spot checks (H-6.7c); tell who missed."""
    policy = uow.policy(ActivityPolicy).rules
    rules = policy.conduct.spot_checks
    day = date.fromisoformat(event.data["date"])
    made = sa.select(sa.func.count()).where(
        _s.c.checked_on == day, _s.c.kind.in_(rules.daily_kinds.value)
    )
    count = uow.execute(made).scalar_one()
    row = {
        "day": day,
        "check_count": count,
        "missed": count == 0,
        "clause": rules.daily.clause,
        "closed_at": uow.now,
    }
    insert = upsert(uow.connection.dialect.name, _d).on_conflict_do_nothing()
    if uow.execute(insert, row).rowcount and count == 0:
        figures = {"date": day.isoformat()}
        notify(
            uow, policy.tasks.spot_check_missed, Notification(event.id, day.isoformat(), figures)
        )


def _monday(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WEEK_START_INVALID.refuse() from None
    if day.isoformat() != text or day.weekday() or day > today:
        raise WEEK_START_INVALID.refuse()
    return day
