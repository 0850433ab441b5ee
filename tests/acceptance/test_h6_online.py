"""H-6.6: online customers are maintained every month."""

from datetime import timedelta
from typing import Any

import pytest
from crm.activity.v1 import maintenance_pb2 as m

from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing
from tests.builders import form
from tests.platform import MONDAY
from tests.refusals import refused

UNMAINTAINED = "crm.activity.customer.unmaintained.v1"


@pytest.fixture
def online(company: Company) -> str:
    """Return an online customer of Li's."""
    customer = company.acquire("li")
    company.supplement("zhou", customer, "已成为会员", category="online")
    company.settle()
    return customer


def listed(doing: Doing, who: str, **fields: Any) -> list[tuple[str, str, str]]:
    request = m.ListUnmaintainedCustomersRequest(**fields)
    answer = doing.company.call(who, doing.maintenance.ListUnmaintainedCustomers, request)
    found = answer.unmaintained_customers
    return [(one.customer_id, one.month, one.holder_id) for one in found]


def test_H_6_6a_an_online_customer_without_a_valid_record_is_flagged(
    doing: Doing, online: str
) -> None:
    doing.end_of("2026-03-31")
    (event,) = doing.announced(UNMAINTAINED)
    event.pop("actor")
    assert event == {"customer_id": online, "holder_id": "li", "month": "2026-03"}
    for who in ("li", "sun", "zhou"):
        assert listed(doing, who) == [(online, "2026-03", "li")]
    assert listed(doing, "wang") == []
    (task,) = doing.to_do("li", "unmaintained")
    assert (task.customer_id, task.clause) == (online, "H-6.6a")
    assert "2026-03" in task.zh


def test_H_6_6a_one_valid_record_in_the_month_is_enough(doing: Doing, online: str) -> None:
    doing.follow_up("li", online)
    doing.end_of("2026-03-31")
    assert doing.announced(UNMAINTAINED) == []
    doing.end_of("2026-04-30")
    assert [one["month"] for one in doing.announced(UNMAINTAINED)] == ["2026-04"]


def test_H_6_6a_the_month_ends_at_midnight_in_shanghai(doing: Doing, online: str) -> None:
    doing.platform.now = MONDAY.replace(day=31, hour=15, minute=59, second=59)
    doing.follow_up("li", online)
    doing.platform.now += timedelta(seconds=1)
    doing.follow_up("li", online, "四月的第一次维护已经和客户确认了需求")
    doing.end_of("2026-03-31")
    doing.end_of("2026-04-30")
    assert doing.announced(UNMAINTAINED) == []


def test_H_6_6a_a_record_found_faked_later_maintained_nothing(
    company: Company, doing: Doing, online: str
) -> None:
    found = doing.follow_up("li", online)
    doing.end_of("2026-03-31")
    doing.spot_check("zhou", "faked", follow_up_id=found.follow_up_id)
    assert [one["month"] for one in doing.announced(UNMAINTAINED)] == ["2026-03"]
    assert len(doing.to_do("li", "unmaintained")) == 1
    assert [month.month for month in doing.evidence(online, "li").unmaintained_months] == [
        "2026-03"
    ]
    april = doing.follow_up("li", online, "四月的第一次维护已经和客户确认了需求")
    doing.spot_check("zhou", "faked", follow_up_id=april.follow_up_id)
    assert len(doing.announced(UNMAINTAINED)) == 1


def test_H_6_6a_other_customers_and_those_that_nobody_holds_are_not_flagged(
    company: Company, doing: Doing
) -> None:
    company.acquire("li")
    company.pool_customer("成都红岩科技有限公司", category="online")
    doing.end_of("2026-03-31")
    assert doing.announced(UNMAINTAINED) == []


def test_H_6_6a_a_month_is_closed_once(doing: Doing, online: str) -> None:
    for _ in range(3):
        doing.end_of("2026-03-31")
    assert len(doing.announced(UNMAINTAINED)) == 1


def test_H_6_6b_a_note_of_eight_characters_maintains_nothing(doing: Doing, online: str) -> None:
    assert not doing.follow_up("li", online, "电话问候了客户呢").valid
    doing.end_of("2026-03-31")
    assert len(doing.announced(UNMAINTAINED)) == 1
    assert len(doing.to_do("li", "unmaintained")) == 1
    assert doing.follow_up("li", online).valid
    assert doing.to_do("li", "unmaintained") == []


def test_H_6_6c_evidence_names_the_month_and_when_it_was_healed(
    company: Company, doing: Doing, online: str
) -> None:
    doing.end_of("2026-03-31")
    signing = doing.sign("wang", online, "2026-04-01")
    evidence = doing.evidence(online, "li", "wang", signing_id=signing.signing_id)
    (month,) = evidence.unmaintained_months
    assert (month.month, month.holder_id, month.HasField("heal_time")) == ("2026-03", "li", False)
    company.platform.now += timedelta(days=1)
    healing = doing.follow_up("li", online)
    (month,) = doing.evidence(online, "li").unmaintained_months
    assert month.heal_time == healing.record_time


def test_H_6_6d_the_rules_name_the_external_document(doing: Doing) -> None:
    request = m.GetOnlineMaintenanceRequest()
    for who in ("li", "zhou"):
        method = doing.maintenance.GetOnlineMaintenance
        rules = doing.company.call(who, method, request).online_maintenance
        assert (rules.document_id, rules.document_clause) == ("在线客户管理制度", "H-6.6d")
        assert (rules.period, list(rules.categories)) == ("calendar_month", ["online"])


def test_H_6_6d_people_without_a_part_in_it_do_not_read_them(doing: Doing) -> None:
    doing.company.platform.hire("gu", "顾客", ["guest"])
    told = refused(
        doing.company.call,
        "gu",
        doing.maintenance.GetOnlineMaintenance,
        m.GetOnlineMaintenanceRequest(),
    )
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-6.6d")


def test_evidence_leaves_the_signing_day_out(company: Company, doing: Doing) -> None:
    customer = company.acquire("li", form())
    first = doing.follow_up("li", customer, title="首次")
    company.platform.now = MONDAY + timedelta(days=2)
    second = doing.follow_up("li", customer, "签约当天又上门确认了一遍合同条款和付款方式")
    doing.follow_up("li", customer, "短")
    signing = doing.sign("li", customer, "2026-03-04")
    for exclude, last, counts in ((True, first, (1, 0)), (False, second, (2, 1))):
        found = doing.evidence(
            customer, "li", "wang", signing_id=signing.signing_id, exclude_signing_day=exclude
        )
        li, wang = found.people
        assert li.last_valid.follow_up_id == last.follow_up_id
        assert li.first_valid.title == "首次"
        assert (li.valid_count, li.invalid_count) == counts
        assert (wang.valid_count, wang.HasField("last_valid")) == (0, False)
        assert found.signing == signing
    (before,) = doing.evidence(customer, before_date="2026-03-03").people
    assert (before.staff_id, before.valid_count) == ("li", 1)
