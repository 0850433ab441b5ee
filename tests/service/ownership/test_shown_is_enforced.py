"""I8: a customer is reclaimed exactly when the deadline that is shown has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from crm.scheduler.v1 import scheduler_pb2 as s
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.local import LocalRpcError
from chassis.unit import UnitOfWork
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reclaim import reclaimable
from services.ownership.domain.run_policy import ReclaimRules
from services.ownership.store import deadlines, positions
from services.ownership.store.positions import Position
from services.ownership.store.tables import position as _p
from tests import shelf
from tests.acceptance.actions import SHANGHAI, Company
from tests.acceptance.doing import Doing
from tests.builders import company_name, form, variant
from tests.platform import MONDAY, haixin
from tests.refusals import read
from tests.service.ownership.freezing import freeze, thaw

MS = timedelta(milliseconds=1)
HOLDERS = ("li", "li", "wang")
AUTOMATIC, BY_HAND = "automatic_and_spot_check", "spot_check"


class Life:
    """A company with three customers that are held, about whom things happen."""

    def __init__(self, days: int) -> None:
        self.company = Company()
        self.platform = self.company.platform
        self.platform.begin("three held", self._acquire)
        rows = self.platform.parts["ownership"].database
        with rows.read() as connection:
            self.customers = sorted(connection.execute(_p.select()).scalars())
        self.held = set(self.customers)
        self.told = 0
        self._do_apply(days)
        self.enforce()

    def _acquire(self) -> None:
        self.platform.hire("hr", "何瑞", ["hr"], department="hr")
        for number, who in enumerate(HOLDERS):
            self.company.acquire(who, form(company_name(number)))

    def shown(self) -> dict[str, datetime]:
        """Return the deadlines that their holders are shown."""
        return {
            customer_id: position.due_time.ToDatetime(tzinfo=UTC)
            for who in sorted(set(HOLDERS))
            for customer_id, position in self.company.library(who).items()
            if position.HasField("due_time")
        }

    def pass_time(self, until: datetime) -> None:
        """Let time pass, and look closely at every moment that is shown as a deadline."""
        while (coming := min(self.shown().values(), default=None)) and coming <= until:
            self._wait(coming - MS)
            self.platform.now = coming
            self.enforce()
        self._wait(until)

    def _wait(self, until: datetime) -> None:
        """Nothing that is shown is due until then, so nothing is taken."""
        self.platform.now = max(until, self.platform.now)
        self.platform.tick()
        assert self._libraries() == self.held

    def enforce(self) -> None:
        """Let everybody hear what there is to hear, and then do what is due."""
        scheduler = self.platform.parts["scheduler"]
        for work in scheduler.service.rounds.values():
            scheduler.round(work, self.platform.peers("scheduler"))
        self.platform.settle()
        due = {one for one, due_at in self.shown().items() if due_at <= self.platform.now}
        self.platform.tick()
        assert self._libraries() == self.held - due
        self.held -= due

    def _libraries(self) -> set[str]:
        return {one for who in set(HOLDERS) for one in self.company.library(who)}

    def do(self, what: str, which: int, ahead: int) -> None:
        """Let something happen: to a customer, to its holder, or to the company."""
        customer = self.customers[which]
        if customer not in self.held:
            return
        holder = self.company.position(customer).holder_id
        day = (self.platform.now.astimezone(SHANGHAI) + timedelta(days=ahead)).date().isoformat()
        acts: dict[str, Callable[[], object]] = {
            "follow_up": lambda: self._follow_up(holder, customer),
            "poor_follow_up": lambda: Doing(self.company).follow_up(holder, customer, "太短"),
            "freeze": lambda: freeze(self.company, [customer]),
            "thaw": lambda: thaw(self.company, [customer]),
            "go_online": lambda: self.company.supplement(
                "zhou", customer, "续约", category="online"
            ),
            "leave": lambda: self._leave(holder, day),
            "day_off": lambda: self._publish(day, working=False),
            "workday": lambda: self._publish(day, working=True),
            "policy": lambda: self._do_apply(1 + ahead % 6),
        }
        acts[what]()
        self.enforce()

    def _follow_up(self, holder: str, customer: str) -> None:
        self.told += 1
        content = f"第{self.told}次上门拜访了人事经理谈了续约和培训的事情"
        Doing(self.company).follow_up(holder, customer, content)

    def _go_online(self, customer: str) -> None:
        self.company.supplement("zhou", customer, "续约", category="online")

    def _leave(self, holder: str, day: str) -> None:
        request = s.RecordLeaveRequest(staff_id=holder, first_date=day, last_date=day)
        _or_refused(self.company, "hr", self.platform.scheduler.RecordLeave, request)

    def _publish(self, day: str, *, working: bool) -> None:
        request = s.PublishCalendarDaysRequest(reason="公司安排")
        request.days.add(date=day, working=working, zh="公司安排")
        _or_refused(self.company, "hr", self.platform.scheduler.PublishCalendarDays, request)

    def _do_apply(self, days: int) -> None:
        self.platform.apply(variant(haixin(), reclaim__days=days), self.platform.now)


def _or_refused(company: Company, who: str, method: object, request: object) -> None:
    """Ask for something that may be so already."""
    try:
        company.call(who, method, request)
    except LocalRpcError as error:
        if read(error.status()).reason not in ("LEAVE_OVERLAPS", "CALENDAR_DAYS_INVALID"):
            raise


@contextmanager
def one_after_another() -> Iterator[None]:
    """Every platform is given the shelf's databases, for the one before has ended."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "lend", lambda: True)
        yield


