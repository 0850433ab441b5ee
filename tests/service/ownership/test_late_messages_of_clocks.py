"""Leave and calendar days of before a deadline count, however late their messages are (I4, I8)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from crm.ownership.v1 import runs_pb2 as t
from crm.scheduler.v1 import scheduler_pb2 as s

from services.scheduler.app import recomputing
from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing
from tests.builders import company_name, form
from tests.service.ownership.scheduling import go_rounds, list_runs, newest, reclaim, run_due

DUE = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
"""The end of Monday 2026-03-09 in Shanghai: the end of the fifth working day."""
LATER = DUE + timedelta(days=1)
MS = timedelta(milliseconds=1)
RUN = DUE + timedelta(minutes=5)

Record = Callable[[Company], object]


def take_leave(company: Company) -> object:
    request = s.RecordLeaveRequest(
        staff_id="li", first_date="2026-03-09", last_date="2026-03-09", reason="病假"
    )
    return company.call("sun", company.platform.scheduler.RecordLeave, request)


def close_the_office(company: Company) -> object:
    request = s.PublishCalendarDaysRequest(reason="停电")
    request.days.add(date="2026-03-09", working=False, zh="停电")
    return company.call("hr", company.platform.scheduler.PublishCalendarDays, request)


@pytest.fixture
def customer(company: Company) -> str:
    """Return a customer of Li that is due at DUE, by real clocks."""
    company.platform.hire("hr", "何瑞", ["hr"], department="hr")
    found = company.acquire("li", form(company_name(1)))
    company.platform.tick()
    assert due_of(company, found) == DUE
    return found


def due_of(company: Company, customer: str) -> datetime | None:
    """Return the deadline that is shown."""
    position = company.library("li")[customer]
    return position.due_time.ToDatetime(tzinfo=UTC) if position.HasField("due_time") else None


def go_round(company: Company, *, deliver: bool) -> None:
    """Let the scheduler go round; what it says is delivered, or stays on its way."""
    parts = company.platform.parts["scheduler"]
    for work in parts.service.rounds.values():
        parts.round(work, company.platform.peers("scheduler"))
    if deliver:
        company.settle()


@pytest.mark.parametrize("record", [take_leave, close_the_office])
@pytest.mark.parametrize(
    "offset, taken", [(-MS, False), (timedelta(0), True), (MS, True)], ids=["before", "at", "after"]
)
@pytest.mark.parametrize("told", ["nothing", "computed", "delivered"])
def test_what_is_recorded_before_the_deadline_counts(
    company: Company, customer: str, record: Record, offset: timedelta, taken: bool, told: str
) -> None:
    """Whether the scheduler has computed again or not, and whether ownership was told."""
    company.platform.now = DUE + offset
    record(company)
    company.platform.now = RUN
    if told != "nothing":
        go_round(company, deliver=told == "delivered")
    run_due(company, "reclaim", "2026-03-10")
    go_rounds(company)
    if taken:
        assert dict(newest(company).counts) == {"reclaimed": 1}
        return
    assert customer in company.library("li")
    assert due_of(company, customer) == LATER
    company.platform.tick()
    assert due_of(company, customer) == LATER
    company.platform.pass_to(LATER - MS)
    assert customer in company.library("li")
    company.platform.pass_to(LATER + timedelta(minutes=6))
    assert customer not in company.library("li")


@pytest.mark.parametrize("offset", [timedelta(hours=-1), timedelta(0)], ids=["before", "at"])
def test_a_follow_up_before_the_later_deadline_counts(
    company: Company, customer: str, offset: timedelta
) -> None:
    """It moved the clock, and seemed too late, before anybody knew that the deadline is later."""
    company.platform.now = DUE - MS
    take_leave(company)
    followed_up = LATER + offset
    company.platform.now = followed_up
    Doing(company).follow_up("li", customer)
    company.settle()
    company.platform.now = LATER + timedelta(hours=1)
    assert dict(reclaim(company, "2026-03-11").counts) == ({} if offset else {"reclaimed": 1})
    if offset:
        go_round(company, deliver=True)
        assert due_of(company, customer) == datetime(2026, 3, 17, 16, 0, tzinfo=UTC)


def test_the_others_of_a_batch_are_taken(company: Company, customer: str) -> None:
    other = company.acquire("wang", form(company_name(2)))
    company.platform.tick()
    company.platform.now = DUE - MS
    take_leave(company)
    company.platform.now = RUN
    assert dict(reclaim(company).counts) == {"reclaimed": 1}
    assert list(company.library("li")) == [customer]
    assert other not in company.library("wang")


def test_a_run_waits_while_deadlines_are_computed_again(
    company: Company, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than one call can do: the run is given back, and goes on when they are known."""
    monkeypatch.setattr(recomputing, "PAGE", 1)
    monkeypatch.setattr(recomputing, "PAGES", 1)
    company.platform.now = DUE - MS
    take_leave(company)
    company.platform.now = RUN
    run_due(company, "reclaim", "2026-03-10")
    go_rounds(company)
    assert (newest(company).state, dict(newest(company).counts)) == (t.RUN_STATE_RUNNING, {})
    go_rounds(company)
    go_rounds(company)
    assert [run.state for run in list_runs(company)] == [t.RUN_STATE_DONE]
    assert due_of(company, customer) == LATER


def test_leave_recorded_during_a_run_is_too_late(company: Company, customer: str) -> None:
    company.platform.now = RUN
    run_due(company, "reclaim", "2026-03-10")
    go_rounds(company, lambda: take_leave(company))
    assert dict(newest(company).counts) == {"reclaimed": 1}
