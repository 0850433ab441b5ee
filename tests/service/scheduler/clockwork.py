"""The scheduler among the other services, hearing what a test says that they announced."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from crm.scheduler.v1 import scheduler_pb2 as pb

from chassis import events
from chassis.identity import system
from chassis.kernel import Event
from chassis.relay import Outgoing
from chassis.service import Parts
from cli.pack_file import Pack
from tests.platform import Platform, haixin
from tests.unit.scheduler.almanac import SHANGHAI, local

GRANTED = "crm.ownership.holding.granted.v1"
RELEASED = "crm.ownership.holding.released.v1"
FROZEN = "crm.ownership.holding.frozen.v1"
THAWED = "crm.ownership.holding.thawed.v1"
RECORDED = "crm.activity.follow_up.recorded.v1"
VOIDED = "crm.activity.follow_up.voided.v1"
OPENED = "crm.review.case.opened.v1"
APPROVED = "crm.review.case.approved.v1"
CLOSED = "crm.review.case.closed.v1"
DEPARTED = "crm.ownership.staff.departed.v1"
PROPOSED = "crm.ownership.reallocation.proposed.v1"
ARMED = "crm.scheduler.clocks.armed.v1"
WARNED = "crm.scheduler.clocks.warned.v1"
DUE = "crm.scheduler.clocks.due.v1"
RUN_DUE = "crm.scheduler.run.due.v1"


class Clockwork:
    """The scheduler on Monday 2026-03-02, 09:00 in Shanghai, under the haixin rules."""

    def __init__(self, url: str = "sqlite://", pack: Pack | None = None) -> None:
        self.platform = Platform(urls={"scheduler": url})
        self.platform.apply(pack or haixin())
        self.platform.hire("li", "李雷")
        self.platform.hire("wang", "王芳", team="2")
        self.platform.hire("sun", "孙主管", ["supervisor"])
        self.platform.hire("hu", "胡人事", ["hr"], department="hr")
        self.platform.hire("zhou", "周舟", ["customer_service"], department="cs")
        self.platform.settle()
        self._sequences: Counter[tuple[str, str]] = Counter()

    @property
    def parts(self) -> Parts:
        """The scheduler's parts."""
        return self.platform.parts["scheduler"]

    def at(self, text: str) -> None:
        """Set the clock to a local time, forward or back, and do nothing else."""
        self.platform.now = local(text)

    def event(self, event_type: str, subject: str, **data: Any) -> str:
        """Return an event that another service announces now, with the next sequence."""
        service = event_type.split(".")[1]
        self._sequences[service, subject] += 1
        return events.encode(
            Event(event_type, subject, data),
            event_id=self.platform.new_id(),
            service=service,
            sequence=self._sequences[service, subject],
            time=self.platform.now,
            correlation_id="test",
            causation_id="test",
            trace_parent="",
            actor=system(service),
        )

    def hear(self, *bodies: str) -> list[Outgoing]:
        """Let the scheduler hear events; return what it announces."""
        for body in bodies:
            self.parts.inbox().receive(body)
        return self.platform.settle()

    def granted(self, subject: str = "c1", party: str = "li", **data: Any) -> str:
        """Return the event of a customer that is protected now."""
        given = {"protect_time": self.now, "holder_id": party, "full_name": "蓝海", "category": ""}
        return self.event(GRANTED, subject, **(given | data))

    def followed_up(self, subject: str = "c1", moment: str = "") -> str:
        """Return the event of a valid follow-up now, or of one that leaves `moment` as the last."""
        last = moment or self.now
        return self.event(RECORDED, subject, customer_id=subject, last_valid_time=last)

    def voided(self, subject: str = "c1", last: str = "") -> str:
        """Return the event of a voided follow-up that leaves `last` as the last valid time."""
        return self.event(VOIDED, subject, customer_id=subject, last_valid_time=last)

    @property
    def now(self) -> str:
        """The time as events carry it."""
        return self.platform.now.isoformat().replace("+00:00", "Z")

    def round(self) -> list[Outgoing]:
        """Let the scheduler go one round; return what it announces."""
        for work in self.parts.service.rounds.values():
            self.parts.round(work, self.platform.peers("scheduler"))
        return self.platform.settle()

    def passes(self, until: str) -> list[Outgoing]:
        """Let time pass, with a round every hour; return what is announced meanwhile."""
        announced = []
        while self.platform.now < local(until):
            self.platform.now = min(self.platform.now + timedelta(hours=1), local(until))
            announced += self.round()
        return announced

    def call(self, method: str, request: Any, who: str = "zhou") -> Any:
        """Call a method of the scheduler as a person."""
        return self.platform.call(getattr(self.platform.scheduler, method), request, who)

    def clock(self, subject: str = "c1", clock: str = "reclaim") -> pb.Clock:
        """Return a clock."""
        request = pb.ListClocksRequest(subject_id=subject, clock=clock)
        found: list[pb.Clock] = list(self.call("ListClocks", request).clocks)
        assert len(found) == 1
        return found[0]

    def due(self, subject: str = "c1", clock: str = "reclaim") -> str:
        """Return when a clock is due, as local time; nothing when it does not run."""
        found = self.clock(subject, clock)
        return shown(found.due_time.ToDatetime(tzinfo=UTC)) if found.HasField("due_time") else ""

    def state(self, subject: str = "c1", clock: str = "reclaim") -> str:
        """Return what a clock does."""
        name = pb.ClockState.Name(self.clock(subject, clock).state)
        return name.removeprefix("CLOCK_STATE_").lower()


def entries(announced: list[Outgoing], event_type: str) -> list[dict[str, Any]]:
    """Return the clocks in the events of a type, in the order they were announced."""
    found: list[dict[str, Any]] = []
    for event in announced:
        if event.type == event_type:
            data = events.decode(event.body).data
            found += [{**entry, "clock": data["clock"]} for entry in data["entries"]]
    return found


def runs(announced: list[Outgoing]) -> list[str]:
    """Return the runs that were announced, in order, as `run date`."""
    decoded = [events.decode(event.body).data for event in announced if event.type == RUN_DUE]
    return [f"{data['run']} {data['date']}" for data in decoded]


def shown(moment: datetime) -> str:
    """Return a moment as local time."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def read(text: str) -> str:
    """Return the local time of a moment that an event carries."""
    return shown(datetime.fromisoformat(text))
