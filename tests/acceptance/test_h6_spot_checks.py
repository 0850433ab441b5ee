"""H-6.7c and H-4.5f: Customer Service looks at records and calls; H-4.5b: at a week's calls."""

import pytest
from crm.activity.v1 import conduct_pb2 as k

from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing, moment, reasons
from tests.platform import MONDAY
from tests.refusals import refused

CHECKED = "crm.activity.spot_check.recorded.v1"
VOIDED = "crm.activity.follow_up.voided.v1"


def test_H_4_5f_a_faked_call_is_kept_with_evidence_and_author(doing: Doing) -> None:
    found = doing.spot_check("zhou", "faked", "录音为空号", staff_id="li", call_reference="通话 7")
    listed = doing.company.call("zhou", doing.conduct.ListSpotChecks, k.ListSpotChecksRequest())
    assert [one.staff_name for one in listed.spot_checks] == ["李雷"]
    found.staff_name = "李雷"
    assert list(listed.spot_checks) == [found]
    assert (found.evidence, found.checker_id, found.staff_id) == ("录音为空号", "zhou", "li")
    (event,) = doing.announced(CHECKED)
    assert (event["staff_id"], event["kind"], event["result"]) == ("li", "call", "faked")
    assert event["check_date"] == "2026-03-02"


@pytest.mark.parametrize("who", ["li", "wang", "sun"])
def test_H_4_5f_only_customer_service_checks(doing: Doing, who: str) -> None:
    told = refused(doing.spot_check, who, "faked", staff_id="li")
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-4.5f, H-6.7c")


def test_H_4_5f_a_bad_result_needs_its_evidence(doing: Doing) -> None:
    told = refused(doing.spot_check, "zhou", "faked", "  ", staff_id="li")
    assert (told.reason, told.clause) == ("EVIDENCE_REQUIRED", "H-4.5f, H-6.7c")
    assert doing.spot_check("zhou", "genuine", "", staff_id="li").result


@pytest.mark.parametrize("result", ["faked", "substandard"])
def test_H_6_7c_a_record_that_fails_is_void_and_stays(
    company: Company, doing: Doing, result: str
) -> None:
    customer = company.acquire("li")
    first = doing.follow_up("li", customer)
    company.platform.now = later = MONDAY.replace(hour=5)
    second = doing.follow_up("li", customer, "下午又去了一次并且和总经理谈了合同的细节")
    doing.spot_check("zhou", result, follow_up_id=second.follow_up_id)
    found = doing.read_follow_up("li", second.follow_up_id)
    assert (found.valid, reasons(found)) == (False, [("VOIDED_BY_CHECK", "H-6.7c")])
    assert moment(found.void_time) == later
    (event,) = doing.announced(VOIDED)
    assert event["last_valid_time"] == moment(first.record_time).isoformat()
    doing.spot_check("zhou", result, follow_up_id=second.follow_up_id)
    doing.spot_check("zhou", result, follow_up_id=first.follow_up_id)
    assert [one["last_valid_time"] for one in doing.announced(VOIDED)][1:] == [""]


def test_H_6_7c_a_genuine_record_keeps_counting(company: Company, doing: Doing) -> None:
    found = doing.follow_up("li", company.acquire("li"))
    doing.spot_check("zhou", "genuine", follow_up_id=found.follow_up_id)
    assert doing.read_follow_up("li", found.follow_up_id).valid
    assert doing.announced(VOIDED) == []


def days(doing: Doing, who: str = "zhou") -> list[tuple[str, int, bool]]:
    request = k.ListSpotCheckDaysRequest()
    answer = doing.company.call(who, doing.conduct.ListSpotCheckDays, request)
    return [(day.date, day.check_count, day.missed) for day in answer.spot_check_days]


def test_H_6_7c_a_day_without_a_check_shows_as_missed(company: Company, doing: Doing) -> None:
    doing.spot_check("zhou", "genuine", staff_id="li")
    doing.end_of("2026-03-02")
    assert days(doing) == [("2026-03-02", 0, True)]
    (task,) = doing.to_do("chen", "spot_check_missed")
    assert "2026-03-02" in task.zh
    assert task.clause == "H-6.7c"
    found = doing.follow_up("li", company.acquire("li"))
    doing.spot_check("zhou", "genuine", follow_up_id=found.follow_up_id)
    doing.end_of("2026-03-03")
    assert days(doing) == [("2026-03-03", 1, False), ("2026-03-02", 0, True)]
    assert len(doing.to_do("zhou", "spot_check_missed")) == 1


def test_H_6_7c_the_report_is_customer_services(doing: Doing) -> None:
    doing.end_of("2026-03-02")
    told = refused(days, doing, "li")
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-6.7c")


def test_H_4_5b_a_weeks_calls_are_assessed_and_corrected_by_a_newer_record(doing: Doing) -> None:
    method = doing.conduct.RecordCallAssessment
    for passed in (True, False):
        request = k.RecordCallAssessmentRequest(
            staff_id="li", week_start="2026-02-23", passed=passed, call_count=80, target_count=100
        )
        doing.company.call("zhou", method, request)
    events = doing.announced("crm.activity.call_assessment.recorded.v1")
    assert [(one["staff_id"], one["week_start"], one["passed"]) for one in events] == [
        ("li", "2026-02-23", True),
        ("li", "2026-02-23", False),
    ]
    listed = doing.company.call(
        "li", doing.conduct.ListCallAssessments, k.ListCallAssessmentsRequest()
    ).call_assessments
    assert [(one.passed, one.replaced) for one in listed] == [(False, False), (True, True)]


@pytest.mark.parametrize("week", ["2026-02-24", "2026-03-09", "2026-W09", "20260223"])
def test_H_4_5b_a_week_is_named_by_its_monday(doing: Doing, week: str) -> None:
    request = k.RecordCallAssessmentRequest(staff_id="li", week_start=week, passed=True)
    told = refused(doing.company.call, "zhou", doing.conduct.RecordCallAssessment, request)
    assert told.reason == "WEEK_START_INVALID"
    request.week_start = "2026-02-23"
    told = refused(doing.company.call, "li", doing.conduct.RecordCallAssessment, request)
    assert (told.code, told.clause) == ("PERMISSION_DENIED", "H-4.5b")
