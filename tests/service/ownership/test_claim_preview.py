"""What a claim would mean is what it means: the deadline, the days, the slots."""

from datetime import UTC, datetime, timedelta

import pytest
from crm.ownership.v1 import ownership_pb2 as h
from crm.scheduler.v1 import scheduler_pb2 as s

from tests.acceptance.actions import SHANGHAI, Company
from tests.builders import variant
from tests.platform import haixin
from tests.refusals import refused
from tests.service.ownership.scheduling import gone
from tests.service.ownership.shelving import fill


@pytest.fixture
def company() -> Company:
    """Return a company where reps claim without review."""
    return Company(variant(haixin(), claim__review=False))


def preview(company: Company, customer_id: str, who: str = "li") -> h.PreviewClaimResponse:
    request = h.PreviewClaimRequest(customer_id=customer_id)
    answer: h.PreviewClaimResponse = company.call(
        who, company.platform.ownership.PreviewClaim, request
    )
    return answer


def claim(company: Company, customer_id: str, who: str = "li") -> h.ClaimCustomerResponse:
    request = h.ClaimCustomerRequest(customer_id=customer_id)
    answer: h.ClaimCustomerResponse = company.call(
        who, company.platform.ownership.ClaimCustomer, request
    )
    company.settle()
    return answer


MOMENTS = ("2026-03-02 09:00", "2026-03-06 23:59", "2026-03-07 12:00", "2026-04-30 18:00")


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_deadline_previewed_is_the_one_armed_after_the_claim(
    company: Company, moment: str
) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI).astimezone(UTC)
    first = (now + timedelta(days=2)).astimezone(SHANGHAI).date().isoformat()
    leave = s.RecordLeaveRequest(staff_id="li", first_date=first, last_date=first, reason="事假")
    company.call("sun", company.platform.scheduler.RecordLeave, leave)
    customer = company.pool_customer()
    company.platform.now = now
    company.settle()
    shown = preview(company, customer)
    answer = claim(company, customer)
    due = company.position(customer).due_time
    assert shown.allowed
    assert not shown.deadline_unavailable
    assert shown.first_deadline.due_time == due
    assert shown.left_after_count == answer.quota.left_count == shown.quota.left_count - 1
    assert (shown.first_deadline.amount, shown.first_deadline.unit) == (5, "working_days")
    assert len(shown.first_deadline.counted_dates) == 5
    assert shown.first_deadline.counted_dates[-1] == shown.first_deadline.last_date
    assert first not in shown.first_deadline.counted_dates
    assert shown.first_deadline.clause == "H-6.7d"
    last_moment = due.ToDatetime(UTC) - timedelta(seconds=1)
    assert last_moment.astimezone(SHANGHAI).date().isoformat() == shown.first_deadline.last_date


def test_a_category_that_is_not_reclaimed_has_no_deadline_and_takes_no_slot(
    company: Company,
) -> None:
    rows = fill(company, 60)
    online = next(
        row["customer_id"]
        for row in rows
        if row["location"] == "public_pool"
        and row["category"] == "online"
        and not (row["freeze_count"] or row["case_id"])
    )
    shown = preview(company, online)
    assert shown.allowed
    assert not shown.HasField("first_deadline")
    assert not shown.deadline_unavailable
    assert shown.left_after_count == shown.quota.left_count


def test_what_is_not_allowed_has_no_consequence(company: Company) -> None:
    customer = company.pool_customer()
    claim(company, customer, "wang")
    shown = preview(company, customer)
    assert (shown.allowed, shown.reason) == (False, "ALREADY_PROTECTED")
    assert not shown.HasField("first_deadline")
    assert preview(company, "nobody").reason == "CUSTOMER_UNKNOWN"
    assert refused(preview, company, customer, "sun").clause == "H-2.1b"


def test_a_scheduler_that_does_not_answer_leaves_the_rest(company: Company) -> None:
    customer = company.pool_customer()
    gone(company, "PreviewClock")
    shown = preview(company, customer)
    assert shown.allowed
    assert shown.deadline_unavailable
    assert shown.left_after_count == shown.quota.left_count - 1
    assert not shown.HasField("first_deadline")
