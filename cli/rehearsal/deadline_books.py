"""I4 and I8: nobody lost a customer too early, and the deadline shown is the one that holds.

Worked out from the rows of activity and the announcements of ownership, by the oracle.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from cli.rehearsal.books import Books
from cli.rehearsal.oracle import Away, Days, due
from cli.rehearsal.rows import Rows, moment

ENDLESS = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Holding:
    """A customer in somebody's library, as ownership announced it."""

    customer_id: str
    holder_id: str
    protected_at: datetime
    ended_at: datetime | None = None
    manner: str = ""
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    frozen_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up that was valid when it was recorded."""

    recorded_at: datetime
    voided_at: datetime | None


class Deadlines:
    """What deadlines hang on, read once from the databases of all services."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self.holdings = list(_holdings(books["ownership"]))
        self._follow_ups = _follow_ups(books["activity"])
        self._away = _leave(books["scheduler"])
        self._named = _named_days(books["scheduler"])
        zone = "SELECT time_zone FROM policy_version ORDER BY version DESC LIMIT 1"
        self._zone = ZoneInfo(books["scheduler"].column(zone)[0])
        self._terms = _terms(books["scheduler"])

    def enforced(self, holding: Holding, until: datetime) -> datetime:
        """Return before when a holding was not due, by what was known and valid at a moment.

        A follow-up counts that was recorded before the deadline at hand, and not made void. So
        does leave, and what was said of days, whatever messages did; what was taken back by then
        is not counted on.
        """
        basis = holding.protected_at
        while True:
            found = self._least(holding, basis, until)
            later = [at for at in self._valid(holding, until) if basis < at < found]
            if not later:
                return found
            basis = max(later)

    def _least(self, holding: Holding, basis: datetime, until: datetime) -> datetime:
        """Return the earliest deadline that may have been shown in the end.

        A day off that is published before a deadline makes it later; a working day never makes it
        earlier, but for a clock that heard of its follow-up only after it.
        """
        away = [
            one
            for one in self._away[holding.holder_id]
            if one.cancelled_at is None or one.cancelled_at > until
        ]
        said = [row for row in self._named if basis < row[0] <= until]
        found = self._due(holding, basis, basis, away)
        for at in sorted({row[0] for row in said}):
            again = self._due(holding, basis, at, away)
            if any(working or not stated for _, _, stated, working in said):
                found = min(found, again)
            elif at < found:
                found = max(found, again)
        return found

    def shown(self, holding: Holding) -> tuple[datetime, datetime]:
        """Return between which moments the deadline of a holding lies that still goes on.

        It counts from the last valid follow-up. The moments differ where leave became known only
        after the deadline that it would have moved, and where one was cancelled meanwhile: whether
        the clock heard of the leave before it heard of the cancellation is not in the books.
        """
        away = self._away[holding.holder_id]
        basis = max([holding.protected_at, *self._valid(holding, ENDLESS)])
        early = self._due(holding, basis, ENDLESS, [one for one in away if not one.cancelled_at])
        known = [
            Away(one.first, one.last, basis, None)
            for one in away
            if one.cancelled_at is None or one.cancelled_at > basis
        ]
        return early, self._due(holding, basis, ENDLESS, known)

    def _due(
        self, holding: Holding, basis: datetime, until: datetime, away: list[Away]
    ) -> datetime:
        """Return a deadline by the calendar of a moment and the term of the end of the holding."""
        at = holding.ended_at or ENDLESS
        terms = [count for effective, count in self._terms if effective <= at]
        count = terms[-1] if terms else self._terms[0][1]
        days = Days(self._zone, self._named_at(until))
        return due(basis, count, days, away, holding.pauses)

    def _valid(self, holding: Holding, until: datetime) -> list[datetime]:
        return [
            one.recorded_at
            for one in self._follow_ups[holding.customer_id]
            if one.recorded_at < until and (one.voided_at is None or one.voided_at > until)
        ]

    def _named_at(self, until: datetime) -> dict[date, bool]:
        named: dict[date, bool] = {}
        for known_at, day, stated, working in self._named:
            if known_at <= until and stated:
                named[day] = working
            elif known_at <= until:
                named.pop(day, None)
        return named

    @property
    def changed_at(self) -> datetime:
        """Since when the term in force has been in force: what was due before it stays due."""
        return self._terms[-1][0]

    def terms_between(self, begin: datetime, end: datetime) -> bool:
        """Whether the term changed while a holding ran."""
        return any(begin < effective <= end for effective, _ in self._terms)


def reclaimed_in_time(books: Books) -> Iterator[str]:
    """I4: nothing was reclaimed while a valid follow-up lay inside the window, nor frozen."""
    known = Deadlines(books)
    for holding in known.holdings:
        if holding.manner != "reclaimed" or holding.ended_at is None:
            continue
        if holding.frozen_since:
            yield f"{holding.customer_id} was reclaimed while it was frozen"
        if known.terms_between(holding.protected_at, holding.ended_at):
            continue
        low = known.enforced(holding, holding.ended_at)
        if low > holding.ended_at:
            yield (
                f"{holding.customer_id} of {holding.holder_id} was reclaimed at"
                f" {holding.ended_at:%m-%d %H:%M}, before {low:%m-%d %H:%M}"
            )


