"""What must hold once the faults have ended and everything was delivered."""

import sqlite3
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from chassis.tables import metadata as chassis_tables
from cli.rehearsal import books, deadline_books
from tests.simulation.broken import require

if TYPE_CHECKING:
    from tests.simulation.world import World

_DECIDED = "SELECT case_id FROM case_decision WHERE verdict = 'approve'"


def waiting(world: "World") -> dict[str, int]:
    """Count what is not done yet: unsent, to be tried again, under way."""
    left = Counter[str]()
    for name, rows in world.rows.items():
        left[f"{name} unsent"] += len(rows.all("SELECT 1 FROM outbox WHERE published_at IS NULL"))
        left[f"{name} retrying"] += len(rows.all("SELECT 1 FROM inbox WHERE next_at IS NOT NULL"))
    unfinished = "SELECT state FROM review_case WHERE state IN ('preparing', 'approved')"
    left.update(f"case {state}" for state in world.rows["review"].column(unfinished))
    at_work = "SELECT kind FROM run WHERE state NOT IN ('done', 'undone', 'cancelled')"
    left.update(f"{kind} run" for kind in world.rows["ownership"].column(at_work))
    return {name: count for name, count in left.items() if count}


def at_rest(world: "World") -> bool:
    """Whether nothing is left to do."""
    return not waiting(world)


def check_day(world: "World") -> None:
    """Check what must hold of the whole at any time, though messages are on their way."""
    for holds in (books.one_holder, books.slots_counted, books.one_identity):
        wrong = list(holds(world.rows))
        require(not wrong, str(holds.__doc__), wrong=wrong)
    wrong = list(deadline_books.reclaimed_in_time(world.rows))
    require(not wrong, str(deadline_books.reclaimed_in_time.__doc__), wrong=wrong)
    for name in world.rows:
        _facts_stay(world, name)


def check(world: "World") -> None:
    """Check what the end must look like."""
    _everything_arrived(world)
    _nothing_leaked(world)
    _cases_took_effect(world)
    _nothing_is_overdue(world)
    _everybody_tells_the_same(world)
    for name in world.rows:
        _facts_stay(world, name)
    for holds in (*books.ALL, *deadline_books.ALL):
        wrong = list(holds(world.rows))
        require(not wrong, str(holds.__doc__), wrong=wrong)


def check_deadlines(world: "World") -> None:
    """I8: no deadline that is shown is another than what it comes to when worked out again."""
    wrong = [one for one in deadline_books.shown_is_enforced(world.rows) if " is due at " in one]
    require(not wrong, "I8 the deadline shown is the right one", wrong=wrong)


def happened(world: "World") -> Counter[str]:
    """Count what a schedule reached, so that an idle simulation is noticed."""
    found = Counter[str]()
    for flow, state in world.rows["review"].all("SELECT flow, state FROM review_case"):
        found[f"{flow} {state}"] += 1
    for manner in world.rows["ownership"].column("SELECT manner FROM position_change"):
        found[f"position {manner}"] += 1
    for run in world.rows["scheduler"].column("SELECT run FROM run_tick"):
        found[f"run {run}"] += 1
    for manner, table in (("leave", "leave"), ("published calendar", "calendar_version")):
        found[manner] = len(world.rows["scheduler"].all(f"SELECT 1 FROM {table}"))  # noqa: S608
    found["policy"] = sum(
        len(rows.all("SELECT 1 FROM policy_version WHERE version > 1"))
        for rows in world.rows.values()
    )
    for name, which in (("hired", "staff_id LIKE 'new-%'"), ("departed", "state = 'departed'")):
        people = world.rows["ownership"].column(f"SELECT 1 FROM staff WHERE {which}")  # noqa: S608
        found[name] = len(people)
    found["events"] = sum(len(rows.all("SELECT 1 FROM outbox")) for rows in world.rows.values())
    found["refusals"] = world.refusals
    found["above the limit by category"] = world.watch.grown_by_category
    found["looked"] = world.watch.looked
    return found


def _everything_arrived(world: "World") -> None:
    for name, rows in world.rows.items():
        parked = rows.all("SELECT type, last_error FROM inbox WHERE parked_at IS NOT NULL")
        require(not parked, "nothing is parked", service=name, parked=parked)
        stuck = rows.all("SELECT type, last_error FROM outbox WHERE parked_at IS NOT NULL")
        require(not stuck, "nothing is stuck", service=name, stuck=stuck)
    for rows in world.rows.values():
        for event_id, event_type in rows.all("SELECT event_id, type FROM outbox"):
            for consumer, parts in world.parts.items():
                if event_type in parts.service.handlers:
                    done = world.rows[consumer].one(
                        "SELECT 1 FROM inbox WHERE event_id = ? AND done_at IS NOT NULL", event_id
                    )
                    require(done, "I5 every event arrives", type=event_type, consumer=consumer)


def _nothing_leaked(world: "World") -> None:
    cases = dict(world.rows["review"].all("SELECT case_id, state FROM review_case"))
    reserved = world.rows["customers"].column(
        "SELECT case_id FROM identity WHERE case_id IS NOT NULL"
    )
    for case_id in reserved:
        state = cases.get(case_id)
        require(state == "open", "no identity leaks", case=case_id, state=state)
    for case_id in world.rows["ownership"].column(
        "SELECT case_id FROM slot_reservation WHERE state = 'held'"
    ):
        state = cases.get(case_id)
        require(state == "open", "no slot leaks", case=case_id, state=state)


