"""H-6.7d: customers without a valid visit record for five working days are reclaimed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import runs_pb2 as t
from google.protobuf import json_format

from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing
from tests.builders import variant
from tests.platform import MONDAY, haixin
from tests.refusals import refused
from tests.service.ownership.freezing import freeze, thaw
from tests.service.ownership.scheduling import hold_many, newest, reclaim, resume

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUE = datetime(2026, 3, 10, tzinfo=SHANGHAI)
"""The end of the fifth working day after Monday 2026-03-02."""
RUN = DUE + timedelta(minutes=5)


@pytest.fixture
def customer(company: Company) -> str:
    """Return a customer that Li protected on Monday 2026-03-02."""
    found = company.acquire("li")
    company.settle()
    return found


def at(text: str) -> datetime:
    """Return a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_H_6_7d_without_a_valid_record_it_is_reclaimed(company: Company, customer: str) -> None:
    shown = company.library("li")[customer].due_time.ToDatetime(tzinfo=SHANGHAI)
    assert shown == DUE
    company.platform.pass_to(DUE - timedelta(seconds=1))
    assert company.position(customer).holder_id == "li"
    company.platform.pass_to(RUN)
    run = newest(company)
    assert (dict(run.counts), run.date) == ({"reclaimed": 1}, "2026-03-10")
    position = company.position(customer)
    assert (position.location, position.holder_id) == (h.LOCATION_AWAITING_DISTRIBUTION, "")
    decision = company.decisions("ownership", customer)[0]
    facts = json_format.MessageToDict(decision.facts)
    assert (decision.action, decision.clause) == ("reclaimed", "H-6.7d")
    assert datetime.fromisoformat(facts["due_time"]) == shown
    assert company.quota("li").used_count == 0


def test_H_6_7d_a_valid_record_of_the_last_day_prevents_it(
    company: Company, doing: Doing, customer: str
) -> None:
    company.platform.pass_to(at("2026-03-09T17:00"))
    doing.follow_up("li", customer)
    company.platform.pass_to(RUN)
    assert company.position(customer).holder_id == "li"
    shown = company.library("li")[customer].due_time.ToDatetime(tzinfo=SHANGHAI)
    assert shown == at("2026-03-17")
    company.platform.pass_to(at("2026-03-17T00:05"))
    assert company.position(customer).holder_id == ""


def test_H_6_7d_a_record_counts_before_its_message_arrives(
    company: Company, doing: Doing, customer: str
) -> None:
    company.platform.wait_until(DUE - timedelta(milliseconds=1))
    doing.follow_up("li", customer)
    company.platform.now = RUN
    reclaim(company)
    assert dict(newest(company).counts) == {"kept": 1}
    assert company.position(customer).holder_id == "li"


@pytest.mark.parametrize("late", [0, 1, 240_000])
def test_H_6_7d_a_record_from_the_deadline_on_is_too_late(
    company: Company, doing: Doing, customer: str, late: int
) -> None:
    company.platform.wait_until(DUE - timedelta(seconds=1))
    company.platform.now = DUE + timedelta(milliseconds=late)
    doing.follow_up("li", customer)
    company.platform.settle()
    company.platform.pass_to(RUN)
    assert company.position(customer).holder_id == ""


def test_H_6_7d_an_invalid_record_does_not_prevent_it(
    company: Company, doing: Doing, customer: str
) -> None:
    company.platform.pass_to(at("2026-03-09T17:00"))
    assert not doing.follow_up("li", customer, content="没人").valid
    company.platform.pass_to(RUN)
    assert dict(newest(company).counts) == {"reclaimed": 1}


def test_H_6_7d_online_members_are_not_reclaimed(company: Company, customer: str) -> None:
    company.supplement("zhou", customer, "续约", category="online")
    company.settle()
    shown = company.library("li")[customer]
    assert (shown.HasField("due_time"), shown.reclaim_exempt) == (False, True)
    company.platform.pass_to(RUN)
    assert company.position(customer).holder_id == "li"


def test_H_6_7d_a_frozen_customer_stays_and_its_clock_stands_still(
    company: Company, customer: str
) -> None:
    company.platform.pass_to(at("2026-03-06T12:00"))
    freeze(company, [customer])
    company.settle()
    shown = company.library("li")[customer]
    assert (shown.HasField("due_time"), shown.frozen) == (False, True)
    company.platform.pass_to(at("2026-03-16T12:00"))
    thaw(company, [customer])
    company.settle()
    due = company.library("li")[customer].due_time.ToDatetime(tzinfo=SHANGHAI)
    assert due > at("2026-03-17")
    company.platform.pass_to(due + timedelta(minutes=5))
    assert company.position(customer).holder_id == ""


def test_H_6_7d_too_many_at_once_wait_for_a_manager(company: Company) -> None:
    hold_many(company, "li", 30, due=DUE)
    company.platform.hire("liu", "刘经理", ["manager"])
    company.platform.pass_to(RUN)
    run = newest(company)
    assert run.state == t.RUN_STATE_STOPPED
    assert len(company.library("li")) == 30
    assert refused(resume, company, run.run_id, "zhou").clause == "H-6.7d"
    resume(company, run.run_id, "liu")
    company.platform.tick()
    assert company.library("li") == {}


def test_H_6_7c_with_spot_checks_alone_nothing_is_reclaimed_by_time(
    company: Company, customer: str
) -> None:
    company.platform.apply(variant(haixin(), reclaim__mode="spot_check"), MONDAY)
    assert not company.library("li")[customer].HasField("due_time")
    company.platform.pass_to(RUN)
    assert company.position(customer).holder_id == "li"
