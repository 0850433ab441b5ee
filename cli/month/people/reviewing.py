"""Customer Service and superiors decide the cases that wait for them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from crm.review.v1 import review_pb2 as review

from cli.month.company import Company
from cli.month.days import Act, Day

REASON = "已核对。Verified."


def acts(company: Company, day: Day) -> Iterator[Act]:
    """Yield the hours at which queues are worked off."""
    if not day.working:
        return
    for hour in (11, 14, 17):
        yield Act(day.at(hour), partial(_customer_service, company, day))
    yield Act(day.at(16, 30), partial(_superiors, company, day))


def _customer_service(company: Company, day: Day) -> None:
    clerks = [one.staff_id for one in company.at_work("customer_service", day.date)]
    for number, case in enumerate(queue(company, clerks[0])):
        decide(company, clerks[number % len(clerks)], case)
    company.platform.settle()


def _superiors(company: Company, day: Day) -> None:
    for role in ("supervisor", "manager", "sales_manager", "general_manager", "hr"):
        for one in company.at_work(role, day.date):
            for case in queue(company, one.staff_id):
                decide(company, one.staff_id, case)
        company.platform.settle()


def queue(company: Company, who: str) -> list[review.Case]:
    """Return the cases that wait for a person."""
    request = review.ListCasesRequest(page_size=200)
    answer = company.ask(who, company.platform.review.ListCases, request)
    return list(answer.cases)


def decide(company: Company, who: str, case: review.Case) -> None:
    """Take a case and decide it by its evidence; now and then a consent is not given."""
    platform = company.platform
    take = review.TakeCaseRequest(case_id=case.case_id)
    if not company.ask(who, platform.review.TakeCase, take):
        return
    request = review.DecideCaseRequest(
        case_id=case.case_id, verdict=review.VERDICT_APPROVE, reason=REASON
    )
    incomplete = list(_findings(case, "incomplete"))
    for check in case.checks:
        request.checks[check] = not (check == "complete" and incomplete)
    for ask in case.asks:
        request.answers[ask.name] = _answer(company, ask.name)
    unwilling = not case.checks and case.case_type == "release" and company.random.random() < 0.1
    if incomplete or unwilling:
        request.verdict = review.VERDICT_REJECT
        request.reason = f"缺少资料：{', '.join(incomplete)}" if incomplete else "请继续跟进。"
    company.ask(who, platform.review.DecideCase, request)


def _answer(company: Company, name: str) -> str:
    """Return what the decider states: somebody who wins, or a name for it."""
    if name.endswith("_id"):
        return company.random.choice(company.role("sales_rep")).staff_id
    return "月度攻坚奖"


def _findings(case: review.Case, kind: str) -> list[Any]:
    found: Any = case.evidence.fields.get("findings")
    listed = found.struct_value.fields.get(kind) if found else None
    return [item.string_value for item in listed.list_value.values] if listed else []
