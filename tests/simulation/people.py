"""Who works in the simulated company, and what they ask for: sensible and senseless things."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm.customers.v1 import customers_pb2 as customers
from crm.operations.v1 import operations_pb2 as operations
from crm.ownership.v1 import ownership_pb2 as ownership
from crm.review.v1 import review_pb2 as review

from chassis.kernel import Identity
from tests.simulation.companies import COMPANIES, Company, company_of
from tests.simulation.packs import VARIANTS, changed_pack
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

REPS = ("li", "wang", "zhao", "ma", "qian")
REVIEWERS = ("zhou", "wu")
SUPERVISORS = ("sun", "hu", "kong")
EVERYBODY = (*REPS, *REVIEWERS, *SUPERVISORS)
CATEGORIES = ("intended", "intended", "expired_member", "online")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def check(world: "World") -> Command:
    """Somebody checks a company for duplicates."""
    company = _company(world)
    name, contact = world.random.choice(company.spellings)
    request = customers.CheckDuplicatesRequest(
        full_name=name, industry_kind=company.kind, contact=contact
    )
    return _command(world, f"checks {name}", world.customers.CheckDuplicates, request, _rep(world))


def submit(world: "World") -> Command:
    """A rep submits a company that was checked before, perhaps written otherwise."""
    who = world.random.choice(_with_room(world))
    checks = world.rows["customers"].all(
        "SELECT check_id, full_name FROM duplicate_check WHERE checker_id = ? OR ?"
        " ORDER BY checked_at DESC, check_id LIMIT 6",
        who,
        world.chance(0.05),
    )
    if not world.chance(0.15):
        known = {company.number for company in _known(world)}
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
    return _command(world, f"submits {name}", world.review.SubmitCase, request, who)


def bring_into_pool(world: "World") -> Command:
    """Customer Service, or somebody who may not, imports a few companies into the pool."""
    request = customers.ImportCustomersRequest(validate_only=world.chance(0.05))
    for company in (_company(world) for _ in range(world.random.randint(1, 2))):
        form = company.form(world.random, world.random.choice((*CATEGORIES, "")))
        if world.chance(0.3):
            form |= {"business_address": "", "hr_lead": "", "phones": []}
        request.rows.add(**form)
    who = _mostly(world, REVIEWERS)
    return _command(world, "imports", world.customers.ImportCustomers, request, who)


def claim_by_case(world: "World") -> Command:
    """A rep submits a claim, with amendments that put the record right or wrong."""
    customer_id, form = _customer(world, "public_pool")
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
    who = _mostly(world, _with_room(world))
    return _command(world, f"applies for {customer_id}", world.review.SubmitCase, request, who)


def claim_at_once(world: "World") -> Command:
    """A rep takes a customer from the pool, where policy lets her."""
    if VARIANTS[world.variant].get("claim.review", True) and not world.chance(0.1):
        return claim_by_case(world)
    customer_id, _ = _customer(world, "public_pool")
    request = ownership.ClaimCustomerRequest(customer_id=customer_id)
    who = _mostly(world, _with_room(world))
    return _command(world, f"claims {customer_id}", world.ownership.ClaimCustomer, request, who)


def take(world: "World") -> Command:
    """A reviewer takes a case."""
    found = _open_cases(world, "role")
    if not found:
        return submit(world)
    case_id, role = world.random.choice(found)
    request = review.TakeCaseRequest(case_id=case_id)
    who = _reviewer(world, role)
    return _command(world, f"takes {case_id}", world.review.TakeCase, request, who)


def give_back(world: "World") -> Command:
    """A reviewer returns a case, perhaps one that she never took."""
    found = _open_cases(world, "reviewer_id")
    case_id, who = world.random.choice(found) if found else ("nothing", None)
    request = review.ReturnCaseRequest(case_id=case_id)
    who = _mostly(world, (who or "zhou",))
    return _command(world, f"returns {case_id}", world.review.ReturnCase, request, who)


def decide(world: "World") -> Command:
    """A reviewer decides a case, mostly one that she has taken."""
    taken = [row for row in _open_cases(world, "reviewer_id, flow, version") if row[1]]
    if not taken:
        return take(world)
    case_id, who, flow, version = world.random.choice(taken)
    if world.chance(0.1):
        who = world.random.choice(EVERYBODY)
    approve = world.chance(0.75)
    complete = approve or world.chance(0.1)
    request = review.DecideCaseRequest(
        case_id=case_id,
        verdict=review.VERDICT_APPROVE if approve else review.VERDICT_REJECT,
        reason=world.random.choice(("", "已核实", "已核实")),
        checks={} if flow == "release" else {"not_duplicate": True, "complete": complete},
        etag=str(version) if world.chance(0.3) else "",
    )
    label = f"{'approves' if approve else 'rejects'} {flow} {case_id}"
    return _command(world, label, world.review.DecideCase, request, who)


def withdraw(world: "World") -> Command:
    """A rep withdraws a case."""
    found = _open_cases(world, "applicant_id")
    case_id, who = world.random.choice(found) if found else ("nothing", "li")
    request = review.WithdrawCaseRequest(case_id=case_id)
    who = _mostly(world, (who,))
    return _command(world, f"withdraws {case_id}", world.review.WithdrawCase, request, who)


def mark(world: "World") -> Command:
    """A holder marks a customer for release, or writes another mnemonic."""
    held = world.rows["customers"].all(
        "SELECT customer_id, holder_id FROM custody WHERE holder_id <> '' ORDER BY customer_id"
    )
    if not held and not world.chance(0.1):
        return decide(world)
    customer_id, who = world.random.choice(held) if held else ("nothing", "li")
    day = world.now.astimezone(SHANGHAI).date()
    if world.chance(0.05):
        day -= timedelta(days=1)
    text = f"{day:%Y%m%d}删除" if world.chance(0.9) else "老客户"
    request = customers.SetMnemonicRequest(customer_id=customer_id, mnemonic=text)
    who = _mostly(world, (who or "li",))
    return _command(world, f"marks {customer_id}", world.customers.SetMnemonic, request, who)


def supplement(world: "World") -> Command:
    """The holder or Customer Service corrects a record; a name may become another company's."""
    customer_id, company = _customer(world)
    custody = world.rows["customers"].one(
        "SELECT holder_id FROM custody WHERE customer_id = ?", customer_id
    )
    form = customers.CustomerForm(category=world.random.choice(("", "intended", "online")))
    if company and company.kind == "general" and world.chance(0.5):
        other = world.random.choice([c for c in COMPANIES if c.kind == "general"])
        form.full_name = world.random.choice((company, other)).spellings[-1][0]
    request = customers.SupplementCustomerRequest(
        customer_id=customer_id, form=form, reason="更正", etag=world.random.choice(("", "", "1"))
    )
    if not form.ByteSize():
        form.hr_lead = "代春燕"
        request.form.CopyFrom(form)
    who = world.random.choice((custody[0] if custody and custody[0] else "zhou", "zhou", "wu"))
    label = f"supplements {customer_id}"
    return _command(world, label, world.customers.SupplementCustomer, request, who)