KINDS = (
    *("follow_up",) * 5,
    *("poor_follow_up", "freeze", "thaw", "thaw", "go_online", "policy"),
    *("leave", "leave", "leave", "day_off", "day_off", "workday"),
)
EVENTS = st.tuples(st.integers(0, 60), st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 8))


@given(st.integers(1, 6), st.lists(EVENTS, max_size=12))
@settings(max_examples=15, deadline=None)
def test_whatever_happened(days: int, events: list[tuple[int, str, int, int]]) -> None:
    """For random histories, calendars and policies, through the services."""
    with one_after_another():
        life = Life(days)
        for hours, what, which, ahead in events:
            life.pass_time(life.platform.now + timedelta(hours=hours))
            life.do(what, which, ahead)
        life.pass_time(life.platform.now + timedelta(days=9))


TIMES = st.integers(-2, 2).map(lambda number: MONDAY + number * MS)
HELD = st.builds(
    Position,
    customer_id=st.uuids().map(str),
    full_name=st.just("某公司"),
    category=st.sampled_from(("intended", "online", "expired")),
    summary_sequence=st.just(1),
    location=st.just("private_library"),
    holder_id=st.just("li"),
    case_id=st.none(),
    counted=st.booleans(),
    protected_at=st.just(MONDAY - timedelta(days=9)),
    arrived_at=st.just(MONDAY - timedelta(days=9)),
    releaser_count=st.just(0),
    due_at=st.none() | TIMES,
    due_basis_at=st.just(MONDAY - timedelta(days=9)),
    clock_version=st.just(1),
    freeze_count=st.integers(0, 1),
)


@given(
    st.lists(HELD, max_size=12, unique_by=lambda one: one.customer_id),
    st.sampled_from((AUTOMATIC, AUTOMATIC, BY_HAND)),
    st.sets(st.sampled_from(("online", "expired"))),
)
@settings(max_examples=60, deadline=None)
def test_what_a_run_draws_is_what_is_shown_as_due(
    held: list[Position], mode: str, excluded: set[str]
) -> None:
    parts = Drawing.company().platform.parts["ownership"]

    def check(uow: UnitOfWork) -> None:
        rules = with_values(uow.policy(OwnershipPolicy).rules.reclaim, mode, excluded)
        uow.execute(_p.delete())
        for position in held:
            positions.add(uow, position)
        due = {p.customer_id for p in held if (at := reclaimable(p, rules)) and at <= uow.now}
        drawn = deadlines.first_passed(uow, rules, "run", 100)
        assert {position.customer_id for position in drawn} == due
        assert deadlines.count_passed(uow, rules) == len(due)
        uow.execute(_p.delete())

    parts.tick(check)


def with_values(rules: ReclaimRules, mode: str, excluded: set[str]) -> ReclaimRules:
    """Return rules of reclaiming with other values."""
    categories = rules.exclude_categories.model_copy(update={"value": tuple(sorted(excluded))})
    by = rules.mode.model_copy(update={"value": mode})
    return rules.model_copy(update={"mode": by, "exclude_categories": categories})


class Drawing:
    """One company for all examples: each has the positions that it puts there."""

    _made: Company | None = None

    @classmethod
    def company(cls) -> Company:
        """Return it."""
        cls._made = cls._made or Company()
        return cls._made
