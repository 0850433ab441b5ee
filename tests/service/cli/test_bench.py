"""The benchmark measures; what it finds is nobody's test."""

import json
from pathlib import Path

from click.testing import CliRunner

from cli.bench import command


def test_the_benchmark_writes_figures_with_ratios(tmp_path: Path) -> None:
    sizes = ["--part", "check", "--sizes", "30", "--repeat", "1", "--count", "3", "--no-servers"]
    done = CliRunner().invoke(command, [*sizes, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    (file,) = tmp_path.iterdir()
    content = json.loads(file.read_text(encoding="utf-8"))
    figures = {one["name"]: one for one in content["figures"]}
    checked = figures["duplicate check through gRPC, 30 names, p50"]
    assert checked["against"] == "gRPC echo (30), p50"
    assert checked["ratio"] > 0
    assert checked["least"] <= checked["median"] <= checked["most"]
