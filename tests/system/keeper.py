"""Keeps one set of real servers for a whole test run, however many workers it has.

The run owns a directory and holds a lock in it. The first test that needs a server
starts the keeper, a process of its own; it starts the servers, tells each one's
state in a file, and ends them when the run asks for it or when the run's lock
falls, which it does however the run ends. A run that needs no server starts none.
"""

import atexit
import fcntl
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from tests.system.debian import Unavailable
from tests.system.servers import Postgres, RabbitMQ, postgres, rabbitmq, workplace

KINDS = {"postgres": Postgres, "rabbitmq": RabbitMQ}


@dataclass(frozen=True, slots=True)
class Run:
    """A test run's claim on its servers, shared with its workers by the directory's path."""

    directory: Path

    def start(self) -> None:
        """Start the keeper unless somebody has; returns at once."""
        with locked(self.directory / "starting"):
            if not self.pid_file.exists():
                self.pid_file.write_text(str(self.spawn()))

    def spawn(self) -> int:
        """Start the keeper in a session of its own, so that Ctrl-C reaches only the run."""
        with (self.directory / "keeper.lock").open("w") as lock:
            # The keeper inherits the lock: it falls when the keeper is gone.
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.flush()
            os.set_inheritable(lock.fileno(), True)
            return os.posix_spawn(
                sys.executable,
                [sys.executable, "-m", __name__, str(self.directory), str(lock.fileno())],
                {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, str(self.log), os.O_WRONLY | os.O_CREAT, 0o600),
                    (os.POSIX_SPAWN_DUP2, 1, 2),
                ],
                setsid=True,
            )

    @property
    def pid_file(self) -> Path:
        return self.directory / "keeper.pid"

    @property
    def log(self) -> Path:
        return self.directory / "keeper.log"

    def postgres(self) -> Postgres:
        """Wait for PostgreSQL; Unavailable when it cannot be had."""
        return Postgres(**self.wait_for("postgres"))

    def rabbitmq(self) -> RabbitMQ:
        """Wait for RabbitMQ; Unavailable when it cannot be had."""
        return RabbitMQ(**self.wait_for("rabbitmq"))

    def wait_for(self, kind: str) -> dict[str, Any]:
        self.start()
        while True:
            gone = not self.is_kept()
            told = self.told(kind)
            if told is not None:
                break
            if gone:
                raise Unavailable(f"the servers' keeper ended: {self.log.read_text()[-300:]}")
            time.sleep(0.05)
        if "unavailable" in told:
            raise Unavailable(told["unavailable"])
        return told

    def told(self, kind: str) -> dict[str, Any] | None:
        """Return what the keeper has told of a server, None as long as it is coming up."""
        try:
            told: dict[str, Any] = json.loads((self.directory / f"{kind}.json").read_text())
        except FileNotFoundError:
            return None
        return told

    def is_kept(self) -> bool:
        with (self.directory / "keeper.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def end(self) -> None:
        """End the keeper and wait until it and its servers are gone."""
        with locked(self.directory / "starting"):
            if self.pid_file.exists() and self.is_kept():
                with suppress(ProcessLookupError):
                    os.kill(int(self.pid_file.read_text()), signal.SIGTERM)
                with locked(self.directory / "keeper.lock"):
                    pass


@contextmanager
def test_run() -> Iterator[Run]:
    """Open a run; when the context ends, so have its servers."""
    with workplace() as directory, locked(directory / "alive"):
        run = Run(directory)
        try:
            yield run
        finally:
            run.end()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep(directory: Path) -> None:
    """Start the servers side by side, tell their state, keep them until the run has ended."""
    with ExitStack() as stack:
        coming: dict[str, Callable[[], Postgres | RabbitMQ]] = {}
        with telling_trouble(directory, "rabbitmq"):
            coming["rabbitmq"] = stack.enter_context(rabbitmq(directory / "rabbitmq"))
        with telling_trouble(directory, "postgres"):
            coming["postgres"] = stack.enter_context(postgres(directory / "postgres"))
        for kind in reversed(coming):
            with telling_trouble(directory, kind):
                tell(directory, kind, asdict(coming[kind]()))
        signal.pause()


def end_with_the_run(directory: Path) -> None:
    """Wait until the run's lock falls without it having asked for the end; tidy up after it."""
    with locked(directory / "alive"):
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def telling_trouble(directory: Path, kind: str) -> Iterator[None]:
    try:
        yield
    except Unavailable as reason:
        tell(directory, kind, {"unavailable": str(reason)})


def tell(directory: Path, kind: str, told: dict[str, Any]) -> None:
    with tempfile.NamedTemporaryFile("w", dir=directory, delete=False) as new:
        json.dump(told, new)
    Path(new.name).replace(directory / f"{kind}.json")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.set_inheritable(int(sys.argv[2]), False)
    place = Path(sys.argv[1])
    Thread(target=end_with_the_run, args=[place], daemon=True).start()
    keep(place)
