"""The names that the matcher is trained and measured on: a folder, or the sample carried here."""

import csv
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

SAMPLE = Path(__file__).parents[1] / "samples" / "matcher"
VARIABLE = "CRM_MATCHER_DATA"
FILES = ("registered_names.tsv", "brands.txt", "labelled_pairs.csv", "listed_short_full.csv")
DEVELOPMENT, TEST = "development", "test"


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Two names, and whether people said that they are one organisation."""

    one: str
    other: str
    same: bool


@dataclass(frozen=True, slots=True)
class Data:
    """Real names: registered with city, brands, pairs with labels, listed as (short, full)."""

    registered: tuple[tuple[str, str], ...]
    brands: tuple[str, ...]
    pairs: tuple[Labelled, ...]
    listed: tuple[tuple[str, str], ...]


def data_folder(given: Path | None) -> Path:
    """Return the folder to read: the one given, else CRM_MATCHER_DATA, else the sample."""
    return given or Path(os.environ.get(VARIABLE) or SAMPLE)


def read(folder: Path) -> Data:
    """Read a folder; a file that is missing has no rows. Repeated rows count once."""
    return Data(
        registered=_unique(
            (row[0].strip(), row[2].strip()) for row in _rows(folder, "registered_names.tsv")
        ),
        brands=_unique(row[0].strip() for row in _rows(folder, "brands.txt", header=False)),
        pairs=_unique(
            Labelled(a.strip(), b.strip(), same == "1")
            for a, b, same in _rows(folder, "labelled_pairs.csv")
        ),
        listed=_unique(
            (short.strip(), full.strip()) for short, full in _rows(folder, "listed_short_full.csv")
        ),
    )


def fingerprint(folder: Path) -> dict[str, str]:
    """Return of every file that is read the beginning of its SHA-256."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in (folder / name for name in FILES)
        if path.exists()
    }


def half(name: str) -> str:
    """Return which half a name belongs to: what is chosen on one is reported on the other."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return DEVELOPMENT if digest[0] % 2 else TEST


def _unique(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(dict.fromkeys(rows))


def _rows(folder: Path, name: str, *, header: bool = True) -> Iterator[list[str]]:
    path = folder / name
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        if header:
            next(rows)
        yield from (row for row in rows if row and row[0].strip())
