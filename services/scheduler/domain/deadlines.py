"""When something is due: the one computation behind what is shown, warned of and enforced."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from services.scheduler.domain.calendar import ONE_DAY
from services.scheduler.domain.hours import in_hours
from services.scheduler.domain.terms import Deadline, Pause, Reckoning, Skipped, Term, Unit


def deadline(
    basis: datetime,
    term: Term,
    reckoning: Reckoning,
    pauses: Iterable[Pause] = (),
    floor: datetime | None = None,
) -> Deadline:
    """Return when `term` after `basis` is over, in UTC; never before `basis` nor before `floor`.

    Terms in days or months end when the last day ends (24:00); the day of `basis` does not count,
    nor does a day that a pause touches. After a pause at least `least_after_pause` units remain,
    even if it was due before the pause began: it was taken away then, and given back.
    """
    found = _BY_UNIT[term.unit](basis, term, reckoning, _merged(pauses, basis))
    if floor is not None and found.due_at < floor:
        return Deadline(floor, found.warn_at, found.counted, found.skipped)
    return found


def _merged(pauses: Iterable[Pause], basis: datetime) -> list[Pause]:
    """Return what of the pauses lies after `basis`, in order, overlapping ones as one."""
    merged: list[Pause] = []
    for pause in sorted(pauses):
        begin = max(pause.begin, basis)
        if pause.end <= begin:
            continue
        if merged and begin <= merged[-1].end:
            merged[-1] = Pause(merged[-1].begin, max(merged[-1].end, pause.end))
        else:
            merged.append(Pause(begin, pause.end))
    return merged


def _in_days(
    basis: datetime, term: Term, reckoning: Reckoning, pauses: Sequence[Pause]
) -> Deadline:
    first = day = reckoning.day_of(basis)
    spans = [(reckoning.day_of(pause.begin), reckoning.day_of(pause.end)) for pause in pauses]
    resumed = spans[-1][1] if spans else first
    counted: list[date] = []
    skipped: list[tuple[date, Skipped]] = []
    since_resumed, least = 0, term.least_after_pause if spans else 0
    while len(counted) < term.amount or since_resumed < least:
        day += ONE_DAY
        why = reckoning.skips(day) if term.unit is Unit.WORKING_DAYS else None
        if why is None and any(begin <= day <= end for begin, end in spans):
            why = Skipped.PAUSED
        if why is not None:
            skipped.append((day, why))
            continue
        counted.append(day)
        since_resumed += day > resumed
    due_at = reckoning.starts(day + ONE_DAY)
    warn_at = None
    if term.warn_before:
        late = counted[-term.warn_before :]
        warn_at = max(basis, reckoning.starts(late[0]) if late else basis)
    return Deadline(due_at, warn_at, tuple(counted), tuple(skipped))


def _in_months(
    basis: datetime, term: Term, reckoning: Reckoning, pauses: Sequence[Pause]
) -> Deadline:
    first = reckoning.day_of(basis)
    last = months_after(first, term.amount)
    plain = Term((last - first).days, Unit.CALENDAR_DAYS)
    found = _in_days(basis, plain, reckoning, pauses)
    warn_at = None
    if term.warn_before:
        early = months_after(reckoning.day_of(found.due_at) - ONE_DAY, -term.warn_before)
        warn_at = max(basis, reckoning.starts(early + ONE_DAY))
    return Deadline(found.due_at, warn_at, found.counted, found.skipped)


def months_after(day: date, count: int) -> date:
    """Return the same day of the month `count` months later, or that month's last day."""
    month = day.year * 12 + day.month - 1 + count
    following = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(month // 12, month % 12 + 1, 1) + (day.day - 1) * ONE_DAY, following - ONE_DAY)


_BY_UNIT = {
    Unit.WORKING_DAYS: _in_days,
    Unit.CALENDAR_DAYS: _in_days,
    Unit.MONTHS: _in_months,
    Unit.WORKING_HOURS: in_hours,
    Unit.HOURS: in_hours,
}
