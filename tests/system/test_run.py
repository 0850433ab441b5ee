"""`crm run` on a fresh data folder: whenever it is asked to end, nothing of it is left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.cluster import until

ROOT = Path(__file__).parents[2]
PYTHONPATH = os.pathsep.join(map(str, (ROOT, ROOT / "protos/gen")))


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_while_it_starts_it_ends_what_it_started(
    tmp_path: Path, asked: signal.Signals
) -> None:
    var = tmp_path / "var"
    command = [sys.executable, "-m", "cli", "run", "--var", str(var), "--port", "0", "--no-console"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": PYTHONPATH},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as run:
        until(lambda: {"api", "worker"} <= _parts(var) or None)
        assert not (var / "run.json").exists()
        run.send_signal(asked)
        run.wait()
    assert _parts(var) == set()


def _parts(var: Path) -> set[str]:
    """Return the roles of the processes that run over a data folder."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"CRM_VAR={var}".encode() in environment and b"services" in words:
            found.add(words[words.index(b"services") + 1].decode())
    return found
