"""Three customers of the month, and why they are where they are."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click

from cli.month.history import Histories
from cli.refusals import Language
from cli.rehearsal.books import Books
from cli.rehearsal.rows import moment

TITLES = {
    "reclaimed": ("收回后重新分配", "Reclaimed, and given to somebody else"),
    "saved": ("最后一天的跟进保住了客户", "Saved by a follow-up on the last day"),
    "ruled": ("一次争议，和它的计算", "A dispute, and its arithmetic"),
}
NONE_SUCH = ("这个月没有这样的客户。", "There was no such customer this month.")
LAST_DAY = timedelta(hours=24)


def tell(books: Books, language: Language) -> None:
    """Print a story of each kind, if the month has one."""
    histories = Histories(books, language)
    english = language == "en"
    for kind, find in (("reclaimed", reclaimed), ("saved", saved), ("ruled", ruled)):
        click.secho(f"\n{TITLES[kind][english]}", bold=True)
        customer_id = next(find(books), "")
        if not customer_id:
            click.echo(f"  {NONE_SUCH[english]}")
            continue
        asked = "SELECT full_name FROM position WHERE customer_id = ?"
        click.echo(f"  {books['ownership'].column(asked, customer_id)[0]}")
        for line in histories.of(customer_id):
            click.echo(f"    {line.shown()}")
        if kind == "ruled":
            for text in arithmetic(books, customer_id):
                click.echo(f"    {text}")


def reclaimed(books: Books) -> Iterator[str]:
    """Yield customers that were reclaimed and later distributed, the shortest history first."""
    yield from books["ownership"].column(
        "SELECT customer_id FROM position_change AS taken JOIN position_change AS given"
        " USING (customer_id) WHERE taken.manner = 'reclaimed' AND given.manner = 'distributed'"
        " AND given.change > taken.change GROUP BY customer_id ORDER BY COUNT(*), customer_id"
    )


def saved(books: Books) -> Iterator[str]:
    """Yield customers that were followed up on the last day of the deadline that was warned of."""
    asked = (
        "SELECT recorded_at FROM follow_up LEFT JOIN follow_up_void USING (follow_up_id)"
        " WHERE customer_id = ? AND valid AND voided_at IS NULL"
    )
    for body in books["scheduler"].column(
        "SELECT body FROM outbox WHERE type = 'crm.scheduler.clocks.warned.v1' ORDER BY position"
    ):
        data = json.loads(body)["data"]
        if data["clock"] != "reclaim":
            continue
        for entry in data["entries"]:
            due = datetime.fromisoformat(entry["due_time"])
            for at in books["activity"].column(asked, entry["subject_id"]):
                if due - LAST_DAY < moment(at) < due:
                    yield entry["subject_id"]


def ruled(books: Books) -> Iterator[str]:
    """Yield customers about which a dispute was ruled, the first ruling first."""
    for body in books["ownership"].column(
        "SELECT body FROM outbox WHERE type = 'crm.ownership.dispute.ruled.v1' ORDER BY position"
    ):
        yield json.loads(body)["data"]["customer_id"]


def arithmetic(books: Books, customer_id: str) -> Iterator[str]:
    """Yield what a ruling counted: the facts of the case that confirmed it, one to a line."""
    for evidence in books["review"].column(
        "SELECT evidence FROM review_case WHERE customer_id = ? AND reference_id <> ''"
        " ORDER BY submitted_at",
        customer_id,
    ):
        yield from _facts(json.loads(evidence))


def _facts(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _facts(item, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _facts(item, f"{name}.{number}")
    elif value not in ("", None, [], {}):
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        yield f"{name} = {shown}"
