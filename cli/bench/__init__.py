"""`crm bench`: what the platform does in a second, beside the bare thing on the same machine."""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from cli.session import ROOT

PARTS = ("check", "register", "relay")


@click.command("bench")
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="Only this part.")
@click.option("--sizes", default="10000,100000", show_default=True, help="Names known, for check.")
@click.option("--repeat", default=5, show_default=True, help="Rounds of every measurement.")
@click.option("--count", default=200, show_default=True, help="Requests or events of a round.")
@click.option("--names", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Real names to make others from.  [default: the sample]")  # fmt: skip
@click.option("--servers/--no-servers", default=True, help="With PostgreSQL and RabbitMQ.")
@click.option("--out", default=ROOT / "var" / "bench", type=click.Path(path_type=Path))
def command(
    parts: tuple[str, ...],
    sizes: str,
    repeat: int,
    count: int,
    names: Path | None,
    servers: bool,
    out: Path,
) -> None:
    """Measure, compared with bare baselines of the same run; a table, and JSON under var/bench."""
    from cli.bench.measure import Report, machine
    from cli.names import SAMPLE, sample

    report = Report(rounds=repeat)
    known = sample(names or SAMPLE)
    wanted = parts or PARTS
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as place:
        folder = Path(place)
        folder.chmod(0o711)
        if "check" in wanted:
            from cli.bench.checks import measure_checks

            for size in map(int, sizes.split(",")):
                measure_checks(report, folder, size, count, known)
        if "register" in wanted or "relay" in wanted:
            from cli.bench.flows import measure_flows

            measure_flows(report, folder, count, known, servers, wanted)
    report.show()
    moment = datetime.now(UTC)
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{moment:%Y%m%dT%H%M%SZ}.json"
    content = {"time": moment.isoformat(), "machine": machine(), "figures": report.to_json()}
    file.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    click.echo(f"Written: {file}")
