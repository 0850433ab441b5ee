"""Reads customers from CSV and XLSX files, row by row, whatever their columns are called."""

import codecs
import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "full_name": ("企业全称", "公司全称", "客户名称", "name"),
    "business_address": ("经营地址", "地址"),
    "hr_lead": ("hr负责人", "人事负责人"),
    "phones": ("客户电话", "电话", "phone"),
    "industry_kind": ("客户类型", "行业类型"),
    "category": ("客户类别",),
    "contact": ("联系人",),
    "unified_credit_code": ("统一社会信用代码", "信用代码"),
}
"""Field of the form -> names of its column, besides its own."""

VALUES: Mapping[str, Mapping[str, str]] = {
    "industry_kind": {"一般": "general", "保险": "insurance_individual", "证券": "securities"},
    "category": {
        "意向客户": "intended",
        "意向": "intended",
        "过期会员": "expired_member",
        "过期会员客户": "expired_member",
        "在线会员": "online",
        "在线": "online",
    },
}
"""What may be written in Chinese for a value of the form."""

PHONE_SEPARATORS = str.maketrans(dict.fromkeys("；、/／,，", ";"))
CHUNK = 1 << 16


class Unreadable(ValueError):
    """A file is no table of customers; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty: the line of the file it begins on, and what it says of the form."""

    line: int
    form: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A readable file. `unknown` are the columns that mean nothing to us."""

    path: Path
    encoding: str
    fields: tuple[str, ...]
    unknown: tuple[str, ...]

    def rows(self) -> Iterator[Row]:
        """Yield the rows, reading the file as they are asked for."""
        lines = _lines(self.path, self.encoding)
        next(lines, None)
        for line, cells in lines:
            form = _form(self.fields, cells)
            if form:
                yield Row(line, form)


def open_sheet(path: Path) -> Sheet:
    """Look at a file's encoding and columns; raises Unreadable without a column of names."""
    encoding = "" if _is_workbook(path) else detect_encoding(path)
    lines = _lines(path, encoding)
    _, header = next(lines, (0, []))
    known = {_plain(name): field for field, names in COLUMNS.items() for name in (field, *names)}
    fields = tuple(known.get(_plain(name), "") for name in header)
    if "full_name" not in fields:
        raise Unreadable(f"{path.name}: no column 企业全称 / full_name in: {', '.join(header)}")
    doubled = {field for field in fields if field and fields.count(field) > 1}
    if doubled:
        raise Unreadable(f"{path.name}: more than one column for {', '.join(sorted(doubled))}")
    unknown = (name for name, field in zip(header, fields, strict=True) if not field)
    return Sheet(path, encoding, fields, tuple(name for name in unknown if name))


def detect_encoding(path: Path) -> str:
    """Return `utf-8-sig` for UTF-8 with or without BOM, else `gb18030`; raises Unreadable."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable(f"{path.name}: neither UTF-8 nor GB18030")


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in (".xlsx", ".xlsm")


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    return _read_workbook(path) if _is_workbook(path) else _read_csv(path, encoding)


def _read_csv(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline()
        file.seek(0)
        reader = csv.reader(file, delimiter=max(",\t;", key=first.count))
        line = 1
        try:
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise Unreadable(f"{path.name}:{line}: {error}") from None


def _read_workbook(path: Path) -> Iterator[tuple[int, list[str]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise Unreadable(f"{path.name}: not an XLSX workbook ({error})") from None
    with closing(book):
        sheet = book.worksheets[0]
        # A workbook that states a wrong size would be cut short.
        sheet.reset_dimensions()
        for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield line, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """Write a cell as its reader sees it: telephone numbers are often stored as numbers."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _plain(name: str) -> str:
    """Return a column's name without case, width, spaces and marks such as `*`."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(ch for ch in folded if ch.isalnum() or ch == "_")


def _form(fields: Iterable[str], cells: Iterable[str]) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for field, cell in zip(fields, cells, strict=False):
        text = cell.strip()
        if not field or not text:
            continue
        if field == "phones":
            parts = (part.strip() for part in text.translate(PHONE_SEPARATORS).split(";"))
            form[field] = [part for part in parts if part]
        else:
            form[field] = VALUES.get(field, {}).get(text, text)
    return form
