"""H-6.3e-g and the entry of H-6.3: which visit records count."""

from datetime import timedelta

import pytest
from crm.activity.v1 import follow_ups_pb2 as a

from tests.acceptance.actions import Company
from tests.acceptance.doing import GOOD, Doing, moment, reasons, stamp
from tests.builders import company_name, form, variant
from tests.platform import MONDAY, haixin
from tests.refusals import refused
from tests.uploads import uploaded

FIFTEEN = "今天上门拜访了人事经理谈了续约"


@pytest.fixture
def customer(company: Company) -> str:
    """Return a customer of Li's."""
    return company.acquire("li")


def test_H_6_3a_a_record_counts_from_when_it_was_recorded(doing: Doing, customer: str) -> None:
    yesterday = MONDAY - timedelta(days=1)
    found = doing.follow_up("li", customer, happen_time=stamp(yesterday))
    assert moment(found.happen_time) == yesterday
    assert moment(found.record_time) == MONDAY
    (event,) = doing.announced("crm.activity.follow_up.recorded.v1")
    assert event["record_time"] == event["last_valid_time"] == MONDAY.isoformat()


@pytest.mark.parametrize(
    "hours, reason", [(0.001, "HAPPEN_TIME_FUTURE"), (-72.001, "HAPPEN_TIME_TOO_OLD")]
)
def test_H_6_3a_no_record_of_the_future_nor_of_long_ago(
    doing: Doing, customer: str, hours: float, reason: str
) -> None:
    when = stamp(MONDAY + timedelta(hours=hours))
    told = refused(doing.follow_up, "li", customer, happen_time=when)
    assert (told.reason, told.clause) == (reason, "H-6.3a")
    assert doing.list_follow_ups("li") == []


def test_H_6_3e_twenty_characters_without_a_title_are_stored_and_invalid(
    doing: Doing, customer: str
) -> None:
    found = doing.follow_up("li", customer, FIFTEEN + "五个字呢吧", title="")
    assert (found.valid, reasons(found)) == (False, [("TITLE_MISSING", "H-6.3e")])
    (listed,) = doing.list_follow_ups("li", customer_id=customer)
    assert listed == found
    assert doing.list_follow_ups("li", validity=a.VALIDITY_VALID) == []
    assert doing.list_follow_ups("li", validity=a.VALIDITY_INVALID) == [found]
    (event,) = doing.announced("crm.activity.follow_up.recorded.v1")
    assert (event["valid"], event["reasons"]) == (False, ["TITLE_MISSING"])
    assert event["last_valid_time"] == ""


def test_H_6_3e_a_title_without_content_is_invalid(doing: Doing, customer: str) -> None:
    found = doing.follow_up("li", customer, "")
    assert reasons(found) == [("CONTENT_MISSING", "H-6.3e")]


def test_H_6_3f_fourteen_characters_and_six_punctuation_marks_are_too_few(
    doing: Doing, customer: str
) -> None:
    found = doing.follow_up("li", customer, FIFTEEN[:14] + "，。！？；：")
    assert reasons(found) == [("CONTENT_SHORT", "H-6.3f")]
    assert "14" in found.reasons[0].zh
    assert doing.follow_up("li", customer, "，".join(FIFTEEN) + "。").valid


def test_H_6_3f_the_number_is_a_parameter(company: Company) -> None:
    doing = Doing(Company(variant(haixin(), followup__min_chars=3)))
    held = doing.company.acquire("li")
    assert doing.follow_up("li", held, "谈妥了").valid
    assert not doing.follow_up("li", held, "谈妥").valid


def test_H_6_3g_the_same_text_is_invalid_for_one_customer_and_valid_for_another(
    company: Company, doing: Doing, customer: str
) -> None:
    other = company.acquire("li", form(company_name(1)))
    first = doing.follow_up("li", customer)
    again = doing.follow_up("li", customer, " ".join(GOOD) + "！", title="另一个题目")
    assert reasons(again) == [("CONTENT_REPEATED", "H-6.3g")]
    assert again.resembles_id == first.follow_up_id
    assert doing.follow_up("li", other).valid
    assert doing.announced("crm.activity.follow_up.recorded.v1")[1]["last_valid_time"] == (
        MONDAY.isoformat()
    )


def test_H_6_3g_a_colleagues_record_counts_as_well(
    company: Company, doing: Doing, customer: str
) -> None:
    doing.follow_up("li", customer)
    company.release("li", customer)
    company.platform.apply(variant(haixin(), release__route="public_pool"), company.platform.now)
    hand_over(company, customer)
    own = variant(haixin(), followup__identical_scope="customer_same_author_normalised")
    company.platform.apply(own, company.platform.now)
    assert doing.follow_up("wang", customer, validate_only=True).valid
    company.platform.apply(haixin(), company.platform.now)
    assert reasons(doing.follow_up("wang", customer)) == [("CONTENT_REPEATED", "H-6.3g")]


