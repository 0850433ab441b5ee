"""People are away for some days, and somebody leaves the company."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from crm.scheduler.v1 import scheduler_pb2 as scheduler

from cli.month.company import Company
from cli.month.days import Act, Day

A_DAY = 0.008
"""The share of the reps whose leave begins on a working day."""


def acts(company: Company, day: Day) -> Iterator[Act]:
    """Yield the leaves that HR records on a working day, for the days after."""
    if not day.working:
        return
    for rep in company.at_work("sales_rep", day.date):
        if company.random.random() < A_DAY:
            yield Act(day.at(9), partial(_take_leave, company, day, rep.staff_id))


def _take_leave(company: Company, day: Day, who: str) -> None:
    length = company.random.randint(1, 5)
    days = [day.date + timedelta(days=1 + number) for number in range(length)]
    request = scheduler.RecordLeaveRequest(
        staff_id=who,
        first_date=days[0].isoformat(),
        last_date=days[-1].isoformat(),
        reason="年假",
    )
    if company.ask("hr", company.platform.scheduler.RecordLeave, request):
        company.away.setdefault(who, set()).update(days)
