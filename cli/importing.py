"""`crm import`: customers from a file into the public pool, with a verdict for every row."""

import hashlib
import json
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from cli.refusals import Problem
from cli.results import Finding, Outcome, result_file
from cli.session import Platform, Session, platform_options
from cli.sheets import Row, Unreadable, open_sheet

BATCH_ROWS = 200
BATCH_BYTES = 600_000
ROLE = "customer_service"
TOLD_EVERY = 1_000


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--result", type=click.Path(dir_okay=False, path_type=Path),
              help="Where the verdicts go: .csv or .xlsx.  [default: FILE.result.csv]")  # fmt: skip
@click.option("--again", is_flag=True, help="Decide anew what an earlier run has decided.")
@platform_options
def command(
    platform: Platform, file: Path, dry_run: bool, result: Path | None, again: bool
) -> None:
    """Bring the customers of FILE (CSV or XLSX) into the public pool.

    Every row goes through the gates of a customer that is typed. An import that was interrupted can
    be run again: nothing is entered twice.
    """
    try:
        sheet = open_sheet(file)
        total = sum(1 for _ in sheet.rows())
    except Unreadable as error:
        raise click.ClickException(str(error)) from None
    if sheet.unknown:
        click.echo(f"Columns not used: {', '.join(sheet.unknown)}", err=True)
    target = result or file.with_name(f"{file.name}.result.csv")
    run = hashlib.sha256(file.read_bytes()).hexdigest()[:32]
    if again:
        run = uuid.uuid4().hex
    tally = Tally(dry_run)
    with (
        platform.sign_in(ROLE) as session,
        result_file(target) as write,
        progress(total) as advance,
    ):
        for number, batch in enumerate(batches(sheet.rows())):
            request_id = f"{run}-{number}{'-dry' if dry_run else ''}"
            for outcome in tally.mark_repeated(batch, send(session, batch, request_id, dry_run)):
                tally.add(outcome)
                for cells in outcome.cells(tally.verdicts):
                    write(cells)
            advance(len(batch))
    tally.show(target)


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Group rows into requests; the same rows are always grouped in the same way."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        length = len(json.dumps(row.form, ensure_ascii=False).encode(errors="replace"))
        if batch and (len(batch) == BATCH_ROWS or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += length
    if batch:
        yield batch


def send(session: Session, batch: list[Row], request_id: str, dry_run: bool) -> Iterator[Outcome]:
    """Send a batch; yields an outcome for every row, in order.

    A request with rows that break the contract itself is refused as a whole: those rows get
    what was said of them, and the others are sent without them.
    """
    malformed: dict[int, list[Finding]] = {}
    answers: list[dict[str, Any]] = []
    while len(malformed) < len(batch):
        rows = [row.form for at, row in enumerate(batch) if at not in malformed]
        body = {
            "rows": rows,
            "validate_only": dry_run,
            "request_id": f"{request_id}-{len(malformed)}" if malformed else request_id,
        }
        try:
            answers = session.post("/v1/customers:import", body).get("rows", [])
            break
        except Problem as problem:
            sent = [at for at in range(len(batch)) if at not in malformed]
            found = row_errors(problem, "rows")
            if not found:
                raise
            malformed |= {sent[at]: findings for at, findings in found.items()}
    told = iter(answers)
    for at, row in enumerate(batch):
        name = str(row.form.get("full_name", ""))
        if at in malformed:
            yield Outcome(row.line, name, False, "", tuple(malformed[at]))
            continue
        answer = next(told)
        findings = [
            Finding(kind, one["reason"], one["clause"], one["zh"], one["en"], one["field"])
            for kind, key in (("refusal", "refusals"), ("advice", "advice"))
            for one in answer.get(key, ())
        ]
        yield Outcome(
            row.line, name, answer["accepted"], answer.get("customer_id", ""), tuple(findings)
        )


def row_errors(problem: Problem, rows: str) -> dict[int, list[Finding]]:
    """Return what a refusal says of single rows of the list `rows`; nothing when of others."""
    found: dict[int, list[Finding]] = {}
    for error in problem.document.get("errors", ()):
        path = str(error.get("pointer", "")).removeprefix("#/").split("/")
        if len(path) < 2 or path[0] != rows or not path[1].isdecimal():
            return {}
        finding = Finding(
            "refusal",
            error.get("reason", ""),
            error.get("clause", ""),
            error.get("detail_zh", ""),
            error.get("detail_en", ""),
            "/".join(path[2:]),
        )
        found.setdefault(int(path[1]), []).append(finding)
    return found


class Tally:
    """Counts what became of the rows, and finds those that a file holds twice."""

    def __init__(self, dry_run: bool) -> None:
        self.verdicts = ("would enter", "refused") if dry_run else ("entered", "refused")
        self._rehearsed = dry_run
        self._verdicts: Counter[bool] = Counter()
        self._reasons: Counter[tuple[str, str]] = Counter()
        self._examples: dict[tuple[str, str], tuple[int, Finding]] = {}
        self._lines: dict[bytes, int] = {}

    def mark_repeated(self, batch: list[Row], outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Name the earlier line of a customer that comes again; a rehearsal refuses it."""
        for row, outcome in zip(batch, outcomes, strict=True):
            first = self._lines.setdefault(_same(row.form), row.line)
            if first == row.line:
                yield outcome
                continue
            note = Finding(
                "refusal" if self._rehearsed and outcome.accepted else "note",
                "REPEATED_IN_FILE",
                "",
                f"与本文件第 {first} 行相同。",
                f"The same as line {first} of this file.",
                "full_name",
            )
            accepted = outcome.accepted and not self._rehearsed
            yield Outcome(
                outcome.line,
                outcome.full_name,
                accepted,
                outcome.customer_id,
                (*outcome.findings, note),
            )

    def add(self, outcome: Outcome) -> None:
        """Count an outcome."""
        self._verdicts[outcome.accepted] += 1
        for found in outcome.findings:
            key = (found.clause or "-", found.reason)
            self._reasons[key] += 1
            self._examples.setdefault(key, (outcome.line, found))

    def show(self, target: Path) -> None:
        """Print the totals, and the findings by clause."""
        from rich.table import Table

        from cli.tables import show_table

        entered, refused = self.verdicts
        table = Table("clause", "reason", "rows", "finding", "first line", "例 / example")
        for key, count in sorted(self._reasons.items()):
            line, found = self._examples[key]
            table.add_row(*key, str(count), found.kind, str(line), f"{found.zh}\n{found.en}")
        if self._reasons:
            show_table(table)
        click.echo(f"{entered}: {self._verdicts[True]}, {refused}: {self._verdicts[False]}")
        click.echo(f"Row by row: {target}")


def _same(form: dict[str, Any]) -> bytes:
    """Return a digest that rows of one customer share."""
    from services.customers.domain.folding import bare, fold

    parts = [form.get(key, "") for key in ("industry_kind", "full_name", "contact")]
    text = "\n".join(bare(fold(part)) for part in parts)
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=12).digest()


@contextmanager
def progress(total: int, what: str = "import") -> Iterator[Callable[[int], None]]:
    """Show how far it is: a bar on a terminal, else a line now and then."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(what, total=total)
            yield lambda count: bar.advance(task, count)
        return
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        before, done = done, done + count
        if done == total or before // TOLD_EVERY != done // TOLD_EVERY:
            click.echo(f"{done} of {total} rows", err=True)

    yield advance
