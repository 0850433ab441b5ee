"""Runs a server's programs: as the right user, seen to be ready, ended for certain."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.system.debian import Unavailable

PATIENCE = 90.0
"""Seconds until a server that has not come up is given up; seen: 2 and 9 on two busy cores."""


@dataclass(frozen=True, slots=True)
class Process:
    """A running server program."""

    program: Path
    handle: "subprocess.Popen[bytes]"
    log: Path
    ends_by: signal.Signals

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Wait for the server to answer; Unavailable with its last words when it never does."""
        until = time.monotonic() + PATIENCE
        while not self.asked(ready):
            if self.handle.poll() is not None:
                raise Unavailable(f"{self.program.name} ended at its start: {self.last_words()}")
            if time.monotonic() > until:
                raise Unavailable(f"{self.program.name} did not answer in {PATIENCE:.0f} seconds")
            time.sleep(0.05)

    @staticmethod
    def asked(ready: Callable[[], bool]) -> bool:
        try:
            return ready()
        except (OSError, IndexError):
            return False

    def last_words(self) -> str:
        said = self.log.read_text(errors="replace").strip().splitlines()
        return said[-1] if said else "it said nothing"

    def end(self) -> None:
        """End the program and its children: politely, so that it reaps them, then for certain."""
        self.handle.send_signal(self.ends_by)
        with suppress(subprocess.TimeoutExpired):
            self.handle.wait(timeout=10)
        with suppress(ProcessLookupError):
            os.killpg(self.handle.pid, signal.SIGKILL)
        self.handle.wait()


@dataclass(frozen=True, slots=True)
class User:
    """Runs a server's programs in its directory: as root under the server's own user."""

    home: Path
    prefix: tuple[str, ...]

    @classmethod
    def of(cls, name: str, home: Path) -> "User":
        """Prepare the directory; Unavailable when the user or its way to the directory misses."""
        home.mkdir(parents=True, exist_ok=True)
        if os.geteuid() != 0:
            return cls(home, ())
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            raise Unavailable(f"there is no user {name} to run the server as") from None
        os.chown(home, entry.pw_uid, entry.pw_gid)
        user = cls(home, ("--reuid", name, "--regid", name, "--init-groups"))
        if subprocess.run(
            user.command(shutil.which("test") or "test", "-w", home), check=False
        ).returncode:
            raise Unavailable(f"the user {name} cannot reach {home}; set TMPDIR to another place")
        return user

    def command(self, *words: object) -> list[str]:
        # The signal ends the server with us even when nobody is left to end it.
        return ["setpriv", *self.prefix, "--pdeathsig", "SIGQUIT", "--", *map(str, words)]

    def environment(self, more: Mapping[str, object]) -> dict[str, str]:
        kept = {
            name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ
        }
        return (
            kept
            | {"HOME": str(self.home), "LANG": "C.UTF-8"}
            | {k: str(v) for k, v in more.items()}
        )

    def run(self, *words: object) -> None:
        """Run a program to its end; Unavailable with its last words when it fails."""
        done = subprocess.run(
            self.command(*words), env=self.environment({}), cwd=self.home, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        if done.returncode:
            said = done.stdout.strip().splitlines() or ["it said nothing"]
            raise Unavailable(f"{words[0]} failed: {said[-1]}")

    @contextmanager
    def running(
        self,
        *words: object,
        environment: Mapping[str, object] | None = None,
        log: str = "server",
        ends_by: signal.Signals = signal.SIGTERM,
    ) -> Iterator[Process]:
        """Run a program in its own process group until the context ends."""
        written = self.home / f"{log}.log"
        with written.open("wb") as out:
            handle = subprocess.Popen(
                self.command(*words), env=self.environment(environment or {}), cwd=self.home,
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        process = Process(Path(str(words[0])), handle, written, ends_by)
        try:
            yield process
        finally:
            process.end()
