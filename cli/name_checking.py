"""`crm check-names`: many names from a file against the customers, with the best hits of each."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import click

from cli.importing import progress, row_errors
from cli.journal import Journal
from cli.refusals import Language, Problem
from cli.results import Finding, result_file
from cli.session import Platform, Session, platform_options
from cli.sheets import Row, Unreadable, detect_encoding, open_sheet

BATCH = 50
"""Names in a request, the most that it may have."""

AHEAD = 2
"""Requests that wait for each one that is under way."""

ROLE = "customer_service"
OTHERS = 2
"""Hits that are told besides the best one."""

HEADER = (
    "line",
    "full_name",
    "grade",
    "score",
    "hit",
    "customer_id",
    "location",
    "reasons",
    "other_hits",
    "ignored",
    "check_id",
    "error",
)
GRADES = ("same", "likely", "similar", "none", "error")


@click.command("check-names")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--result", type=click.Path(dir_okay=False, path_type=Path),
              help="Where the answers go: .csv or .xlsx.  [default: FILE.checked.csv]")  # fmt: skip
@click.option("--at-once", type=click.IntRange(1, 32), default=4, show_default=True,
              help="Requests under way at the same time.")  # fmt: skip
@click.option("--again", is_flag=True, help="Ask again what an interrupted run has asked.")
@platform_options
def command(platform: Platform, file: Path, result: Path | None, at_once: int, again: bool) -> None:
    """Check the names of FILE for duplicates: TXT with a name in each line, CSV or XLSX.

    Every name is recorded as a check, as if it were typed. A run that was interrupted goes on where
    it stopped. Of a customer that one may not see only that it exists is told.
    """
    try:
        rows = list(read_names(file))
    except Unreadable as error:
        raise click.ClickException(str(error)) from None
    target = result or file.with_name(f"{file.name}.checked.csv")
    run = hashlib.sha256(file.read_bytes()).hexdigest()[:32]
    waiting = target.with_name(f"{target.name}.unfinished")
    if again:
        waiting.unlink(missing_ok=True)
    journal = Journal(waiting, run)
    batches = {at // BATCH: rows[at : at + BATCH] for at in range(0, len(rows), BATCH)}
    left = {number: batch for number, batch in batches.items() if number not in journal.known}
    before = len(rows) - sum(len(batch) for batch in left.values())
    began = time.monotonic()
    with ExitStack() as stack, progress(len(rows), "check") as advance:
        sessions = [stack.enter_context(platform.sign_in(ROLE)) for _ in range(at_once)]
        advance(before)
        for number, lines in ask_all(sessions, left):
            journal.keep(number, lines)
            advance(len(batches[number]))
    seconds = time.monotonic() - began
    tally: Counter[str] = Counter()
    with result_file(target, HEADER) as write:
        for lines in journal.contents():
            for cells in lines:
                tally[cells[HEADER.index("grade")]] += 1
                write(tuple(cells))
    journal.close()
    click.echo(", ".join(f"{grade}: {tally[grade]}" for grade in GRADES))
    click.echo(f"{(len(rows) - before) / max(seconds, 0.001):.0f} names a second")
    click.echo(f"Name by name: {target}")


def read_names(file: Path) -> Iterator[Row]:
    """Yield the names of a file; Unreadable without a column of names."""
    if file.suffix.lower() != ".txt":
        yield from (row for row in open_sheet(file).rows() if row.form.get("full_name"))
        return
    with file.open(encoding=detect_encoding(file)) as lines:
        for number, line in enumerate(lines, 1):
            if name := line.strip():
                yield Row(number, {"full_name": name})


def ask_all(
    sessions: list[Session], batches: dict[int, list[Row]]
) -> Iterator[tuple[int, list[list[Any]]]]:
    """Ask about batches, one with each session at a time; yields answers as they come."""
    free: SimpleQueue[Session] = SimpleQueue()
    for session in sessions:
        free.put(session)

    def ask(number: int, batch: list[Row]) -> tuple[int, list[list[Any]]]:
        session = free.get()
        try:
            return number, check(session, batch)
        finally:
            free.put(session)

    wanted = iter(batches.items())
    under_way: set[Future[tuple[int, list[list[Any]]]]] = set()
    with ThreadPoolExecutor(len(sessions)) as threads:
        try:
            while True:
                for number, batch in wanted:
                    under_way.add(threads.submit(ask, number, batch))
                    if len(under_way) == AHEAD * len(sessions):
                        break
                if not under_way:
                    return
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                for one in done:
                    yield one.result()
        finally:
            threads.shutdown(cancel_futures=True)


def check(session: Session, batch: Iterable[Row]) -> list[list[Any]]:
    """Check names; returns a line of the result for each, in order.

    A request with names that break the contract itself is refused as a whole: those get what
    was said of them, and the others are sent without them.
    """
    rows = list(batch)
    wrong: dict[int, list[Finding]] = {}
    answers: list[dict[str, Any]] = []
    while len(wrong) < len(rows):
        sent = [at for at in range(len(rows)) if at not in wrong]
        try:
            body = {"names": [_asked(rows[at]) for at in sent]}
            answers = session.post("/v1/duplicateChecks:batch", body)["duplicate_checks"]
            break
        except Problem as problem:
            found = row_errors(problem, "names")
            if not found:
                raise
            wrong |= {sent[at]: findings for at, findings in found.items()}
    told = iter(answers)
    lines = []
    for at, row in enumerate(rows):
        if at in wrong:
            said = "; ".join(getattr(one, session.language) for one in wrong[at])
            lines.append([row.line, row.form["full_name"], "error", *[""] * 8, said])
        else:
            lines.append(_line(row, next(told), session.language))
    return lines


def _asked(row: Row) -> dict[str, str]:
    fields = ("full_name", "industry_kind", "contact")
    return {name: row.form[name] for name in fields if name in row.form}


def _line(row: Row, found: dict[str, Any], language: Language) -> list[Any]:
    hits = found.get("hits", [])
    best = hits[0] if hits else {}
    return [
        row.line,
        row.form["full_name"],
        found["grade"].removeprefix("DUPLICATE_GRADE_").lower(),
        best.get("score", ""),
        best.get("full_name", ""),
        best.get("customer_id", ""),
        best.get("location", ""),
        " ".join(reason[language] for reason in best.get("reasons", ())),
        "; ".join(f"{hit['full_name']} ({hit['score']:g})" for hit in hits[1 : 1 + OTHERS]),
        " ".join(found.get("ignored", ())),
        found["check_id"],
        "",
    ]
