"""The quality of the matcher: what it finds and confuses, on the half it did not learn from."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table

from cli.matcher.data import DEVELOPMENT, TEST, read
from cli.matcher.experiment import Experiment
from cli.matcher.picture import draw, roc
from cli.matcher.quality import Quality, measure
from cli.tables import show_table
from services.customers.domain.model import learnt

EACH, SEED = 500, 11
"""Other questions and another population than those that the weights were learnt from."""


def population(folder: Path, size: int) -> Experiment:
    """Make the population of a size that quality and speed are measured with."""
    return Experiment.of(read(folder), size, EACH, SEED, note=click.echo)


def measure_matcher(experiment: Experiment, out: Path) -> None:
    """Measure the learnt model on both halves; tables, a picture and JSON under `out`."""
    size = len(experiment.names)
    halves = {
        half: measure(experiment.judged(half), learnt(), experiment.identity)
        for half in (DEVELOPMENT, TEST)
    }
    quality = halves[TEST]
    _show(quality, size)
    model = learnt()
    curves = {half: roc(found.varied, found.alike) for half, found in halves.items()}
    marks = {
        name: _point(quality, at)
        for name, at in (("likely", model.likely), ("similar", model.similar))
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "matcher-roc.svg").write_text(draw(curves, marks), encoding="utf-8")
    figures = {half: found.to_dict() for half, found in halves.items()} | {"names": size}
    (out / "matcher.json").write_text(
        json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    click.echo(f"Written: {out / 'matcher.json'}, {out / 'matcher-roc.svg'}")
    for goal in quality.missed():
        click.echo(f"goal not reached: {goal}")


def _point(quality: Quality, threshold: float) -> tuple[float, float]:
    return _reaching(quality.alike, threshold), _reaching(quality.varied, threshold)


def _reaching(sums: Sequence[float], threshold: float) -> float:
    return sum(total >= threshold for total in sums) / max(1, len(sums))


def _show(quality: Quality, size: int) -> None:
    found = Table("among " + f"{size:,}", "asked", "undecidable", "recall@1", "recall@10", "likely",
                  "similar", "precision of likely")  # fmt: skip
    for one in quality.recalls:
        parts = (one.first, one.shown, one.likely, one.similar, one.precision)
        found.add_row(one.kind, str(one.asked), str(one.undecidable), *(f"{p:.3f}" for p in parts))
    show_table(found)
    confused = Table("look-alikes", "asked", "same", "likely", "similar")
    for other in quality.confusions:
        grades = (other.same, other.likely, other.similar)
        confused.add_row(other.kind, str(other.asked), *(f"{part:.3f}" for part in grades))
    show_table(confused)