def hand_over(company: Company, customer: str) -> None:
    """Let Wang hold a customer that Li gave up."""
    body = {"location": "private_library", "holder_id": "wang", "counted": True}
    parts = company.platform.parts["ownership"]
    position = parts.service.metadata.tables["position"]
    moved = position.update().where(position.c.customer_id == customer).values(**body)
    parts.database.run(lambda connection: connection.execute(moved))


def test_H_6_3g_a_record_that_is_nearly_the_same_is_valid_and_flagged(
    doing: Doing, customer: str
) -> None:
    first = doing.follow_up("li", customer)
    near = doing.follow_up("li", customer, GOOD + "啊")
    assert near.valid
    assert [(flag.reason, flag.clause) for flag in near.flags] == [("CONTENT_RESEMBLES", "H-6.3g")]
    assert near.resembles_id == first.follow_up_id
    assert [f.follow_up_id for f in doing.list_follow_ups("zhou", flagged=True)] == [
        near.follow_up_id
    ]


def test_H_6_3e_validity_can_be_asked_before_saving(doing: Doing, customer: str) -> None:
    found = doing.follow_up("li", customer, "太短", title="", validate_only=True)
    assert [reason for reason, _ in reasons(found)] == ["TITLE_MISSING", "CONTENT_SHORT"]
    assert found.follow_up_id == ""
    assert doing.follow_up("li", customer, validate_only=True).valid
    assert doing.list_follow_ups("li") == []
    assert doing.follow_up("li", customer).valid


def test_H_3_1a_a_company_that_is_no_customer_takes_no_record(doing: Doing) -> None:
    told = refused(doing.follow_up, "li", "nowhere")
    assert (told.reason, told.code) == ("CUSTOMER_UNKNOWN", "NOT_FOUND")
    assert "H-3.1a" in told.clause
    assert doing.list_follow_ups("li") == []


def test_H_4_4_contact_is_recorded_only_after_review_has_admitted_the_customer(
    company: Company, doing: Doing
) -> None:
    case_id = company.submit("wang", form()).case.case_id
    told = refused(doing.follow_up, "wang", case_id)
    assert "H-4.4" in told.clause
    held = company.approve(case_id).customer_id
    assert doing.follow_up("wang", held).valid


def test_H_2_2f_only_the_holder_records(company: Company, doing: Doing, customer: str) -> None:
    for who in ("wang", "sun"):
        told = refused(doing.follow_up, who, customer)
        assert (told.reason, told.clause) == ("NOT_HELD", "H-2.2f")
    assert refused(doing.follow_up, "zhou", customer).code == "PERMISSION_DENIED"
    pooled = company.pool_customer(company_name(2))
    assert refused(doing.follow_up, "li", pooled).reason == "NOT_HELD"


def test_H_2_2f_follow_ups_are_seen_by_author_holder_and_reviewers(
    company: Company, doing: Doing, customer: str
) -> None:
    found = doing.follow_up("li", customer)
    company.platform.hire("ma", "马主管", ["supervisor"], team="2")
    company.settle()
    for who in ("li", "sun", "zhou"):
        assert doing.read_follow_up(who, found.follow_up_id) == found
        assert doing.list_follow_ups(who, customer_id=customer) == [found]
    for who in ("wang", "ma"):
        told = refused(doing.read_follow_up, who, found.follow_up_id)
        assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-2.2f")
        assert GOOD not in told.text
        assert doing.list_follow_ups(who, customer_id=customer) == []


def test_H_2_2f_a_new_holder_sees_what_was_done_before(
    company: Company, doing: Doing, customer: str
) -> None:
    found = doing.follow_up("li", customer)
    to_pool = variant(haixin(), release__route="public_pool")
    company.platform.apply(to_pool, company.platform.now)
    company.release("li", customer)
    company.approve(company.claim("wang", customer).case_id)
    assert doing.list_follow_ups("wang", customer_id=customer) == [found]
    assert doing.list_follow_ups("li", author_id="me") == [found]


SECOND = "第二次上门确认了付款时间和开票的信息"


def flags_of(found: a.FollowUp) -> list[tuple[str, str, str, str]]:
    return [(one.reason, one.clause, one.field, one.follow_up_id) for one in found.flags]


def test_H_6_3g_a_photo_of_another_visit_is_flagged_whoever_sends_it(
    company: Company, doing: Doing, customer: str
) -> None:
    other = company.acquire("wang", form(company_name(1)))
    first = doing.follow_up("li", customer, attachments=[uploaded(doing.platform, "li")])
    assert flags_of(first) == []
    photos = [uploaded(doing.platform, "wang", 2), uploaded(doing.platform, "wang", 1)]
    again = doing.follow_up("wang", other, attachments=photos)
    assert again.valid
    wanted = ("ATTACHMENT_REUSED", "H-6.3g", "attachments[1]", first.follow_up_id)
    assert flags_of(again) == [wanted]
    assert "门头.jpg" in again.flags[0].zh
    assert [one.follow_up_id for one in doing.list_follow_ups("zhou", flagged=True)] == [
        again.follow_up_id
    ]
    third = doing.follow_up("li", customer, SECOND, attachments=[uploaded(doing.platform, "li")])
    assert flags_of(third) == [(*wanted[:2], "attachments[0]", first.follow_up_id)]
