"""New customers enter: checks, submissions, imports and claims."""

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm.customers.v1 import customers_pb2 as customers
from crm.ownership.v1 import ownership_pb2 as ownership
from crm.review.v1 import review_pb2 as review

from tests.simulation.companies import COMPANIES, company_of
from tests.simulation.packs import VARIANTS
from tests.simulation.people.asking import (
    CATEGORIES,
    REVIEWERS,
    any_company,
    any_customer,
    any_rep,
    command,
    known_companies,
    mostly,
    with_room,
)
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")


def check(world: "World") -> Command:
    """A rep checks a company for duplicates."""
    return check_as(world, any_rep(world))


def check_as(world: "World", who: str) -> Command:
    """Somebody checks a company for duplicates."""
    company = any_company(world)
    name, contact = world.random.choice(company.spellings)
    request = customers.CheckDuplicatesRequest(
        full_name=name, industry_kind=company.kind, contact=contact
    )
    return command(world, f"checks {name}", world.customers.CheckDuplicates, request, who)


def submit(world: "World") -> Command:
    """A rep submits a company that was checked before, perhaps written otherwise."""
    who = world.random.choice(with_room(world))
    checks = world.rows["customers"].all(
        "SELECT check_id, full_name FROM duplicate_check WHERE checker_id = ? OR ?"
        " ORDER BY checked_at DESC, check_id LIMIT 6",
        who,
        world.chance(0.05),
    )
    if not world.chance(0.15):
        known = {company.number for company in known_companies(world)}
        checks = [
            row for row in checks if (c := company_of(row[1])) is None or c.number not in known
        ]
    if not checks:
        return check(world)
    check_id, name = world.random.choice(checks)
    company = company_of(name) or world.random.choice(COMPANIES)
    form = company.form(world.random, world.random.choice(CATEGORIES))
    if world.chance(0.1):
        form[world.random.choice(("business_address", "hr_lead", "category"))] = ""
    request = review.SubmitCaseRequest(case_type="new_customer", check_id=check_id)
    request.form.update(form)
    return command(world, f"submits {name}", world.review.SubmitCase, request, who)


def bring_into_pool(world: "World") -> Command:
    """Customer Service, or somebody who may not, imports a few companies into the pool."""
    request = customers.ImportCustomersRequest(validate_only=world.chance(0.05))
    for company in (any_company(world) for _ in range(world.random.randint(1, 2))):
        form = company.form(world.random, world.random.choice((*CATEGORIES, "")))
        if world.chance(0.3):
            form |= {"business_address": "", "hr_lead": "", "phones": []}
        request.rows.add(**form)
    who = mostly(world, REVIEWERS)
    return command(world, "imports", world.customers.ImportCustomers, request, who)


def claim_by_case(world: "World") -> Command:
    """A rep submits a claim, with amendments that put the record right or wrong."""
    customer_id, form = any_customer(world, "public_pool")
    if not form and not world.chance(0.1):
        return bring_into_pool(world)
    amendments: dict[str, Any] = {}
    if form and world.chance(0.9):
        amendments = form.form(world.random, world.random.choice(CATEGORIES))
        if form.kind == "general" and world.chance(0.25):
            other = world.random.choice([c for c in COMPANIES if c.kind == "general"])
            amendments["full_name"] = world.random.choice(other.spellings)[0]
    request = review.SubmitCaseRequest(case_type="pool_claim", customer_id=customer_id)
    request.form.update(amendments)
    request.remarks = world.random.choice(("", "资料已核实"))
    who = mostly(world, with_room(world))
    return command(world, f"applies for {customer_id}", world.review.SubmitCase, request, who)


def claim_at_once(world: "World") -> Command:
    """A rep takes a customer from the pool, where policy lets her."""
    if VARIANTS[world.variant].get("claim.review", True) and not world.chance(0.1):
        return claim_by_case(world)
    customer_id, _ = any_customer(world, "public_pool")
    request = ownership.ClaimCustomerRequest(customer_id=customer_id)
    who = mostly(world, with_room(world))
    return command(world, f"claims {customer_id}", world.ownership.ClaimCustomer, request, who)
