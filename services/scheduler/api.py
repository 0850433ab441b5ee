"""The gRPC methods of the scheduler: messages in and out of use cases."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from crm.scheduler.v1 import scheduler_pb2 as pb
from crm.scheduler.v1.scheduler_pb2_grpc import SchedulerServiceServicer
from google.protobuf.timestamp_pb2 import Timestamp

from chassis import paging
from chassis.call import Door
from chassis.contract import INVALID_REQUEST, version_of
from chassis.rpc import command, peer_command, query
from chassis.unit import UnitOfWork
from services.scheduler.app import calendars, leave, queries, settling
from services.scheduler.app.calendars import Override
from services.scheduler.app.settling import Known
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.domain.reasons import DAY_UNKNOWN
from services.scheduler.store.clocks import Clock


class SchedulerApi(SchedulerServiceServicer):
    """Deadlines, the calendar, leave and runs."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @query
    def ListClocks(self, uow: UnitOfWork, request: pb.ListClocksRequest) -> pb.ListClocksResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        found = queries.list_clocks(
            uow,
            request.subject_id,
            request.party_id,
            request.clock,
            running=request.running,
            after=(after[0], after[1]) if after else None,
            limit=size + 1,
        )
        last = found[size - 1] if len(found) > size else None
        return pb.ListClocksResponse(
            clocks=[_clock(uow, clock) for clock in found[:size]],
            next_page_token=paging.next_token(request, last.subject_id, last.clock) if last else "",
        )

    @query
    def PreviewClock(
        self, uow: UnitOfWork, request: pb.PreviewClockRequest
    ) -> pb.PreviewClockResponse:
        """See the proto."""
        start = (
            request.start_time.ToDatetime(tzinfo=UTC) if request.HasField("start_time") else None
        )
        preview = queries.preview(uow, request.clock, start, request.party_id, request.amount)
        answer = pb.PreviewClockResponse(
            counted_dates=_dates(preview.found.counted),
            skipped_days=[
                pb.SkippedDay(
                    date=day.isoformat(),
                    reason=pb.SkipReason.Value(f"SKIP_REASON_{why.value.upper()}"),
                )
                for day, why in preview.found.skipped
            ],
            amount=preview.term.amount,
            unit=preview.term.unit.value,
            clause=preview.rule.clause,
            zh=preview.rule.zh,
            en=preview.rule.en,
            policy_version=preview.policy_version,
            calendar_version=preview.calendar_version,
        )
        _put(answer.due_time, preview.found.due_at)
        if preview.found.warn_at:
            _put(answer.warn_time, preview.found.warn_at)
        return answer

    @query
    def CountWorkingDays(
        self, uow: UnitOfWork, request: pb.CountWorkingDaysRequest
    ) -> pb.CountWorkingDaysResponse:
        """See the proto."""
        first = _day("first_date", request.first_date)
        last = _day("last_date", request.last_date)
        count, calendar = queries.working_days(uow, first, last, request.staff_id)
        return pb.CountWorkingDaysResponse(
            count=len(count.counted),
            counted_dates=_dates(count.counted),
            skipped_dates=_dates(count.skipped),
            calendar_version=calendar.version,
        )

    @query
    def GetCalendar(
        self, uow: UnitOfWork, request: pb.GetCalendarRequest
    ) -> pb.GetCalendarResponse:
        """See the proto."""
        calendar, worked = queries.year_of(uow, request.year)
        return pb.GetCalendarResponse(
            calendar=calendar.name,
            version=calendar.version,
            year=request.year,
            provisional=calendar.years[request.year],
            days=[
                pb.CalendarDay(
                    date=day.isoformat(),
                    working=named.working,
                    zh=named.zh,
                    en=named.en,
                    official=named.official,
                )
                for day, named in sorted(calendar.days.items())
                if day.year == request.year
            ],
            working_days_count=worked,
            etag=str(calendar.version),
        )

    @command
    def PublishCalendarDays(
        self, uow: UnitOfWork, request: pb.PublishCalendarDaysRequest
    ) -> pb.PublishCalendarDaysResponse:
        """See the proto."""
        days = [
            Override(_day(f"days[{number}].date", d.date), d.working, d.zh, d.en or d.zh)
            for number, d in enumerate(request.days)
        ]
        calendar = calendars.publish(uow, days, request.reason, version_of(request.etag))
        return pb.PublishCalendarDaysResponse(calendar=calendar.name, version=calendar.version)

    @command
    def RecordLeave(
        self, uow: UnitOfWork, request: pb.RecordLeaveRequest
    ) -> pb.RecordLeaveResponse:
        """See the proto."""
        first = _day("first_date", request.first_date)
        last = _day("last_date", request.last_date)
        found = leave.record(uow, request.staff_id, first, last, request.reason)
        return pb.RecordLeaveResponse(leave=_leave(found))

    @command
    def CancelLeave(
        self, uow: UnitOfWork, request: pb.CancelLeaveRequest
    ) -> pb.CancelLeaveResponse:
        """See the proto."""
        return pb.CancelLeaveResponse(
            leave=_leave(leave.cancel(uow, request.leave_id, request.reason))
        )

    @query
    def ListLeaves(self, uow: UnitOfWork, request: pb.ListLeavesRequest) -> pb.ListLeavesResponse:
        """See the proto."""
        size = paging.page_size(request)
        token = paging.read_token(request)
        after = (date.fromisoformat(token[0]), token[1]) if token else None
        found = leave.listed(uow, request.staff_id, after, size + 1)
        last = found[size - 1] if len(found) > size else None
        return pb.ListLeavesResponse(
            leaves=[_leave(row) for row in found[:size]],
            next_page_token=paging.next_token(
                request, last["first_day"].isoformat(), last["leave_id"]
            )
            if last
            else "",
        )

    @query
    def ListRuns(self, uow: UnitOfWork, request: pb.ListRunsRequest) -> pb.ListRunsResponse:
        """See the proto."""
        size = paging.page_size(request)
        token = paging.read_token(request)
        after = (datetime.fromisoformat(token[0]), token[1]) if token else None
        found = queries.occurrences(uow, request.run, after, size + 1)
        last = found[size - 1] if len(found) > size else None
        return pb.ListRunsResponse(
            runs=[] if token else [_run(run) for run in queries.next_runs(uow, request.run)],
            occurrences=[_occurrence(row) for row in found[:size]],
            next_page_token=paging.next_token(request, last["due_at"].isoformat(), last["run"])
            if last
            else "",
        )

    @peer_command
    def SettleDeadlines(
        self, uow: UnitOfWork, request: pb.SettleDeadlinesRequest
    ) -> pb.SettleDeadlinesResponse:
        """See the proto."""
        known = [
            Known(
                one.subject_id,
                one.version,
                one.basis_time.ToDatetime(tzinfo=UTC),
                one.due_time.ToDatetime(tzinfo=UTC),
            )
            for one in request.deadlines
        ]
        later = settling.settle(uow, request.clock, known)
        answer = pb.SettleDeadlinesResponse(pending=later is None)
        for subject_id, due_at in (later or {}).items():
            _put(answer.deadlines.add(subject_id=subject_id).due_time, due_at)
        return answer


