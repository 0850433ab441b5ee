"""Reps sign customers: their own, and now and then a colleague's."""

from collections.abc import Iterator
from functools import partial

from crm.activity.v1 import follow_ups_pb2 as activity

from cli.month.company import Company
from cli.month.days import Act, Day, spread
from cli.month.people.entering import library

A_DAY = 0.03
"""Signings a working day for every rep of the company."""
OTHERS = 0.25
"""The share of signings with a customer in somebody else's library."""

POACHED_ON = 3
"""On this day every signing is with somebody else's customer."""


def acts(company: Company, day: Day) -> Iterator[Act]:
    """Yield the signings of a working day."""
    if not day.working:
        return
    count = max(1, round(company.size.reps * A_DAY))
    for at in spread(day, 14, 18, count):
        yield Act(at, partial(_sign, company, day))


def _sign(company: Company, day: Day) -> None:
    holder, other = company.random.sample(company.at_work("sales_rep", day.date), 2)
    held = library(company, holder.staff_id)
    if not held:
        return
    customer = company.random.choice(held)
    foreign = company.random.random() < OTHERS or day.number == POACHED_ON
    who = (other if foreign else holder).staff_id
    request = activity.RecordSigningRequest(
        customer_id=customer.customer_id,
        staff_id="me",
        sign_date=day.date.isoformat(),
        amount_cents=company.random.randint(20, 400) * 10_000,
    )
    answer = company.ask(who, company.signings.RecordSigning, request)
    if answer and foreign:
        company.disputed.append((customer.customer_id, holder.staff_id, answer.signing.signing_id))
