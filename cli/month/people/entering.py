"""New customers enter: the pool is filled, reps check, submit and claim."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from crm.customers.v1 import customers_pb2 as customers
from crm.ownership.v1 import ownership_pb2 as ownership
from crm.review.v1 import review_pb2 as review

from cli.month.company import FORM, Company
from cli.month.days import Act, Day, spread

BATCH = 200
CATEGORIES = ("intended",) * 8 + ("expired_member",) * 2


def fill_pool(company: Company, count: int, who: str) -> list[str]:
    """Customer Service imports complete records into the pool; return their ids."""
    found: list[str] = []
    while len(found) < count:
        request = customers.ImportCustomersRequest()
        for name in company.new_names(min(BATCH, count - len(found))):
            category = company.random.choice(CATEGORIES)
            if company.random.random() < ONLINE:
                category = "online"
            request.rows.add(full_name=name, category=category, **FORM)
        answer = company.ask(who, company.platform.customers.ImportCustomers, request)
        found += [row.customer_id for row in answer.rows if row.accepted]
        company.platform.settle()
    return found


ONLINE = 0.06
"""The share of online members among the imported customers."""


def take_at_once(company: Company, customer_ids: list[str]) -> None:
    """Every rep takes a like number of customers out of the pool, while no review is asked for."""
    reps = company.role("sales_rep")
    for number, customer_id in enumerate(customer_ids):
        who = reps[number % len(reps)].staff_id
        request = ownership.ClaimCustomerRequest(customer_id=customer_id)
        company.ask(who, company.platform.ownership.ClaimCustomer, request)
    company.platform.settle()


def acts(company: Company, day: Day) -> Iterator[Act]:
    """Yield what reps enter and claim on a working day."""
    if not day.working:
        return
    reps = company.at_work("sales_rep", day.date)
    chosen = company.random.sample(reps, max(1, len(reps) // 6))
    for at, rep in zip(spread(day, 9, 12, len(chosen)), chosen, strict=True):
        yield Act(at, partial(_enter, company, rep.staff_id))
    chosen = company.random.sample(reps, max(1, len(reps) // 8))
    for at, rep in zip(spread(day, 13, 16, len(chosen)), chosen, strict=True):
        yield Act(at, partial(_claim, company, rep.staff_id))
    yield Act(day.at(9), partial(_import, company, day))
    yield Act(day.at(10), partial(_try_what_is_forbidden, company, day))


def _import(company: Company, day: Day) -> None:
    if day.number % 5 == 0:
        fill_pool(company, max(2, company.size.reps // 4), company.clerk(day.date))


def _enter(company: Company, who: str) -> None:
    submit_new(company, who, next(company.names))


def submit_new(company: Company, who: str, name: str) -> None:
    """Check a name and submit it; now and then something is missing, or it was not checked."""
    form: dict[str, Any] = {"full_name": name, "category": "intended", **FORM}
    whim = company.random.random()
    if whim < 0.06:
        form["business_address"] = "成都市高新区"
    elif whim < 0.1:
        form["phones"] = ["12345"]
    elif whim < 0.14:
        form["hr_lead"] = ""
    check_id = ""
    if whim < 0.94:
        request = customers.CheckDuplicatesRequest(full_name=name)
        answer = company.ask(who, company.platform.customers.CheckDuplicates, request)
        check_id = answer.duplicate_check.check_id
    _submit(company, who, "new_customer", form, check_id=check_id)


def _submit(company: Company, who: str, case_type: str, form: dict[str, Any], **more: Any) -> None:
    request = review.SubmitCaseRequest(case_type=case_type, **more)
    request.form.update(form)
    answer = company.ask(who, company.platform.review.SubmitCase, request)
    if answer:
        company.cases.append((case_type, answer.case.case_id))


def _claim(company: Company, who: str) -> None:
    """Apply for one of the customers that have been in the pool longest."""
    request = ownership.ListPoolRequest(page_size=100)
    pool = company.ask(who, company.platform.ownership.ListPool, request).positions
    free = [one for one in pool if not one.in_case]
    if not free:
        return
    customer = company.random.choice(free)
    form = {} if customer.category else {"category": "intended"}
    _submit(company, who, "pool_claim", form, customer_id=customer.customer_id)


def _try_what_is_forbidden(company: Company, day: Day) -> None:
    """Ask for what the book forbids: another's customer, a claim by a clerk, a wrong mark."""
    reps = company.at_work("sales_rep", day.date)
    mine, other = company.random.sample(reps, 2)
    held = library(company, other.staff_id)
    if held:
        theirs = held[0].customer_id
        _submit(company, mine.staff_id, "pool_claim", {}, customer_id=theirs)
        platform = company.platform
        request = customers.GetCustomerRequest(customer_id=theirs)
        company.ask(mine.staff_id, platform.customers.GetCustomer, request)
        mark = customers.SetMnemonicRequest(customer_id=theirs, mnemonic="20090413删除")
        company.ask(other.staff_id, platform.customers.SetMnemonic, mark)
    pool = company.ask(
        mine.staff_id, company.platform.ownership.ListPool, ownership.ListPoolRequest(page_size=1)
    )
    for one in pool.positions:
        clerk = company.clerk(day.date)
        _submit(company, clerk, "pool_claim", {}, customer_id=one.customer_id)


def library(company: Company, who: str) -> list[ownership.Position]:
    """Return what a person holds, as the person sees it."""
    request = ownership.ListLibraryRequest(staff_id="me", page_size=200)
    answer = company.ask(who, company.platform.ownership.ListLibrary, request)
    return list(answer.positions)
