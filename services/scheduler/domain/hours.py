"""Terms that are counted in hours: of the office on working days, or plainly."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from services.scheduler.domain.calendar import ONE_DAY
from services.scheduler.domain.terms import Deadline, Pause, Reckoning, Term, Unit

_NONE = timedelta()
_YEAR = 365 * ONE_DAY
_Span = tuple[datetime, datetime]


def in_hours(
    basis: datetime, term: Term, reckoning: Reckoning, pauses: Sequence[Pause]
) -> Deadline:
    """Return when the hours of `term` after `basis` are used up; paused time does not count."""
    office = term.unit is Unit.WORKING_HOURS
    spans = _office_hours(basis, reckoning) if office else _all_hours(basis)
    wanted = timedelta(hours=term.amount)
    least = timedelta(hours=term.least_after_pause) if pauses else _NONE
    resumed = pauses[-1].end if pauses else basis
    worked: list[_Span] = []
    total = since_resumed = _NONE
    for begin, end in _without(spans, pauses):
        again = begin >= resumed
        missing = max(wanted - total, least - since_resumed if again else _NONE)
        if missing <= _NONE:
            if again:
                break
            continue
        worked.append((begin, min(end, begin + missing)))
        taken = worked[-1][1] - begin
        total += taken
        since_resumed += taken if again else _NONE
    due_at = worked[-1][1] if worked else basis
    warn_at = _back(worked, timedelta(hours=term.warn_before)) or basis
    if not office:
        return Deadline(due_at, warn_at if term.warn_before else None, (), ())
    counted = tuple(sorted({reckoning.day_of(begin) for begin, _ in worked}))
    first, last = reckoning.day_of(basis), reckoning.day_of(due_at)
    days = (first + number * ONE_DAY for number in range((last - first).days + 1))
    skipped = tuple((day, why) for day in days if (why := reckoning.skips(day)))
    return Deadline(due_at, warn_at if term.warn_before else None, counted, skipped)


def _office_hours(basis: datetime, reckoning: Reckoning) -> Iterator[_Span]:
    day = reckoning.day_of(basis)
    while True:
        for opening, closing in () if reckoning.skips(day) else reckoning.hours:
            begin = datetime.combine(day, opening, reckoning.zone).astimezone(UTC)
            end = datetime.combine(day, closing, reckoning.zone).astimezone(UTC)
            if end > basis:
                yield max(begin, basis), end
        day += ONE_DAY


def _all_hours(basis: datetime) -> Iterator[_Span]:
    while True:
        yield basis, basis + _YEAR
        basis += _YEAR


def _without(spans: Iterator[_Span], pauses: Sequence[Pause]) -> Iterator[_Span]:
    """Yield what of the spans no pause covers."""
    for begin, end in spans:
        for pause in pauses:
            if pause.end <= begin or pause.begin >= end:
                continue
            if pause.begin > begin:
                yield begin, pause.begin
            begin = max(begin, pause.end)  # noqa: PLW2901 - what is left of the span
        if begin < end:
            yield begin, end


def _back(worked: Sequence[_Span], span: timedelta) -> datetime | None:
    """Return the moment from which `span` of the worked time remains, None when there is less."""
    for begin, end in reversed(worked):
        if end - begin >= span:
            return end - span
        span -= end - begin
    return None
