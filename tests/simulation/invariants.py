"""What must hold after every commit, read from the databases."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from tests.simulation.broken import Broken, require
from tests.simulation.companies import company_of

if TYPE_CHECKING:
    from tests.simulation.world import World

ENDED = ("done", "rejected", "refused", "withdrawn", "failed")


class Watch:
    """Looks at a service's database whenever it changed."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.asleep = False
        self.looked = 0
        self.seen: dict[str, int] = {}
        self.sequences: dict[tuple[str, str], int] = {}
        self.sent_until: dict[str, int] = {}
        self.places: dict[str, tuple[str, str]] = {}
        self.change = 0
        self.occupied: Counter[str] = Counter()
        self.counted: dict[str, tuple[str, bool]] = {}
        self.shown: dict[str, str | None] = {}
        self.ended: dict[str, str] = {}
        self.grown_by_category = 0
        self._values: dict[int, dict[str, Any]] = {}

    def look(self, service: str) -> None:
        """Check what a commit of `service` left behind."""
        rows = self.world.rows[service]
        if self.asleep or self.seen.get(service) == rows.changes:
            return
        self.seen[service] = rows.changes
        self.looked += 1
        self._sequences(service)
        if check := getattr(self, f"_{service}", None):
            check()

    def _sequences(self, service: str) -> None:
        last = self.sent_until.get(service, 0)
        for position, subject, sequence in self.world.rows[service].all(
            "SELECT position, subject, sequence FROM outbox WHERE position > ? ORDER BY position",
            last,
        ):
            before = self.sequences.get((service, subject), 0)
            require(sequence == before + 1, "I5 sequence without gaps", subject=subject)
            self.sequences[service, subject] = sequence
            self.sent_until[service] = position

    def _customers(self) -> None:
        rows = self.world.rows["customers"]
        customers = rows.all("SELECT customer_id, full_name, form ->> 'contact' FROM customer")
        keys = Counter(
            rows.column("SELECT customer_id FROM identity WHERE customer_id IS NOT NULL")
        )
        require(keys == Counter(row[0] for row in customers), "I3 one identity each", keys=keys)
        companies: dict[int, str] = {}
        for customer_id, full_name, contact in customers:
            company = company_of(full_name, contact)
            require(company, "a known company", full_name=full_name, contact=contact)
            assert company is not None
            other = companies.setdefault(company.number, customer_id)
            require(other == customer_id, "I3 one customer per company", name=full_name)

    def _review(self) -> None:
        for case_id, state in self.world.rows["review"].all(
            "SELECT case_id, state FROM review_case"
        ):
            before = self.ended.get(case_id)
            require(before in (None, state), "an ended case stays", before=before, now=state)
            if state in ENDED:
                self.ended[case_id] = state

    def _ownership(self) -> None:
        rows = self.world.rows["ownership"]
        positions = rows.all(
            "SELECT customer_id, location, holder_id, case_id, counted FROM position"
        )
        self._history(positions)
        reserved = {
            case_id: (staff_id, customer_id, counted)
            for case_id, staff_id, customer_id, counted in rows.all(
                "SELECT case_id, staff_id, customer_id, counted FROM slot_reservation"
                " WHERE state = 'held'"
            )
        }
        for customer_id, _, _, case_id, _ in positions:
            if case_id:
                held = reserved.get(case_id)
                require(held and held[1] == customer_id, "a case that holds", case_id=case_id)
        self._quotas(positions, reserved)
        self.shown = dict(rows.all("SELECT customer_id, due_at FROM position"))

    def _history(self, positions: list[tuple[Any, ...]]) -> None:
        for change, customer_id, *move in self.world.rows["ownership"].all(
            "SELECT change, customer_id, from_location, from_holder_id, to_location, to_holder_id,"
            " manner FROM position_change WHERE change > ? ORDER BY change",
            self.change,
        ):
            before = self.places.get(customer_id, ("", ""))
            require(before == (move[0], move[1]), "I1 history without gaps", move=move)
            self.places[customer_id] = (move[2], move[3])
            self.change = change
            if move[4] == "reclaimed":
                self._reclaimed(customer_id)
        now = {row[0]: (row[1], row[2] or "") for row in positions}
        require(now == self.places, "I1 position equals history", now=now, told=self.places)
        for place, holder in now.values():
            require((place == "private_library") == bool(holder), "I1 holder in library")

    def _reclaimed(self, customer_id: str) -> None:
        """I8: what is reclaimed had shown a deadline, and that has passed."""
        shown = self.shown.get(customer_id)
        now = self.world.now.replace(tzinfo=None)
        passed = shown is not None and datetime.fromisoformat(shown) <= now
        require(passed, "I8 not before the shown deadline", customer=customer_id, shown=shown)

    def _quotas(
        self, positions: list[tuple[Any, ...]], reserved: dict[str, tuple[str, str, int]]
    ) -> None:
        used = Counter(holder for _, _, holder, _, counted in positions if holder and counted)
        held = Counter(staff_id for staff_id, _, counted in reserved.values() if counted)
        for staff_id, was_used, was_held in self.world.rows["ownership"].all(
            "SELECT staff_id, used, held FROM quota_counter"
        ):
            told, found = (was_used, was_held), (used[staff_id], held[staff_id])
            require(told == found, "I2 counters", who=staff_id, told=told, found=found)
        occupied = used + held
        now = {row[0]: (row[2] or "", bool(row[4])) for row in positions}
        claims = {case_id: (row[0], bool(row[2])) for case_id, row in reserved.items()}
        for staff_id in occupied:
            if occupied[staff_id] > self.occupied[staff_id]:
                self._granted(staff_id, occupied[staff_id], now | claims)
        self.occupied, self.counted = occupied, now | claims

    def _granted(self, staff_id: str, occupied: int, now: dict[str, tuple[str, bool]]) -> None:
        limit = self.limit(staff_id)
        if occupied <= limit:
            return
        if any(
            place == (staff_id, True) and self.counted.get(held) == (staff_id, False)
            for held, place in now.items()
        ):
            self.grown_by_category += 1
            return
        raise Broken(f"I2 limit: {staff_id} occupies {occupied} of {limit}")

    def limit(self, staff_id: str) -> int:
        """Return a person's limit now, worked out apart from the code under test."""
        rows = self.world.rows["ownership"]
        staff = rows.one(
            "SELECT department, hire_date, personal_limit FROM staff WHERE staff_id = ?", staff_id
        )
        assert staff is not None
        department, hired, personal = staff
        if personal:
            return int(personal)
        values = self._values_now()
        if department == "KA":
            return int(values["quota.ka"])
        today = self.world.now.astimezone(ZoneInfo("Asia/Shanghai")).date()
        young = date.fromisoformat(hired) + relativedelta(months=3) > today
        return int(values["quota.tenure_lt_3m" if young else "quota.tenure_ge_3m"])

    def _values_now(self) -> dict[str, Any]:
        rows = self.world.rows["ownership"]
        at = self.world.now.astimezone(UTC).replace(tzinfo=None)
        versions = rows.all("SELECT version, effective_at FROM policy_version")
        effective = [
            (moment, version)
            for version, text in versions
            if (moment := datetime.fromisoformat(text)) <= at
        ]
        version = max(effective)[1]
        if version not in self._values:
            (section,) = rows.column(
                "SELECT section FROM policy_version WHERE version = ?", version
            )
            parameters = json.loads(section)["parameters"]
            self._values[version] = {name: item["value"] for name, item in parameters.items()}
        return self._values[version]
