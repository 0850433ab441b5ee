"""Every method of the scheduler, with a request that the contract accepts."""

from typing import Any

from crm.scheduler.v1 import scheduler_pb2 as s


def scheduler_requests(customer_id: str) -> dict[str, Any]:
    """Return a well-formed request for every method of the scheduler, by full method name."""
    settle = s.SettleDeadlinesRequest(clock="reclaim")
    known = settle.deadlines.add(subject_id=customer_id, version=1)
    known.basis_time.FromJsonString("2026-03-02T01:00:00Z")
    known.due_time.FromJsonString("2026-03-09T16:00:00Z")
    day = s.CalendarDay(date="2026-06-06", working=True, zh="补班")
    leave: Any = {"first_date": "2026-03-09", "last_date": "2026-03-10"}
    requests: dict[str, Any] = {
        "ListClocks": s.ListClocksRequest(subject_id=customer_id),
        "PreviewClock": s.PreviewClockRequest(clock="reclaim", subject_id=customer_id),
        "CountWorkingDays": s.CountWorkingDaysRequest(staff_id="li", **leave),
        "GetCalendar": s.GetCalendarRequest(year=2026),
        "PublishCalendarDays": s.PublishCalendarDaysRequest(days=[day], reason="调休"),
        "RecordLeave": s.RecordLeaveRequest(staff_id="li", **leave),
        "CancelLeave": s.CancelLeaveRequest(leave_id="none"),
        "ListLeaves": s.ListLeavesRequest(staff_id="li"),
        "ListAbsences": s.ListAbsencesRequest(**leave),
        "ForeseeClocks": s.ForeseeClocksRequest(clock="reclaim", run="reclaim"),
        "ListRuns": s.ListRunsRequest(),
        "SettleDeadlines": settle,
    }
    return {f"crm.scheduler.v1.SchedulerService.{name}": one for name, one in requests.items()}
