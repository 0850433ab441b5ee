"""`crm bench`: what the platform does in a second, beside the bare thing on the same machine."""

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.session import ROOT

if TYPE_CHECKING:
    from cli.bench.measure import Report

PARTS = ("check", "matcher", "register", "follow-ups", "relay", "clocks", "reclaim", "console")


@click.command("bench")
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="Only this part.")
@click.option(
    "--sizes",
    default="10000,100000",
    show_default=True,
    help="Names known, for check and matcher; quality is measured among the fewest.",
)
@click.option("--repeat", default=5, show_default=True, help="Rounds of every measurement.")
@click.option("--count", default=200, show_default=True, help="Requests or events of a round.")
@click.option(
    "--pending", default=1_000_000, show_default=True, help="Clocks that run, for clocks."
)
@click.option("--due", default=100_000, show_default=True, help="Customers due, for reclaim.")
@click.option("--names", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Real names to make others from.  [default: the sample]")  # fmt: skip
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Names for matcher.  [default: $CRM_MATCHER_DATA, else the sample]")  # fmt: skip
@click.option("--servers/--no-servers", default=True, help="With PostgreSQL and RabbitMQ.")
@click.option("--out", default=ROOT / "var" / "bench", type=click.Path(path_type=Path))
def command(
    parts: tuple[str, ...],
    sizes: str,
    repeat: int,
    count: int,
    pending: int,
    due: int,
    names: Path | None,
    data: Path | None,
    servers: bool,
    out: Path,
) -> None:
    """Measure, compared with bare baselines of the same run; a table, and JSON under var/bench."""
    from cli.bench.measure import Report
    from cli.names import SAMPLE, sample

    report = Report(rounds=repeat)
    known = sample(names or SAMPLE)
    wanted = parts or PARTS
    try:
        _measure(report, wanted, [int(size) for size in sizes.split(",")], count, known, servers)
        if "matcher" in wanted:
            _measure_matcher(
                report, data, sorted(int(size) for size in sizes.split(",")), count, servers, out
            )
        if "clocks" in wanted and servers:
            _measure_clocks(report, pending, count)
        if "reclaim" in wanted and servers:
            _measure_reclaim(report, due)
        if "console" in wanted:
            _measure_pages(report)
    finally:
        # What was measured before something failed is worth having.
        report.show()
        click.echo(f"Written: {_write(report, out)}")


def _measure(
    report: "Report",
    wanted: Sequence[str],
    sizes: Sequence[int],
    count: int,
    known: Sequence[tuple[str, str]],
    servers: bool,
) -> None:
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as place:
        folder = Path(place)
        # The servers' users must get through.
        folder.chmod(0o711)
        if "check" in wanted:
            from cli.bench.checks import measure_checks

            for size in sizes:
                measure_checks(report, folder, size, count, known)
        if {"register", "follow-ups", "relay"} & set(wanted):
            from cli.bench.flows import measure_flows

            measure_flows(report, folder, count, known, servers, wanted)


def _measure_matcher(
    report: "Report", data: Path | None, sizes: Sequence[int], count: int, servers: bool, out: Path
) -> None:
    """Measure quality among the fewest names, speed among each number of them."""
    from cli.bench.matching import measure_matcher, population
    from cli.bench.matching_speed import measure_speed
    from cli.matcher.data import data_folder

    for number, size in enumerate(sizes):
        experiment = population(data_folder(data), size)
        if not number:
            measure_matcher(experiment, out)
        if servers:
            with tempfile.TemporaryDirectory(
                prefix="crm-bench-", ignore_cleanup_errors=True
            ) as place:
                folder = Path(place)
                folder.chmod(0o711)
                measure_speed(report, folder, experiment, count)


def _measure_clocks(report: "Report", pending: int, count: int) -> None:
    from cli.bench.clocks import measure_clocks

    with tempfile.TemporaryDirectory(prefix="crm-bench-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        folder.chmod(0o711)
        measure_clocks(report, folder, pending, count)


def _measure_reclaim(report: "Report", due: int) -> None:
    from cli.bench.reclaim import measure_reclaim

    with tempfile.TemporaryDirectory(prefix="crm-bench-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        folder.chmod(0o711)
        measure_reclaim(report, folder, due)


def _measure_pages(report: "Report") -> None:
    from cli.bench.pages import measure_pages

    with tempfile.TemporaryDirectory(prefix="crm-bench-", ignore_cleanup_errors=True) as place:
        measure_pages(report, Path(place))


def _write(report: "Report", out: Path) -> Path:
    from cli.bench.measure import machine

    moment = datetime.now(UTC)
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{moment:%Y%m%dT%H%M%SZ}.json"
    content = {"time": moment.isoformat(), "machine": machine(), "figures": report.to_json()}
    file.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    return file