def change_staff(world: "World") -> Command:
    """Somebody's limit, department or team changes; the person signs in again at once or later."""
    who = _rep(world)
    staff = ownership.Staff(
        staff_id=who,
        personal_limit_count=world.random.choice((0, 0, 1, 2, 4)),
        department=world.random.choice(("sales", "sales", "KA")),
        team=world.random.choice(("1", "2")),
    )
    fields = world.random.choice((("personal_limit_count",), ("department", "team"), ("team",)))
    old = world.people[who]
    if "team" in fields and world.chance(0.5):
        department = staff.department if "department" in fields else old.department
        world.people[who] = Identity(who, old.name, old.roles, department, staff.team)
    request = ownership.UpdateStaffRequest(staff=staff, fields=fields)
    label = f"changes {who}: {', '.join(fields)}"
    return _command(world, label, world.staff.UpdateStaff, request, _mostly(world, ("admin",)))


def change_policy(world: "World") -> Command:
    """Other limits, or consent no longer wanted, from now or from some time ahead."""
    service = world.random.choice(("ownership", "ownership", "review"))
    pack = changed_pack(world.random.randrange(len(VARIANTS)), world.random.choice((1, 2, 3)))
    request = operations.ApplyPolicyRequest(
        service=service, pack=pack.meta.name, time_zone=pack.meta.time_zone
    )
    request.effective_time.FromDatetime(
        world.now + timedelta(seconds=world.random.choice((0, 60, 3600)))
    )
    request.section.update(pack.sections[service].to_json())
    method = world.operations(service).ApplyPolicy
    return _command(world, f"changes {service}'s policy", method, request, "admin")


def _command(world: "World", label: str, method: Any, request: Any, who: str) -> Command:
    request.request_id = world.new_id()
    return Command(label, method, request, who)


def _rep(world: "World") -> str:
    return world.random.choice(REPS)


def _with_room(world: "World") -> tuple[str, ...]:
    """Return the reps whose limit leaves room, now and then all."""
    if world.chance(0.2):
        return REPS
    occupied, limit = world.watch.occupied, world.watch.limit
    return tuple(rep for rep in REPS if occupied[rep] < limit(rep)) or REPS


def _mostly(world: "World", who: tuple[str, ...]) -> str:
    return world.random.choice(EVERYBODY if world.chance(0.05) else who)


def _reviewer(world: "World", role: str) -> str:
    able = [who for who in EVERYBODY if world.people[who].has(role)]
    return _mostly(world, tuple(able) or EVERYBODY)


def _known(world: "World") -> list[Company]:
    """Return the companies that are customers."""
    rows = world.rows["customers"].all("SELECT full_name, form ->> 'contact' FROM customer")
    return [company for row in rows if (company := company_of(*row))]


def _company(world: "World") -> Company:
    """Return a company, mostly one that is no customer yet."""
    known = () if world.chance(0.25) else _known(world)
    return world.random.choice([c for c in COMPANIES if c not in known] or list(COMPANIES))


def _customer(world: "World", location: str = "") -> tuple[str, Any]:
    found = world.rows["customers"].all(
        "SELECT customer_id, full_name, form ->> 'contact' FROM customer"
        " JOIN custody USING (customer_id) WHERE ? IN (location, '') ORDER BY customer_id",
        "" if world.chance(0.1) else location,
    )
    if not found or world.chance(0.02):
        return "nothing", None
    customer_id, name, contact = world.random.choice(found)
    return customer_id, company_of(name, contact)


def _open_cases(world: "World", columns: str) -> list[tuple[Any, ...]]:
    """Return what can be decided, now and then also what no longer can."""
    which = "state <> ''" if world.chance(0.05) else "state = 'open'"
    sql = f"SELECT case_id, {columns} FROM review_case WHERE {which} ORDER BY case_id"  # noqa: S608
    return world.rows["review"].all(sql)
