"""Three customers of the month, and why they are where they are."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

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
            for text in arithmetic(books, customer_id, english):
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
    """Yield customers about which a dispute was ruled, those about a signing first."""
    yield from books["ownership"].column(
        "SELECT ruling.customer_id FROM ruling JOIN dispute USING (dispute_id)"
        " ORDER BY dispute.signing_id = '', ruled_at"
    )


def arithmetic(books: Books, customer_id: str, english: bool) -> Iterator[str]:
    """Yield what each ruling about a customer said, and its grounds one by one."""
    for clause, zh, en, proposal in books["ownership"].all(
        "SELECT clause, zh, en, proposal FROM ruling JOIN dispute USING (dispute_id)"
        " WHERE ruling.customer_id = ? ORDER BY ruled_at",
        customer_id,
    ):
        yield f"→ {en if english else zh} [{clause}]"
        for number, ground in enumerate(json.loads(proposal).get("grounds", ()), start=1):
            yield f"  {number}. {ground['found']['en' if english else 'zh']} [{ground['clause']}]"
