"""Customer Service assesses calls, spot-checks what reps recorded, and confirms violations."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from crm.activity.v1 import conduct_pb2 as conduct
from crm.activity.v1 import follow_ups_pb2 as activity

from cli.month.company import Company
from cli.month.days import Act, Day, spread

PASSED = 0.85
CHECKS_A_DAY = 0.05
"""Spot checks a working day for every rep of the company."""
VIOLATIONS_A_DAY = 0.004
EVIDENCE = "电话回访核实"


def acts(company: Company, day: Day) -> Iterator[Act]:
    """Yield Monday's assessments of the week before, and the spot checks of a working day."""
    if day.date.weekday() == 0:
        yield Act(day.at(0, 10), partial(assess_calls, company, day.date))
    if not day.working:
        return
    count = max(1, round(company.size.reps * CHECKS_A_DAY))
    for number, at in enumerate(spread(day, 15, 18, count)):
        check = _check_call if number % 3 == 2 else _check_follow_up
        yield Act(at, partial(check, company, day))
    for rep in company.at_work("sales_rep", day.date):
        if company.random.random() < VIOLATIONS_A_DAY or rep.staff_id == company.culprit(day):
            yield Act(day.at(16), partial(_confirm_violation, company, day, rep.staff_id))


def assess_calls(company: Company, monday: date) -> None:
    """Customer Service records who passed the call assessment of the week before `monday`."""
    clerk = company.clerk(monday)
    for rep in company.role("sales_rep"):
        passed = company.random.random() < PASSED
        request = conduct.RecordCallAssessmentRequest(
            staff_id=rep.staff_id,
            week_start=(monday - timedelta(days=7)).isoformat(),
            passed=passed,
            call_count=company.random.randint(100, 160) if passed else 60,
            target_count=100,
        )
        company.ask(clerk, company.conduct.RecordCallAssessment, request)


def _check_follow_up(company: Company, day: Day) -> None:
    """Look at one of the newest valid follow-ups: most are genuine."""
    clerk = company.clerk(day.date)
    newest = activity.ListFollowUpsRequest(validity=activity.VALIDITY_VALID, page_size=30)
    found = company.ask(clerk, company.follow_ups.ListFollowUps, newest).follow_ups
    if not found:
        return
    whim = company.random.random()
    request = conduct.RecordSpotCheckRequest(
        kind=conduct.SPOT_CHECK_KIND_FOLLOW_UP,
        follow_up_id=company.random.choice(found).follow_up_id,
        result=conduct.SPOT_CHECK_RESULT_GENUINE
        if whim < 0.8
        else conduct.SPOT_CHECK_RESULT_SUBSTANDARD
        if whim < 0.95
        else conduct.SPOT_CHECK_RESULT_FAKED,
        evidence=EVIDENCE,
    )
    company.ask(clerk, company.conduct.RecordSpotCheck, request)


def _check_call(company: Company, day: Day) -> None:
    rep = company.random.choice(company.at_work("sales_rep", day.date))
    faked = company.random.random() < 0.06
    request = conduct.RecordSpotCheckRequest(
        kind=conduct.SPOT_CHECK_KIND_CALL,
        staff_id=rep.staff_id,
        call_reference=f"{day.date:%Y%m%d}-{company.random.randrange(10_000):04}",
        result=conduct.SPOT_CHECK_RESULT_FAKED if faked else conduct.SPOT_CHECK_RESULT_GENUINE,
        evidence=EVIDENCE,
    )
    company.ask(company.clerk(day.date), company.conduct.RecordSpotCheck, request)


def _confirm_violation(company: Company, day: Day, who: str) -> None:
    """Confirm a breach; now and then the clerk cannot say of which rule."""
    named = company.random.random() < 0.9
    request = conduct.ConfirmViolationRequest(
        staff_id=who,
        clause=company.random.choice(("H-3.1b", "H-6.4b", "H-4.5f")) if named else "",
        evidence="未查重即对外承诺。",
    )
    company.ask(company.clerk(day.date), company.conduct.ConfirmViolation, request)
