"""Figures: repeated timings, their median and range, and the ratio to a bare baseline."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import click

WARM = 20
"""Calls before the first that counts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value: median, least and most of its rounds.

    `ratio` compares it with the figure named `against`: how many times the bare thing's time it
    takes, or which part of its rate it reaches.
    """

    name: str
    unit: str
    median: float
    least: float
    most: float
    against: str = ""
    ratio: float | None = None


class Report:
    """The figures of a run."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds
        self._figures: dict[str, Figure] = {}

    def rate(self, name: str, count: int, work: Callable[[], Any], against: str = "") -> None:
        """Measure how many of `count` things `work` does in a second, in every round."""
        values = []
        for _ in range(self.rounds):
            began = time.perf_counter()
            work()
            values.append(count / (time.perf_counter() - began))
        self.add(name, "1/s", values, against)

    def times(
        self, name: str, work: Callable[[Any], Any], over: Sequence[Any], against: str = ""
    ) -> None:
        """Measure the milliseconds of `work` for each of `over`: p50 and p99 of every round."""
        fifty, most = [], []
        for one in over[:WARM]:
            work(one)
        for _ in range(self.rounds):
            took = []
            for one in over:
                began = time.perf_counter()
                work(one)
                took.append((time.perf_counter() - began) * 1000)
            took.sort()
            fifty.append(took[len(took) // 2])
            most.append(took[min(len(took) - 1, int(len(took) * 0.99))])
        self.add(f"{name}, p50", "ms", fifty, f"{against}, p50" if against else "")
        self.add(f"{name}, p99", "ms", most, f"{against}, p99" if against else "")

    def add(self, name: str, unit: str, values: Sequence[float], against: str = "") -> None:
        """Keep a figure; `against` names an earlier one of the same unit."""
        median = statistics.median(values)
        other = self._figures.get(against)
        ratio = median / other.median if other else None
        self._figures[name] = Figure(
            name, unit, median, min(values), max(values), against if other else "", ratio
        )

    def to_json(self) -> list[dict[str, Any]]:
        """Return the figures as JSON-ready data."""
        return [asdict(figure) for figure in self._figures.values()]

    def show(self) -> None:
        """Print the figures, ratios first."""
        from rich.table import Table

        from cli.tables import show_table

        table = Table("ratio", "to", "what", "median", "min–max", "unit")
        for one in self._figures.values():
            ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
            span = f"{one.least:.1f}–{one.most:.1f}"
            table.add_row(ratio, one.against, one.name, f"{one.median:.1f}", span, one.unit)
        show_table(table)
        click.echo(f"{machine()}; trust the ratios within this table")


def machine() -> str:
    """Name what it was measured on."""
    load = os.getloadavg()[0]
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}"
