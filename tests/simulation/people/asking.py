"""Who works in the simulated company, and what everything that they ask for is made of."""

from typing import TYPE_CHECKING, Any

from tests.simulation.companies import COMPANIES, Company, company_of
from tests.simulation.world import Command

if TYPE_CHECKING:
    from tests.simulation.world import World

REPS = ("li", "wang", "zhao", "ma", "qian")
REVIEWERS = ("zhou", "wu")
SUPERVISORS = ("sun", "hu", "kong")
SUPERIORS = ("mo", "boss", "hr")
EVERYBODY = (*REPS, *REVIEWERS, *SUPERVISORS, *SUPERIORS)
CATEGORIES = ("intended", "intended", "expired_member", "online")


def command(world: "World", label: str, method: Any, request: Any, who: str) -> Command:
    request.request_id = world.new_id()
    return Command(label, method, request, who)


def reps(world: "World") -> tuple[str, ...]:
    """Return the reps from the beginning, and those who were hired since."""
    return (*REPS, *hired(world))


def hired(world: "World") -> list[str]:
    """Return the people who were hired since the beginning."""
    who = "SELECT staff_id FROM staff WHERE staff_id LIKE 'new-%' ORDER BY staff_id"
    found: list[str] = world.rows["ownership"].column(who)
    return found


def any_rep(world: "World") -> str:
    return world.random.choice(reps(world))


def with_room(world: "World") -> tuple[str, ...]:
    """Return the reps whose limit leaves room, now and then all."""
    everybody = reps(world)
    if world.chance(0.2):
        return everybody
    occupied, limit = world.watch.occupied, world.watch.limit
    return tuple(rep for rep in everybody if occupied[rep] < limit(rep)) or everybody


def mostly(world: "World", who: tuple[str, ...]) -> str:
    return world.random.choice(EVERYBODY if world.chance(0.05) else who)


def reviewer(world: "World", role: str) -> str:
    able = [who for who in EVERYBODY if world.people[who].has(role)]
    return mostly(world, tuple(able) or EVERYBODY)


def known_companies(world: "World") -> list[Company]:
    """Return the companies that are customers."""
    rows = world.rows["customers"].all("SELECT full_name, form ->> 'contact' FROM customer")
    return [company for row in rows if (company := company_of(*row))]


def any_company(world: "World") -> Company:
    """Return a company, mostly one that is no customer yet."""
    known = () if world.chance(0.25) else known_companies(world)
    return world.random.choice([c for c in COMPANIES if c not in known] or list(COMPANIES))


def any_customer(world: "World", location: str = "") -> tuple[str, Any]:
    found = world.rows["customers"].all(
        "SELECT customer_id, full_name, form ->> 'contact' FROM customer"
        " JOIN custody USING (customer_id) WHERE ? IN (location, '') ORDER BY customer_id",
        "" if world.chance(0.1) else location,
    )
    if not found or world.chance(0.02):
        return "nothing", None
    customer_id, name, contact = world.random.choice(found)
    return customer_id, company_of(name, contact)


def open_cases(world: "World", columns: str) -> list[tuple[Any, ...]]:
    """Return what can be decided, now and then also what no longer can."""
    which = "state <> ''" if world.chance(0.05) else "state = 'open'"
    sql = f"SELECT case_id, {columns} FROM review_case WHERE {which} ORDER BY case_id"  # noqa: S608
    return world.rows["review"].all(sql)