def _clock(uow: UnitOfWork, clock: Clock) -> pb.Clock:
    rule = uow.policy(SchedulerPolicy).rules.clocks.get(clock.clock)
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
            _put(field, moment)
    return answer


def _leave(row: sa.RowMapping) -> pb.Leave:
    answer = pb.Leave(
        leave_id=row["leave_id"],
        staff_id=row["staff_id"],
        first_date=row["first_day"].isoformat(),
        last_date=row["last_day"].isoformat(),
        reason=row["reason"],
        record_staff_id=row["recorded_by"],
        cancelled=row["cancelled_at"] is not None,
        cancel_reason=row["cancel_reason"] or "",
    )
    _put(answer.record_time, row["recorded_at"])
    return answer


def _run(run: queries.NextRun) -> pb.Run:
    answer = pb.Run(
        run=run.run,
        every=run.rule.days.value,
        at=run.rule.time,
        next_date=run.day.isoformat(),
        clause=run.rule.clause,
        zh=run.rule.zh,
        en=run.rule.en,
    )
    _put(answer.next_time, run.due_at)
    return answer


def _occurrence(row: sa.RowMapping | Any) -> pb.RunOccurrence:
    answer = pb.RunOccurrence(run=row["run"], date=row["day"].isoformat())
    _put(answer.due_time, row["due_at"])
    _put(answer.fire_time, row["fired_at"])
    return answer


def _put(field: Timestamp, moment: datetime) -> None:
    field.FromDatetime(moment)


def _dates(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in days]


def _day(field: str, text: str) -> date:
    """Return the day that a text of the right form names; refused when there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        violation = DAY_UNKNOWN.violate(field)
        raise INVALID_REQUEST.refuse(violations=[violation], count=1) from None
