"""Why a deadline is when it is: the days of the very clock, pauses and all."""

from typing import Any

from crm.scheduler.v1 import scheduler_pb2 as pb

from tests.refusals import refused
from tests.service.scheduler.clockwork import FROZEN, RELEASED, THAWED, Clockwork
from tests.service.scheduler.test_reads import drawn
from tests.unit.scheduler.almanac import local


def explain(clockwork: Clockwork, who: str, **fields: Any) -> pb.PreviewClockResponse:
    request = pb.PreviewClockRequest(clock="reclaim", subject_id="c1", **fields)
    answer: pb.PreviewClockResponse = clockwork.call("PreviewClock", request, who)
    return answer


def paused(clockwork: Clockwork) -> None:
    """Freeze Li's customer on Wednesday until Thursday, and let Li be away on Friday."""
    clockwork.hear(clockwork.granted())
    clockwork.call(
        "RecordLeave",
        pb.RecordLeaveRequest(staff_id="li", first_date="2026-03-06", last_date="2026-03-06"),
        "hu",
    )
    clockwork.at("2026-03-04 10:00")
    since = clockwork.now
    clockwork.hear(clockwork.event(FROZEN, "c1", freeze_time=since))
    clockwork.at("2026-03-05 10:00")
    clockwork.hear(clockwork.event(THAWED, "c1", freeze_time=since, thaw_time=clockwork.now))
    clockwork.round()


def test_the_days_of_a_clock_are_those_it_was_reckoned_by(clockwork: Clockwork) -> None:
    paused(clockwork)
    answer = explain(clockwork, "li")
    assert answer.due_time == clockwork.clock().due_time
    days = drawn(answer.days)
    assert {day: why for day, (*_, why) in days.items() if why} == {
        "2026-03-04": "PAUSED",
        "2026-03-05": "PAUSED",
        "2026-03-06": "LEAVE",
        "2026-03-07": "NOT_WORKED",
        "2026-03-08": "NOT_WORKED",
    }
    assert len(answer.counted_dates) == answer.amount == 5


def test_a_deadline_that_was_enforced_is_explained_as_it_was_then(clockwork: Clockwork) -> None:
    """What happened to the customer after that is left out."""
    paused(clockwork)
    known = clockwork.clock().due_time
    basis = clockwork.clock().basis_time
    clockwork.at("2026-03-20 10:00")
    since = clockwork.now
    clockwork.hear(clockwork.event(FROZEN, "c1", freeze_time=since))
    clockwork.at("2026-03-23 10:00")
    clockwork.hear(clockwork.event(THAWED, "c1", freeze_time=since, thaw_time=clockwork.now))
    clockwork.hear(clockwork.event(RELEASED, "c1"))
    answer = explain(clockwork, "li", start_time=basis, known_due_time=known, party_id="me")
    assert answer.due_time == known
    assert list(answer.counted_dates)[-1] == "2026-03-12"


def test_another_persons_clock_is_not_explained(clockwork: Clockwork) -> None:
    paused(clockwork)
    unknown = refused(
        clockwork.call,
        "PreviewClock",
        pb.PreviewClockRequest(clock="reclaim", subject_id="none"),
        "wang",
    )
    told = refused(explain, clockwork, "wang")
    assert (told.reason, told.zh) == (unknown.reason, unknown.zh)
    assert explain(clockwork, "zhou").due_time == clockwork.clock().due_time
    clockwork.hear(clockwork.event(RELEASED, "c1"), clockwork.granted(party="wang"))
    assert refused(explain, clockwork, "li").reason == told.reason
    later = local("2026-03-05 10:00")
    assert explain(clockwork, "wang").days[0].date > later.date().isoformat()
