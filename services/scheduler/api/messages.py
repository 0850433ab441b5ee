"""Clocks, days, leave and runs as messages."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from crm.scheduler.v1 import scheduler_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp

from services.scheduler.app import queries
from services.scheduler.domain.calendar import NamedDay, WorkingCalendar
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.domain.terms import Skipped
from services.scheduler.store.clocks import Clock


def write_clock(clock: Clock, rules: SchedulerPolicy) -> pb.Clock:
    rule = rules.clocks.get(clock.clock)
    answer = pb.Clock(
        clock=clock.clock,
        subject_id=clock.subject_id,
        party_id=clock.facts.party_id,
        state=pb.ClockState.Value(f"CLOCK_STATE_{clock.state.value.upper()}"),
        version=clock.version,
        policy_version=clock.policy_version,
        calendar_version=clock.calendar_version,
        clause=rule.clause if rule else "",
        zh=rule.zh if rule else "",
        en=rule.en if rule else "",
    )
    for field, moment in (
        (answer.basis_time, clock.basis_at),
        (answer.due_time, clock.due_at),
        (answer.warn_time, clock.warn_at),
    ):
        if moment:
            put(field, moment)
    return answer


def write_skipped(skipped: Iterable[tuple[date, Skipped]]) -> Iterator[pb.SkippedDay]:
    return (pb.SkippedDay(date=day.isoformat(), reason=_reason(why)) for day, why in skipped)


def write_days(
    calendar: WorkingCalendar,
    counted: Iterable[date],
    skipped: Iterable[tuple[date, Skipped]],
) -> Iterator[pb.CountedDay]:
    """Write the days that a count comes by, in order, each with its kind and name."""
    why: dict[date, Skipped | None] = dict.fromkeys(counted)
    why.update(skipped)
    for day in sorted(why):
        reason = why[day]
        written = pb.CountedDay(
            date=day.isoformat(), kind=_kind(calendar, day), counted=reason is None
        )
        if reason is not None:
            written.skip_reason = _reason(reason)
        if named := calendar.days.get(day):
            written.zh, written.en = named.zh, named.en
        yield written


def write_calendar_day(calendar: WorkingCalendar, day: date) -> pb.CalendarDay:
    named = calendar.days.get(day) or NamedDay(calendar.works(day), "", "", False)
    return pb.CalendarDay(
        date=day.isoformat(),
        working=named.working,
        zh=named.zh,
        en=named.en,
        official=named.official,
        kind=_kind(calendar, day),
    )


def write_leave(row: sa.RowMapping) -> pb.Leave:
    answer = pb.Leave(
        leave_id=row["leave_id"],
        staff_id=row["staff_id"],
        first_date=row["first_day"].isoformat(),
        last_date=row["last_day"].isoformat(),
        reason=row["reason"],
        record_staff_id=row["recorded_by"],
        cancelled=row["cancelled_at"] is not None,
        cancel_reason=row["cancel_reason"] or "",
        department=row["department"] or "",
        team=row["team"] or "",
    )
    put(answer.record_time, row["recorded_at"])
    return answer


def write_run(run: queries.NextRun) -> pb.Run:
    answer = pb.Run(
        run=run.run,
        every=run.rule.days.value,
        at=run.rule.time,
        next_date=run.day.isoformat(),
        clause=run.rule.clause,
        zh=run.rule.zh,
        en=run.rule.en,
    )
    put(answer.next_time, run.due_at)
    return answer


def write_occurrence(row: sa.RowMapping | Any) -> pb.RunOccurrence:
    answer = pb.RunOccurrence(run=row["run"], date=row["day"].isoformat())
    put(answer.due_time, row["due_at"])
    put(answer.fire_time, row["fired_at"])
    return answer


def put(field: Timestamp, moment: datetime) -> None:
    field.FromDatetime(moment)


def _kind(calendar: WorkingCalendar, day: date) -> pb.DayKind.ValueType:
    return pb.DayKind.Value(f"DAY_KIND_{calendar.kind_of(day).value.upper()}")


def _reason(why: Skipped) -> pb.SkipReason.ValueType:
    return pb.SkipReason.Value(f"SKIP_REASON_{why.value.upper()}")
