"""crm run: the whole platform on this machine, with the haixin pack and a small demo company."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import httpx

ROOT = Path(__file__).parents[1]
READY_SECONDS = 60
STOP_SECONDS = 25


@click.command("run")
@click.option("--var", default=ROOT / "var", type=click.Path(path_type=Path), help="Data folder.")
@click.option("--port", default=8080, show_default=True, help="Port, or the next free one.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--pack", default=ROOT / "policies" / "haixin-pool.yaml", type=click.Path(exists=True)
)
@click.option("--demo/--no-demo", default=True, help="Add a small demo company.")
@click.option("--console/--no-console", default=True, help="Build the web console if it changed.")
@click.option(
    "--lived",
    type=click.IntRange(1, 90),
    metavar="DAYS",
    help="In a new data folder: a company that has lived under the rules for so long, until now.",
)
def command(
    var: Path, port: int, host: str, pack: str, demo: bool, console: bool, lived: int | None
) -> None:
    """Start the platform, print its address and logins, stop on Ctrl-C."""
    from cli.month.lived import known_logins, live
    from cli.setup import DEMO_PASSWORD, add_administrator, prepare, set_up_company

    with _only_one(var):
        fresh = not (var / "ownership.db").exists()
        if lived and not fresh:
            raise click.ClickException(f"--lived wants a new data folder; {var} has data.")
        if console:
            _build_console()
        prepare(var)
        if lived:
            click.echo(f"A company lives {lived} days, until now ...")
            live(var, lived, DEMO_PASSWORD)
        address = f"{host}:{_free_port(host, port)}"
        environment = os.environ | {"CRM_VAR": str(var), "CRM_HTTP": address}
        children: dict[str, subprocess.Popen[bytes]] = {}
        # Asked to end at any moment, also while it starts, it ends what it has started.
        for asked in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked, signal.default_int_handler)
        try:
            for role in ("api", "worker"):
                children[role] = _start(role, var, environment)
            url = f"http://{address}"
            _wait_until_ready(url, children, var)
            logins = known_logins(var)
            if logins:
                logins.append(add_administrator(url, var))
            else:
                logins = set_up_company(url, var, Path(pack), demo)
            (var / "run.json").write_text(json.dumps({"url": url, "logins": logins}))
            click.echo(_banner(url, logins, var))
            _wait_for_end(children, var)
        finally:
            _stop(children)


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Keep a second platform off the same data."""
    import fcntl

    var.mkdir(parents=True, exist_ok=True)
    with (var / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = (
                f"A platform already runs on {var}. Stop it, or give another folder with --var."
            )
            raise click.ClickException(message) from None
        yield


def _build_console() -> None:
    """Build the console; where that is not possible, say why and go on without it."""
    from cli.console import NotBuilt, build

    try:
        build()
    except NotBuilt as reason:
        click.echo(f"{reason}\nEverything else starts; try again by ./crm console build.", err=True)


def _free_port(host: str, wanted: int) -> int:
    for port in [*range(wanted, wanted + 20), 0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise click.ClickException(f"No free port at {host}.")


def _start(role: str, var: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    log = (var / "log" / f"{role}.log").open("ab")
    command = [sys.executable, "-W", "ignore", "-m", "services", role]
    # A session of its own: Ctrl-C reaches this process only, which then ends both in order.
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )


def _wait_until_ready(url: str, children: dict[str, subprocess.Popen[bytes]], var: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        _require_alive(children, var)
        try:
            if httpx.get(f"{url}/healthz/ready", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise click.ClickException(f"Not ready after {READY_SECONDS} s; see {var / 'log'}.")


def _require_alive(children: dict[str, subprocess.Popen[bytes]], var: Path) -> None:
    for role, child in children.items():
        if child.poll() is not None:
            log = var / "log" / f"{role}.log"
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
            raise click.ClickException(f"The {role} process ended ({child.returncode}):\n{tail}")


def _wait_for_end(children: dict[str, subprocess.Popen[bytes]], var: Path) -> None:
    with suppress(KeyboardInterrupt):
        while True:
            _require_alive(children, var)
            time.sleep(0.3)
    click.echo("\nStopping …")


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, signal.SIG_IGN)
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    end = time.monotonic() + STOP_SECONDS
    for child in children.values():
        try:
            child.wait(max(end - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()


def _banner(url: str, logins: list[dict[str, str]], var: Path) -> str:
    lines = [
        "",
        f"  Console     {url}",
        f"  API docs    {url}/docs",
        f"  Data        {var}",
        "",
    ]
    if logins:
        lines.append("  Demo logins (password is the same for all: " + logins[0]["password"] + ")")
        lines += [f"    {login['username']:<10} {login['role']}" for login in logins]
        lines.append("")
    lines.append("  Follow the flow in another terminal:  ./crm demo")
    lines.append("  Stop with Ctrl-C.")
    return "\n".join(lines)
