"""Companies call or ask for a trial; Customer Service checks and routes them."""

from collections.abc import Iterator
from functools import partial

from crm.customers.v1 import customers_pb2 as customers
from crm.ownership.v1 import leads_pb2 as leads
from crm.ownership.v1 import ownership_pb2 as ownership

from cli.month.company import Company
from cli.month.days import Act, Day, spread
from cli.month.people.entering import library, submit_new

A_DAY = 0.06
"""Leads a day for every rep of the company."""


def acts(company: Company, day: Day) -> Iterator[Act]:
    """Yield the leads of a day; the telephone rings on every day of the week."""
    count = max(1, round(company.size.reps * A_DAY * (1 if day.working else 0.5)))
    for at in spread(day, 10, 18, count):
        yield Act(at, partial(_ring, company, day))


def _ring(company: Company, day: Day) -> None:
    """Somebody calls: of a library, of the pool, or a company that nobody knows."""
    clerk = company.clerk(day.date)
    whim = company.random.random()
    if whim < 0.4:
        rep = company.random.choice(company.at_work("sales_rep", day.date)).staff_id
        known = [one.full_name for one in library(company, rep)]
    elif whim < 0.75:
        first = ownership.ListPoolRequest(page_size=50)
        pool = company.ask(clerk, company.platform.ownership.ListPool, first).positions
        known = [one.full_name for one in pool if not one.in_case]
    else:
        known = []
    name = company.random.choice(known) if known else next(company.names)
    check = customers.CheckDuplicatesRequest(full_name=name)
    checked = company.ask(clerk, company.platform.customers.CheckDuplicates, check)
    request = leads.RouteLeadRequest(
        kind=company.random.choice((leads.LEAD_KIND_CALL, leads.LEAD_KIND_TRIAL)),
        full_name=name,
        contact="何小姐",
        phone="028-85551234",
        note="想了解会员服务",
        check_id="" if whim > 0.98 else checked.duplicate_check.check_id,
        not_listed=not known,
    )
    answer = company.ask(clerk, company.platform.leads.RouteLead, request)
    if answer and answer.lead.route == leads.LEAD_ROUTE_NEW_TO_DUTY:
        submit_new(company, answer.lead.staff_id, name)
