"""From when a clock must count to be due by a moment: the one computation, asked backwards."""

from datetime import datetime, timedelta

from services.scheduler.domain.deadlines import deadline
from services.scheduler.domain.terms import Reckoning, Term

_ONE = timedelta(microseconds=1)


def due_if_before(until: datetime, term: Term, reckoning: Reckoning) -> datetime:
    """Return the first basis with which `term` is over after `until`.

    Every earlier one is due by then, since a later basis is never due earlier.
    """

    def is_due(basis: datetime) -> bool:
        return deadline(basis, term, reckoning).due_at <= until

    back = timedelta(days=1)
    while not is_due(until - back):
        back *= 2
    early, late = until - back, until + _ONE
    while late - early > _ONE:
        middle = early + (late - early) // 2
        early, late = (middle, late) if is_due(middle) else (early, middle)
    return late
