"""Everything that happened to one customer, in the order of time, each with its clause."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cli.month.days import ZONE
from cli.refusals import Language
from cli.rehearsal.books import Books
from cli.rehearsal.rows import moment

FOLLOWED = ("跟进：{title}", "follow-up: {title}")
NOT_VALID = ("跟进（无效：{reasons}）", "follow-up (invalid: {reasons})")
DUE = ("期限 {due}", "due {due}")
WARNED = ("提醒：{due} 到期", "warned: due {due}")
TOLD = ("due_time", "basis_time", "follow_up_time", "protect_time")
"""The figures of a decision that a history repeats: moments."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    at: datetime
    who: str
    clause: str
    text: str

    def shown(self) -> str:
        """Return the line as it is printed."""
        clause = f" [{self.clause}]" if self.clause else ""
        return f"{local(self.at)}  {self.who}  {self.text}{clause}"


def local(at: datetime) -> str:
    """Return a moment as the company's clocks show it."""
    return at.astimezone(ZONE).strftime("%m-%d %H:%M")


class Histories:
    """Tells the history of any customer from the databases of all services."""

    def __init__(self, books: Books, language: Language) -> None:
        self._books = books
        self._english = language == "en"
        staff = books["ownership"].all("SELECT staff_id, display_name FROM staff")
        self._names: dict[str, str] = dict(staff)

    def name(self, staff_id: str) -> str:
        """Return who somebody is; a service that acts by itself is called by its name."""
        return self._names.get(staff_id, staff_id)

    def of(self, customer_id: str) -> list[Line]:
        """Return what happened to a customer, the oldest first."""
        subjects = {customer_id, *self._cases(customer_id)}
        found = [line for subject in subjects for line in self._decisions(subject)]
        found += self._follow_ups(customer_id)
        found += self._deadlines(customer_id)
        return sorted(found, key=lambda line: line.at)

    def _cases(self, customer_id: str) -> list[str]:
        asked = "SELECT case_id, reference_id FROM review_case WHERE customer_id = ?"
        rows = self._books["review"].all(asked, customer_id)
        return [subject for row in rows for subject in row if subject]

    def _decisions(self, subject: str) -> Iterator[Line]:
        for rows in self._books.values():
            for at, actor_id, clause, zh, en, facts in rows.all(
                "SELECT decided_at, actor_id, clause, zh, en, facts FROM decision"
                " WHERE subject_id = ? AND outcome <> 'refused' ORDER BY position",
                subject,
            ):
                told = _moments(json.loads(facts))
                text = f"{en if self._english else zh}{told}"
                yield Line(moment(at), self.name(actor_id), clause, text)

    def _follow_ups(self, customer_id: str) -> Iterator[Line]:
        for at, author_id, title, valid, reasons in self._books["activity"].all(
            "SELECT recorded_at, author_id, title, valid, reasons FROM follow_up"
            " WHERE customer_id = ?",
            customer_id,
        ):
            faults = json.loads(reasons)
            clause = ", ".join(dict.fromkeys(fault["clause"] for fault in faults))
            said = ", ".join(fault["reason"] for fault in faults)
            text = (FOLLOWED if valid else NOT_VALID)[self._english]
            line = text.format(title=title, reasons=said)
            yield Line(moment(at), self.name(author_id), clause, line)

    def _deadlines(self, customer_id: str) -> Iterator[Line]:
        before = ""
        for kind, body in self._books["scheduler"].all(
            "SELECT type, body FROM outbox WHERE body LIKE ? AND type IN"
            " ('crm.scheduler.clocks.armed.v1', 'crm.scheduler.clocks.warned.v1')"
            " ORDER BY position",
            f"%{customer_id}%",
        ):
            envelope = json.loads(body)
            data = envelope["data"]
            for entry in data["entries"]:
                if entry["subject_id"] != customer_id:
                    continue
                warned = kind.endswith("warned.v1")
                due = local(datetime.fromisoformat(entry["due_time"]))
                if due != before or warned:
                    text = (WARNED if warned else DUE)[self._english].format(due=due)
                    at = datetime.fromisoformat(envelope["time"])
                    yield Line(at, self.name(entry["party_id"]), data["clause"], text)
                before = due


def _moments(facts: dict[str, Any]) -> str:
    told = [
        f"{name.removesuffix('_time')} {local(datetime.fromisoformat(facts[name]))}"
        for name in TOLD
        if facts.get(name)
    ]
    return f" ({', '.join(told)})" if told else ""
