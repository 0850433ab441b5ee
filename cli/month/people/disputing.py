"""Whose performance a signing is, and which of two records is the customer."""

from collections.abc import Iterator
from functools import partial

from crm.customers.v1 import customers_pb2 as customers
from crm.ownership.v1 import rulings_pb2 as rulings

from cli.month.company import FORM, Company
from cli.month.days import Act, Day
from cli.month.people.entering import library

DUPLICATE_ON = 4
APPEALED = 0.15


def acts(company: Company, day: Day) -> Iterator[Act]:
    """Yield the disputes that holders raise on a working day, a duplicate report, and appeals."""
    if not day.working:
        return
    yield Act(day.at(9, 30), partial(_raise, company))
    yield Act(day.at(16), partial(_appeal, company, day))
    if day.number == DUPLICATE_ON:
        yield Act(day.at(10), partial(_report_duplicate, company, day))


def _raise(company: Company) -> None:
    """The holder of a customer that a colleague signed claims the performance."""
    for _, holder, signing_id in company.disputed:
        request = rulings.RaiseDisputeRequest(signing_id=signing_id, note="客户在我的小库。")
        if holder not in company.gone:
            company.ask(holder, company.rulings.RaiseDispute, request)
    company.disputed.clear()


def _appeal(company: Company, day: Day) -> None:
    """Now and then somebody who lost appeals."""
    request = rulings.ListDisputesRequest(state=rulings.DISPUTE_STATE_RULED, page_size=50)
    answer = company.ask(company.clerk(day.date), company.rulings.ListDisputes, request)
    for dispute in answer.disputes if answer else ():
        losers = [one for one in dispute.parties if one != dispute.ruling.winner_id]
        if losers and losers[0] not in company.gone and company.random.random() < APPEALED:
            appeal = rulings.AppealRulingRequest(dispute_id=dispute.dispute_id, reason="有记录。")
            company.ask(losers[0], company.rulings.AppealRuling, appeal)


def _report_duplicate(company: Company, day: Day) -> None:
    """A holder finds her customer in the pool under another name, and reports it."""
    rep = company.random.choice(company.at_work("sales_rep", day.date)).staff_id
    held = library(company, rep)
    if not held:
        return
    form, other = ("有限公司", "有限责任公司")
    name = held[0].full_name
    copy = name.replace(form, other) if form in name else name.replace(other, form)
    request = customers.ImportCustomersRequest()
    request.rows.add(full_name=copy, category="intended", **FORM)
    clerk = company.clerk(day.date)
    rows = company.ask(clerk, company.platform.customers.ImportCustomers, request).rows
    company.platform.settle()
    if rows[0].accepted:
        report = rulings.ReportDuplicateRequest(
            customer_id=held[0].customer_id, other_customer_id=rows[0].customer_id
        )
        company.ask(rep, company.rulings.ReportDuplicate, report)