def shown_is_enforced(books: Books) -> Iterator[str]:
    """I8: the deadline shown is the clock's, and is what it comes to when worked out again."""
    known = Deadlines(books)
    clocks = {
        row[0]: row[1:]
        for row in books["scheduler"].all(
            "SELECT subject_id, due_at, state FROM clock WHERE clock = 'reclaim'"
        )
    }
    shown = dict(
        books["ownership"].all(
            "SELECT customer_id, due_at FROM position"
            " WHERE holder_id IS NOT NULL AND freeze_count = 0"
        )
    )
    own_days = books["scheduler"].one("SELECT 1 FROM calendar_day WHERE NOT official")
    for holding in known.holdings:
        if holding.ended_at or holding.customer_id not in shown:
            continue
        clock_due, state = clocks.get(holding.customer_id, (None, "missing"))
        if shown[holding.customer_id] != clock_due or clock_due is None:
            yield (
                f"{holding.customer_id} shows {shown[holding.customer_id]},"
                f" its clock is {state} for {clock_due}"
            )
            continue
        low, high = known.shown(holding)
        may_be_later = own_days or known.terms_between(holding.protected_at, ENDLESS)
        told = moment(clock_due)
        if told <= known.changed_at:
            continue
        if told < low or (told > high and not may_be_later):
            yield f"{holding.customer_id} shows {clock_due} and is due at {low} to {high}"


def _holdings(rows: Rows) -> Iterator[Holding]:
    current: dict[str, Holding] = {}
    for kind, body in rows.all(
        "SELECT type, body FROM outbox WHERE type LIKE 'crm.ownership.holding.%' ORDER BY position"
    ):
        envelope = json.loads(body)
        data, at = envelope["data"], _time(envelope["time"])
        customer_id = envelope["subject"]
        match kind.split(".")[3]:
            case "granted":
                if customer_id in current:
                    yield _ended(current.pop(customer_id), at, data["manner"])
                began = _time(data["protect_time"])
                current[customer_id] = Holding(customer_id, data["holder_id"], began)
                if data.get("pause_time"):
                    current[customer_id].pauses.append((_time(data["pause_time"]), at))
            case "released":
                if customer_id in current:
                    yield _ended(current.pop(customer_id), at, data["manner"])
            case "frozen" if customer_id in current:
                current[customer_id].frozen_since = _time(data["freeze_time"])
            case "thawed" if customer_id in current and current[customer_id].frozen_since:
                span = _time(data["freeze_time"]), _time(data["thaw_time"])
                current[customer_id].pauses.append(span)
                current[customer_id].frozen_since = None
    yield from current.values()


def _ended(holding: Holding, at: datetime, manner: str) -> Holding:
    holding.ended_at, holding.manner = at, manner
    return holding


def _follow_ups(rows: Rows) -> dict[str, list[FollowUp]]:
    found: dict[str, list[FollowUp]] = defaultdict(list)
    for customer_id, recorded_at, voided_at in rows.all(
        "SELECT customer_id, recorded_at, voided_at FROM follow_up"
        " LEFT JOIN follow_up_void USING (follow_up_id) WHERE valid"
    ):
        voided = moment(voided_at) if voided_at else None
        found[customer_id].append(FollowUp(moment(recorded_at), voided))
    return found


def _leave(rows: Rows) -> dict[str, list[Away]]:
    found: dict[str, list[Away]] = defaultdict(list)
    for staff_id, first, last, recorded_at, cancelled_at in rows.all(
        "SELECT staff_id, first_day, last_day, recorded_at, cancelled_at"
        " FROM leave LEFT JOIN leave_cancellation USING (leave_id)"
    ):
        cancelled = moment(cancelled_at) if cancelled_at else None
        span = date.fromisoformat(first), date.fromisoformat(last)
        found[staff_id].append(Away(*span, moment(recorded_at), cancelled))
    return found


def _named_days(rows: Rows) -> list[tuple[datetime, date, bool, bool]]:
    """Return what was stated of days, when, in the order in which it goes over what was before.

    What the company says of a day goes over what is official, and the newer over the older.
    """
    return [
        (moment(published_at), date.fromisoformat(day), bool(stated), bool(working))
        for published_at, day, stated, working in rows.all(
            "SELECT published_at, day, named, working FROM calendar_day"
            " JOIN calendar_version USING (calendar, version) ORDER BY official DESC, version"
        )
    ]


def _terms(rows: Rows) -> list[tuple[datetime, int]]:
    """Return from when on how many working days were allowed, where that changed."""
    found: list[tuple[datetime, int]] = []
    for effective_at, section in rows.all(
        "SELECT effective_at, section FROM policy_version ORDER BY effective_at, version"
    ):
        count = json.loads(section)["parameters"]["reclaim.days"]["value"]
        if not found or found[-1][1] != count:
            found.append((moment(effective_at), count))
    return found


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


ALL = (reclaimed_in_time, shown_is_enforced)
