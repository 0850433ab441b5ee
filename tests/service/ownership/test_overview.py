"""What concerns a person today, in one call."""

from datetime import UTC, datetime, timedelta
from typing import Any

from crm.ownership.v1 import overview_pb2 as pb
from crm.ownership.v1.overview_pb2_grpc import OverviewServiceStub

from tests.acceptance.actions import SHANGHAI, Company
from tests.acceptance.disputing import Disputing
from tests.acceptance.inbound import caught, on_leave
from tests.acceptance.leaving import depart
from tests.service.ownership.scheduling import armed, entry, gone, run_due, wait


def overview(company: Company, who: str, **wanted: Any) -> pb.GetOverviewResponse:
    method = company.platform.stub(OverviewServiceStub, "ownership").GetOverview
    answer: pb.GetOverviewResponse = company.call(who, method, pb.GetOverviewRequest(**wanted))
    return answer


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def test_what_is_due_within_some_working_days_the_next_first(company: Company) -> None:
    """From Monday 2026-03-02 the third working day is Thursday; the fifth is Monday the 9th."""
    company.holds("li", 9)
    company.holds("wang", 1)
    ends = ["2026-03-04", "2026-03-06", "2026-03-06", "2026-03-05", "2026-03-07", "2026-03-10"]
    basis = company.platform.now
    armed(
        company,
        *(entry(f"li-{n}", basis, local(end)) for n, end in enumerate(ends)),
        entry("wang-0", basis, local("2026-03-04"), party="wang"),
    )
    shown = overview(company, "li").due_soon
    assert (shown.total_size, shown.last_date) == (4, "2026-03-05")
    assert [one.position.customer_id for one in shown.nearest] == ["li-0", "li-3", "li-1", "li-2"]
    assert shown.nearest[0].position.due_time.ToDatetime(UTC) == local("2026-03-04")
    more = overview(company, "li", due_within_working_days=5).due_soon
    assert (more.total_size, more.last_date, len(more.nearest)) == (6, "2026-03-09", 5)
    on_leave(company, "li", "2026-03-04", "2026-03-04")
    assert overview(company, "li").due_soon.last_date == "2026-03-06"


def test_a_scheduler_that_does_not_answer_leaves_the_rest(company: Company) -> None:
    gone(company, "CountWorkingDays")
    shown = overview(company, "li")
    assert not shown.HasField("due_soon")
    assert shown.quota == company.quota("li")
    assert shown.duty.on_duty


def test_duty_and_why_not(company: Company) -> None:
    duty = overview(company, "li").duty
    assert (duty.on_duty, duty.rank, duty.reason) == (True, 1, "")
    on_leave(company, "wang", "2026-03-02", "2026-03-02")
    caught(company, "li")
    depart_hr(company, "zhao")
    told = {who: overview(company, who).duty for who in ("li", "wang", "zhao")}
    assert {who: (one.on_duty, one.reason) for who, one in told.items()} == {
        "li": (False, "BANNED"),
        "wang": (False, "ON_LEAVE"),
        "zhao": (False, "DEPARTED"),
    }


def test_looking_builds_no_rota(company: Company) -> None:
    parts = company.platform.parts["ownership"]
    rota = parts.service.metadata.tables["rota"]
    overview(company, "li")
    with parts.database.read() as connection:
        assert connection.execute(rota.select()).all() == []


def depart_hr(company: Company, who: str) -> None:
    company.platform.hire("hao", "郝人事", ["hr"], department="hr")
    depart(company, who)


def test_frozen_customers_and_open_disputes_of_the_caller(company: Company) -> None:
    disputing = Disputing(company)
    customer = company.acquire("li")
    disputing.sign_on("wang", customer, "2026-03-04")
    for who, disputes, frozen in (("li", 1, 1), ("wang", 1, 0), ("zhao", 0, 0), ("zhou", 0, 0)):
        shown = overview(company, who)
        assert (shown.open_dispute_count, shown.frozen_count) == (disputes, frozen), who


def test_what_waits_for_whoever_may_see_it(company: Company) -> None:
    wait(company, 3)
    company.platform.now += timedelta(days=1)
    run_due(company, "distribution_deadline", "2026-03-03")
    wait(company, 2, "v")
    shown = overview(company, "zhou")
    assert (shown.awaiting_count, shown.overdue_awaiting_count) == (5, 3)
    assert not shown.HasField("quota")
    assert not shown.HasField("duty")
    assert not shown.HasField("due_soon")
    mine = overview(company, "li")
    assert not mine.HasField("awaiting_count")
    assert not mine.HasField("overdue_awaiting_count")
