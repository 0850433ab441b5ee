"""The company: its people, the platform they work on, and what they remember."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import grpc
from crm.activity.v1.conduct_pb2_grpc import ConductServiceStub
from crm.activity.v1.follow_ups_pb2_grpc import FollowUpServiceStub, SigningServiceStub
from crm.ownership.v1.reallocations_pb2_grpc import ReallocationServiceStub
from crm.ownership.v1.rulings_pb2_grpc import RulingServiceStub
from crm.ownership.v1.runs_pb2_grpc import RunServiceStub

from chassis.local import LocalRpcError
from cli.month.cast import Member, Size, cast, superior_of
from cli.month.days import Day
from cli.names import generated, sample
from cli.rehearsal.platform import Rehearsal

BUGS = (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNAVAILABLE)
FORM = {
    "business_address": "成都市永丰路47号丰尚玉林商务港801室",
    "hr_lead": "代春燕",
    "phones": ["028-85123456", "13800138000"],
}


class Company:
    """Everybody acts through the messages that a real client sends; refusals are part of it."""

    def __init__(self, platform: Rehearsal, size: Size, first_day: date, seed: int) -> None:
        self.platform = platform
        self.size = size
        self.random = Random(seed)  # noqa: S311 - whims of people, no secrets
        self.members = {one.staff_id: one for one in cast(size, first_day, self.random)}
        self.names = generated(seed, sample())
        self.refused: Counter[str] = Counter()
        """Refusals without a clause, by reason: what no rule of the book says is in no log."""
        self.away: dict[str, set[date]] = {}
        """Days of leave by person."""
        self.gone: set[str] = set()
        """Who has left the company."""
        self.cases: list[tuple[str, str]] = []
        """Cases submitted: (case type, case id)."""
        self.marked: set[str] = set()
        """Customers whose holders asked to release them."""
        self.disputed: list[tuple[str, str, str]] = []
        """Signings of other people's customers: (customer, holder, signing)."""
        self.leaver = self.plan_id = ""
        """Who leaves the company, and the plan for their customers."""
        self.leaving: list[str] = []
        self.plan_done = False
        self.follow_ups = platform.stub(FollowUpServiceStub, "activity")
        self.signings = platform.stub(SigningServiceStub, "activity")
        self.runs = platform.stub(RunServiceStub, "ownership")
        self.reallocations = platform.stub(ReallocationServiceStub, "ownership")
        self.rulings = platform.stub(RulingServiceStub, "ownership")
        self.conduct = platform.stub(ConductServiceStub, "activity")

    def hire_everybody(self) -> None:
        """Enter everybody into the staff directory."""
        for one in self.members.values():
            self.platform.hire(
                one.staff_id,
                one.name,
                [one.role],
                hired=one.hired.isoformat(),
                department=one.department,
                team=one.team,
                limit=one.limit,
            )
        self.platform.settle()

    def ask(self, who: str, method: Any, request: Any) -> Any:
        """Do something as a person; None when it is refused. A fault of the platform is raised."""
        try:
            return self.platform.call(method, request, who)
        except LocalRpcError as error:
            if error.code() in BUGS:
                raise
            return None

    def role(self, role: str) -> list[Member]:
        """Return the people of a role who have not left."""
        return [
            one
            for one in self.members.values()
            if one.role == role and one.staff_id not in self.gone
        ]

    def at_work(self, role: str, day: date) -> list[Member]:
        """Return the people of a role who are there on a day."""
        return [one for one in self.role(role) if day not in self.away.get(one.staff_id, ())]

    def clerk(self, day: date) -> str:
        """Return somebody of Customer Service who is there."""
        return self.random.choice(self.at_work("customer_service", day)).staff_id

    def culprit(self, day: Day) -> str:
        """Return who breaks a rule on a day: one rep does so every fifth day, until the third."""
        return self.role("sales_rep")[-1].staff_id if day.number % 5 == 2 else ""

    def supervisor_of(self, staff_id: str) -> str:
        """Return the supervisor of a person's team."""
        return superior_of(self.members[staff_id].team)

    def new_names(self, count: int) -> Iterator[str]:
        """Yield names of companies that nobody knows yet."""
        for _ in range(count):
            yield next(self.names)
