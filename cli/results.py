"""The row-by-row result of an import, as a file that spreadsheets open."""

import csv
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

HEADER = (
    "line",
    "full_name",
    "verdict",
    "customer_id",
    "finding",
    "field",
    "clause",
    "reason",
    "zh",
    "en",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Finding:
    """One ground of refusal, or one piece of advice."""

    kind: str
    reason: str
    clause: str
    zh: str
    en: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row, or would."""

    line: int
    full_name: str
    accepted: bool
    customer_id: str = ""
    findings: tuple[Finding, ...] = field(default=())

    def cells(self, verdicts: tuple[str, str]) -> Iterator[tuple[Any, ...]]:
        """Yield a line of the result for each finding, one at least."""
        head = (self.line, self.full_name, verdicts[not self.accepted], self.customer_id)
        for found in self.findings or (Finding("", "", "", "", ""),):
            yield *head, found.kind, found.field, found.clause, found.reason, found.zh, found.en


class Writer(Protocol):
    """Takes the lines of a result."""

    def __call__(self, cells: tuple[Any, ...]) -> object: ...


@contextmanager
def result_file(path: Path, header: tuple[str, ...] = HEADER) -> Iterator[Writer]:
    """Open a result: XLSX when its name ends so, else CSV in UTF-8 that Excel recognises."""
    opened = _workbook(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    with opened as write:
        write(header)
        yield write


@contextmanager
def _csv(path: Path) -> Iterator[Writer]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)

        def write(cells: tuple[Any, ...]) -> None:
            writer.writerow([_harmless(cell) for cell in cells])

        yield write


@contextmanager
def _workbook(path: Path) -> Iterator[Writer]:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    with closing(Workbook(write_only=True)) as book:
        sheet = book.create_sheet("result")

        def write(cells: tuple[Any, ...]) -> None:
            row = []
            for value in cells:
                cell = WriteOnlyCell(sheet, value=_printable(value))
                if isinstance(value, str):
                    cell.data_type = "s"
                row.append(cell)
            sheet.append(row)

        try:
            yield write
        finally:
            book.save(path)


def _harmless(cell: Any) -> Any:
    """Keep a text from being taken for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _printable(cell: Any) -> Any:
    """Leave out control characters, which a workbook cannot hold."""
    if not isinstance(cell, str):
        return cell
    return "".join(ch for ch in cell if ch.isprintable() or ch in "\n\t")
