"""The platform as `./crm run` starts it, over a data folder that is filled."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY_SECONDS = 90
STOP_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Running:
    """A platform that serves at `url`."""

    url: str


@contextmanager
def running(var: Path) -> Iterator[Running]:
    """Run the platform over `var` until the end of the block."""
    (var / "run.json").unlink(missing_ok=True)
    log = (var / "run.log").open("w")
    command = [sys.executable, "-W", "ignore", "-m", "cli", "run", "--var", str(var)]
    child = subprocess.Popen(
        [*command, "--port", "0", "--no-console"],
        cwd=ROOT,
        stdout=log,
        stderr=log,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "protos/gen")))},
    )
    try:
        yield Running(_address(var, child))
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
        log.close()


def _address(var: Path, child: subprocess.Popen[bytes]) -> str:
    told = var / "run.json"
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if told.exists():
            return str(json.loads(told.read_text("utf-8"))["url"])
        if child.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError((var / "run.log").read_text("utf-8")[-2000:])