def _nothing_is_overdue(world: "World") -> None:
    """Who holds an unfrozen customer a day after it was due was not reclaimed."""
    a_day_ago = (world.now - timedelta(days=1)).replace(tzinfo=None).isoformat(" ")
    late = world.rows["ownership"].all(
        "SELECT customer_id, holder_id, due_at FROM position WHERE holder_id IS NOT NULL"
        " AND freeze_count = 0 AND category <> 'online' AND due_at < ?",
        a_day_ago,
    )
    require(not late, "everything due was reclaimed", late=late)
    frozen = world.rows["ownership"].column(
        "SELECT customer_id FROM position WHERE freeze_count <>"
        " (SELECT COUNT(*) FROM freeze WHERE freeze.customer_id = position.customer_id"
        " AND ended_at IS NULL)"
    )
    require(not frozen, "nothing stays frozen without a cause", frozen=frozen)
    running = world.rows["scheduler"].column(
        "SELECT subject_id FROM clock WHERE clock = 'reclaim' AND state IN ('armed', 'warned')"
    )
    held = world.rows["ownership"].column("SELECT customer_id FROM position WHERE holder_id <> ''")
    idle = set(running) - set(held)
    require(not idle, "no clock runs for what nobody holds", idle=idle)


def _cases_took_effect(world: "World") -> None:
    customers, ownership = world.rows["customers"], world.rows["ownership"]
    registered = Counter(customers.column("SELECT case_id FROM customer WHERE case_id IS NOT NULL"))
    released = Counter(ownership.column("SELECT case_id FROM release"))
    slots = dict(ownership.all("SELECT case_id, state FROM slot_reservation"))
    entered = Counter(
        ownership.all("SELECT customer_id, to_holder_id, manner FROM position_change")
    )
    claims = Counter[tuple[str, str, str]]()
    gone = ownership.column("SELECT staff_id FROM staff WHERE state = 'departed'")
    for case_id, flow, state, applicant, customer_id in world.rows["review"].all(
        "SELECT case_id, flow, state, applicant_id, customer_id FROM review_case"
    ):
        if state == "failed" and applicant in gone:
            continue
        about = {"case": case_id, "flow": flow, "state": state}
        done = state == "done"
        # A supplement may take the name that an open claim was to confirm: an open question.
        require(flow != "register" or state != "failed", "an approved case fails", **about)
        require(registered[case_id] == (done and flow == "register"), "I5 registered", **about)
        require(released[case_id] == (done and flow == "release"), "I5 released", **about)
        if done and flow in ("register", "claim"):
            require(slots.get(case_id) == "used", "its slot is used", **about)
        if done and flow == "register":
            times = entered[customer_id, applicant, "registered"]
            require(times == 1, "I5 entered once", times=times, **about)
        if flow == "claim" and (done or (state == "failed" and slots.get(case_id) == "used")):
            claims[customer_id, applicant, "claimed"] += 1
    direct = "SELECT caller FROM request WHERE method = 'ClaimCustomer'"
    total = sum(claims.values()) + len(ownership.column(direct))
    found = sum(times for key, times in entered.items() if key[2] == "claimed")
    require(total == found, "I5 claimed once", accepted=total, found=found)
    for key, times in claims.items():
        require(entered[key] >= times, "I5 the claim took effect", claim=key)


def _everybody_tells_the_same(world: "World") -> None:
    ownership, customers = world.rows["ownership"], world.rows["customers"]
    position = "SELECT customer_id, location, COALESCE(holder_id, '') FROM position ORDER BY 1"
    custody = "SELECT customer_id, location, holder_id FROM custody ORDER BY 1"
    require(ownership.all(position) == customers.all(custody), "custody equals positions")
    staff = "SELECT staff_id, department, team FROM staff ORDER BY 1"
    colleagues = "SELECT staff_id, department, team FROM colleague ORDER BY 1"
    require(ownership.all(staff) == customers.all(colleagues), "colleagues equal staff")
    told = ownership.all("SELECT customer_id, full_name, category FROM position ORDER BY 1")
    known = customers.all("SELECT customer_id, full_name, category FROM customer ORDER BY 1")
    require(told == known, "positions know customers", told=told, known=known)
    wrong = ownership.all(
        "SELECT customer_id, category, counted FROM position"
        " WHERE holder_id IS NOT NULL AND counted <> (category <> 'online')"
    )
    require(not wrong, "I2 counted by category", wrong=wrong)


def _facts_stay(world: "World", service: str) -> None:
    tables = (*chassis_tables.sorted_tables, *world.parts[service].service.metadata.sorted_tables)
    rows = world.rows[service]
    for table in tables:
        if not table.info.get("append_only") or not rows.all(f"SELECT 1 FROM {table.name} LIMIT 1"):  # noqa: S608
            continue
        column = table.columns.keys()[0]
        for change in (
            f"UPDATE {table.name} SET {column} = {column}",  # noqa: S608
            f"DELETE FROM {table.name}",  # noqa: S608
        ):
            try:
                rows.all(change)
            except sqlite3.IntegrityError:
                continue
            require(False, "I6 facts stay", table=table.name, change=change)
