"""Names of companies that could exist: parts of real ones, put together anew by a seed."""

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

SAMPLE = Path(__file__).parent / "samples" / "companies.csv"
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司")
SHARES = (80, 12, 5, 3)
BRAND = 2


def sample(path: Path = SAMPLE) -> list[tuple[str, str]]:
    """Return (full name, city) of a file: CSV, or tab-separated, with names in its first column."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        next(rows)
        return [(row[0], row[2].strip()) for row in rows if len(row) > 2 and row[0]]


def generated(seed: int, known: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield names without end, all different, the same ones for the same seed and parts."""
    from services.customers.domain.names import parse

    choose = random.Random(seed)  # noqa: S311 - names, no secrets
    cores = [core for name, _ in known if len(core := parse(name).core) >= BRAND + 2]
    brands = "".join(core[:BRAND] for core in cores)
    trades = sorted({core[BRAND:] for core in cores})
    cities = sorted({city for _, city in known if city})
    seen: set[str] = set()
    while True:
        brand = "".join(choose.choices(brands, k=BRAND))
        form = choose.choices(FORMS, SHARES)[0]
        name = choose.choice(cities) + brand + choose.choice(trades) + form
        if name not in seen:
            seen.add(name)
            yield name
