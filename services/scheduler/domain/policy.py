"""The scheduler section of a policy pack: calendar, clocks, recurring runs."""

from datetime import time
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chassis.rules import Parameter, Permission, PolicySection, Rule, Strict, Wrong
from services.scheduler.domain.heard import EventType, source_of
from services.scheduler.domain.occurrences import Every
from services.scheduler.domain.official import official_year
from services.scheduler.domain.terms import Unit

MOST_UNITS = 3650

LocalTime = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""`HH:MM` of a day; 24:00 is its end."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")]
"""A field of an event's data."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,25}$")]
Units = Annotated[int, Field(ge=0, le=MOST_UNITS)]


class After(Strict):
    """How long: a parameter, or the field of the start's event that says it."""

    amount: Parameter[Annotated[int, Field(ge=1, le=MOST_UNITS)]] | None = None
    amount_from: Key | None = None
    unit: Unit

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.amount is None) == (self.amount_from is None):
            raise Wrong("须写明时长或时长所在的字段，二者择一", "either amount or amount_from")
        return self


class Hearing(Strict):
    """An event that says something about a clock.

    `at` is the field with the moment, without it the moment is the event's own time; `subject` the
    field with what the clock is of, without it that is the event's subject.
    """

    on: EventType
    at: Key | None = None
    subject: Key | None = None


class Start(Hearing):
    """An event that starts a clock for the person in field `party`.

    What `keep` names is repeated when the clock is announced. When the field `paused_since` is
    there and not empty, the clock goes on from `at` as if it had been paused since then.
    """

    party: Key | None = None
    keep: tuple[Key, ...] = Field(default=(), max_length=8)
    paused_since: Key | None = None


class Resumption(Hearing):
    """An event that ends the pause that began at the moment in field `since`."""

    since: Key


class ClockRule(Rule):
    """A deadline: what starts, moves, stops and pauses it, and how long it runs."""

    after: After
    warn_before: Parameter[Units] | None = None
    least_after_pause: Parameter[Units] | None = None
    starts: tuple[Start, ...] = Field(min_length=1)
    moves: tuple[Hearing, ...] = ()
    stops: tuple[Hearing, ...] = ()
    pauses: tuple[Hearing, ...] = ()
    resumes: tuple[Resumption, ...] = ()

    @model_validator(mode="after")
    def _leaves_time(self) -> Self:
        if self.resumes and not (self.least_after_pause and self.least_after_pause.value):
            raise Wrong(
                "可以暂停的期限，须规定恢复后至少留多少时间（least_after_pause）",
                "what pauses must leave time afterwards: least_after_pause",
            )
        return self

    @property
    def by_sequence(self) -> bool:
        """Whether starts, stops and pauses are ordered by their subject's sequence at one source.

        Else they are ordered by the time of the event.
        """
        return _one_source((*self.starts, *self.stops, *self.pauses, *self.resumes))

    @property
    def moves_by_sequence(self) -> bool:
        """Whether moves are ordered by their subject's sequence at one source."""
        return _one_source(self.moves)


def _one_source(hearings: tuple[Hearing, ...]) -> bool:
    sources = {source_of(hearing.on) for hearing in hearings}
    return len(sources) <= 1 and not any(hearing.subject for hearing in hearings)


class RunRule(Rule):
    """Work that recurs: the days it is for, and the local time it is due."""

    every: Parameter[Every] | Every
    at: Parameter[LocalTime] | LocalTime

    @property
    def days(self) -> Every:
        """The days it is for."""
        return self.every.value if isinstance(self.every, Parameter) else self.every

    @property
    def time(self) -> str:
        """The local time it is due."""
        return self.at.value if isinstance(self.at, Parameter) else self.at


def _span(text: str) -> str:
    opening, closing = text.split("-")
    if time.fromisoformat(opening) >= time.fromisoformat(closing):
        raise Wrong("开门晚于关门", "it closes before it opens")
    return text


def _in_order(spans: tuple[str, ...]) -> tuple[str, ...]:
    if any(one.split("-")[1] > other for one, other in pairwise(spans)):
        raise Wrong("时段重叠或顺序不对", "the hours overlap or are not in order")
    return spans


OfficeSpan = Annotated[
    str,
    StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"),
    AfterValidator(_span),
]
OfficeHours = Annotated[tuple[OfficeSpan, ...], Field(min_length=1), AfterValidator(_in_order)]


def _known(country: str) -> str:
    official_year(country, 2025)
    return country


Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), AfterValidator(_known)]


class CalendarRules(Strict):
    """The calendar that working days are counted by, and who may say otherwise of a day."""

    country: Parameter[Country]
    office_hours: Parameter[OfficeHours]
    publish: Permission

    @property
    def hours(self) -> tuple[tuple[time, time], ...]:
        """The office hours of a working day."""
        spans = (span.split("-") for span in self.office_hours.value)
        return tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans)


class LeaveRules(Strict):
    """Who records leave, who reads it, and how much of it at once."""

    record: Permission
    read: Permission
    most_days: Parameter[Annotated[int, Field(ge=1, le=MOST_UNITS)]]


class ReadRules(Strict):
    """Who sees the clocks of everybody, and the runs. One's own clocks everybody sees."""

    clocks: Permission
    runs: Permission


class SchedulerPolicy(PolicySection):
    """Everything the scheduler decides by."""

    calendar: CalendarRules
    leave: LeaveRules
    clocks: dict[Name, ClockRule]
    runs: dict[Name, RunRule]
    read: ReadRules
