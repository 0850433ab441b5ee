"""Deadlines, the calendar, leave and runs."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from crm.scheduler.v1 import scheduler_pb2 as pb
from crm.scheduler.v1.scheduler_pb2_grpc import SchedulerServiceServicer

from chassis import keysets, paging
from chassis.call import Door
from chassis.contract import INVALID_REQUEST, version_of
from chassis.policy_requests import proposed
from chassis.rpc import command, peer_command, peer_query, query
from chassis.unit import UnitOfWork
from services.scheduler.api.messages import (
    put,
    write_calendar_day,
    write_clock,
    write_days,
    write_leave,
    write_occurrence,
    write_run,
    write_skipped,
)
from services.scheduler.app import calendars, foreseeing, leave, queries, settling
from services.scheduler.app.calendars import Override
from services.scheduler.app.settling import Known
from services.scheduler.domain.calendar import days_of_month
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.domain.reasons import DAY_UNKNOWN
from services.scheduler.store import clocks, ticks


class SchedulerApi(SchedulerServiceServicer):
    """Deadlines, the calendar, leave and runs."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @query
    def ListClocks(self, uow: UnitOfWork, request: pb.ListClocksRequest) -> pb.ListClocksResponse:
        """See the proto."""
        size = paging.page_size(request)
        listed = queries.list_clocks(
            uow,
            queries.Wanted(
                request.subject_id,
                request.party_id,
                request.clock,
                running=request.running,
                by_due=request.order_by == "due_time",
                due_before=_moment(request, "due_before_time"),
            ),
        )
        order = queries.BY_DUE if request.order_by else queries.BY_SUBJECT
        found = keysets.read(uow, listed, order, paging.read_token(request), size + 1)
        rows, token = paging.cut(request, found, size, keysets.keys)
        total = keysets.count(uow, listed)
        rules = uow.policy(SchedulerPolicy).rules
        return pb.ListClocksResponse(
            clocks=[write_clock(clocks.from_row(row), rules) for row in rows],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )

    @query
    def PreviewClock(
        self, uow: UnitOfWork, request: pb.PreviewClockRequest
    ) -> pb.PreviewClockResponse:
        """See the proto."""
        preview = queries.preview(
            uow,
            queries.Asked(
                request.clock,
                _moment(request, "start_time"),
                request.party_id,
                request.amount,
                request.subject_id,
                _moment(request, "known_due_time"),
            ),
        )
        answer = pb.PreviewClockResponse(
            counted_dates=_dates(preview.found.counted),
            skipped_days=write_skipped(preview.found.skipped),
            days=write_days(preview.calendar, preview.found.counted, preview.found.skipped),
            amount=preview.term.amount,
            unit=preview.term.unit.value,
            clause=preview.rule.clause,
            zh=preview.rule.zh,
            en=preview.rule.en,
            policy_version=preview.policy_version,
            calendar_version=preview.calendar.version,
        )
        put(answer.due_time, preview.found.due_at)
        if preview.found.warn_at:
            put(answer.warn_time, preview.found.warn_at)
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
            skipped_dates=_dates(day for day, _ in count.skipped),
            days=write_days(calendar, count.counted, count.skipped),
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
                write_calendar_day(calendar, day)
                for day in sorted(calendar.days)
                if day.year == request.year
            ],
            month_days=[
                write_calendar_day(calendar, day)
                for day in days_of_month(request.year, request.month)
            ]
            if request.month
            else [],
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
        return pb.RecordLeaveResponse(leave=write_leave(found))

    @command
    def CancelLeave(
        self, uow: UnitOfWork, request: pb.CancelLeaveRequest
    ) -> pb.CancelLeaveResponse:
        """See the proto."""
        return pb.CancelLeaveResponse(
            leave=write_leave(leave.cancel(uow, request.leave_id, request.reason))
        )

    @query
    def ListLeaves(self, uow: UnitOfWork, request: pb.ListLeavesRequest) -> pb.ListLeavesResponse:
        """See the proto."""
        size = paging.page_size(request)
        token = paging.read_token(request)
        after = (date.fromisoformat(token[0]), token[1]) if token else None
        found = leave.listed(uow, request.staff_id, after, size + 1)
        rows, following = paging.cut(
            request, found, size, lambda row: (row["first_day"], row["leave_id"])
        )
        return pb.ListLeavesResponse(
            leaves=[write_leave(row) for row in rows], next_page_token=following
        )

    @query
    def ListAbsences(
        self, uow: UnitOfWork, request: pb.ListAbsencesRequest
    ) -> pb.ListAbsencesResponse:
        """See the proto."""
        size = paging.page_size(request)
        listed = leave.absences(
            uow,
            _day("first_date", request.first_date),
            _day("last_date", request.last_date),
            request.department,
            request.team,
            cancelled=request.show_cancelled,
        )
        found = keysets.read(uow, listed, leave.BY_DAY, paging.read_token(request), size + 1)
        rows, token = paging.cut(request, found, size, keysets.keys)
        total = keysets.count(uow, listed)
        return pb.ListAbsencesResponse(
            leaves=[write_leave(row) for row in rows],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )

    @peer_query
    def ForeseeClocks(
        self, uow: UnitOfWork, request: pb.ForeseeClocksRequest
    ) -> pb.ForeseeClocksResponse:
        """See the proto."""
        policy, after = uow.policy(SchedulerPolicy), uow.now
        if request.HasField("draft"):
            proposal = proposed(uow, request.draft)
            policy, after = foreseeing.drafted_policy(proposal), max(after, proposal.effective_at)
        if request.HasField("after_time"):
            after = max(after, request.after_time.ToDatetime(tzinfo=UTC))
        size = paging.page_size(request, 1000, 2000)
        token = paging.read_token(request)
        foreseen = foreseeing.foresee(uow, policy, request.clock, request.run, after)
        found = foreseeing.others(
            uow,
            policy,
            request.clock,
            request.subject_ids,
            foreseen.basis_before,
            token[0] if token else "",
            size + 1,
        )
        rows, following = paging.cut(request, found, size, lambda one: (one[0].subject_id,))
        answer = pb.ForeseeClocksResponse(next_page_token=following)
        put(answer.run_time, foreseen.run_at)
        if foreseen.basis_before:
            put(answer.basis_before_time, foreseen.basis_before)
        for clock, due_at in rows:
            one = answer.clocks.add(subject_id=clock.subject_id, party_id=clock.facts.party_id)
            put(one.due_time, due_at)
        return answer

    @query
    def ListRuns(self, uow: UnitOfWork, request: pb.ListRunsRequest) -> pb.ListRunsResponse:
        """See the proto."""
        size = paging.page_size(request)
        token = paging.read_token(request)
        after = (datetime.fromisoformat(token[0]), token[1]) if token else None
        found = queries.occurrences(uow, request.run, after, size + 1)
        rows, following = paging.cut(request, found, size, lambda row: (row["due_at"], row["run"]))
        total = keysets.count(uow, ticks.of_run(request.run))
        return pb.ListRunsResponse(
            runs=[] if token else [write_run(run) for run in queries.next_runs(uow, request.run)],
            occurrences=[write_occurrence(row) for row in rows],
            next_page_token=following,
            total_size=total.count,
            total_size_capped=total.capped,
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
            put(answer.deadlines.add(subject_id=subject_id).due_time, due_at)
        return answer


def _moment(request: Any, field: str) -> datetime | None:
    return getattr(request, field).ToDatetime(tzinfo=UTC) if request.HasField(field) else None


def _dates(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in days]


def _day(field: str, text: str) -> date:
    """Return the day that a text of the right form names; refused when there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        violation = DAY_UNKNOWN.violate(field)
        raise INVALID_REQUEST.refuse(violations=[violation], count=1) from None
