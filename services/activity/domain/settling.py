"""Events after which nothing is left to do of a task, as a pack names them."""

import string
from collections.abc import Mapping
from typing import Any, Literal, Self, get_args

from pydantic import model_validator

from chassis.rules import Strict, Wrong

EventType = Literal[
    "crm.ownership.reallocation.proposed.v1",
    "crm.ownership.run.cancelled.v1",
    "crm.ownership.run.finished.v1",
    "crm.ownership.run.resumed.v1",
    "crm.review.case.advanced.v1",
    "crm.review.case.approved.v1",
    "crm.review.case.closed.v1",
]
"""Those that this service subscribes to for it, and no others."""

SETTLING: tuple[str, ...] = get_args(EventType)


class Settling(Strict):
    """An event that settles the tasks about a subject: it is done, or there is no need any more.

    `subject` writes the subject with fields of the event in braces; without it, it is the event's
    own. `and_earlier` settles besides those of the same series (all before the last `/`) that come
    before it.
    """

    on: EventType
    subject: str = ""
    and_earlier: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        try:
            names = [name for _, name, _, _ in string.Formatter().parse(self.subject)]
        except ValueError:
            names = [""]
        if any(name is not None and not name.isidentifier() for name in names):
            raise Wrong("大括号内须为事件的字段名", "braces hold the name of a field of the event")
        return self

    def subject_of(self, own: str, data: Mapping[str, Any]) -> str:
        """Return whose tasks an event settles; empty when it lacks a field that says so."""
        try:
            return self.subject.format_map(data) if self.subject else own
        except KeyError:
            return ""

    def reaches(self, subject: str, other: str) -> bool:
        """Whether what is settled for `subject` is so for `other`."""
        if subject == other:
            return True
        series = subject.rpartition("/")[0]
        earlier = other.rpartition("/")[0] == series and other < subject
        return self.and_earlier and series != "" and earlier
