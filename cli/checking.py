"""`crm check`: everything about the code that can be told without running it."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Check:
    """One tool's verdict on the checkout."""

    name: str
    command: tuple[str, ...]
    repair: str = ""
    needs: str = "."


CHECKS = (
    Check("format", ("ruff", "format", "--check", "."), repair="ruff format"),
    Check("lint", ("ruff", "check", "--output-format=concise", "."), repair="ruff check --fix"),
    Check("types", ("mypy",)),
    Check("architecture", ("lint-imports",), needs=".importlinter"),
    Check("protos", ("buf", "lint", "protos"), needs="protos/buf.yaml"),
    Check("console", ("python", "-m", "cli", "console", "check"), needs="console/package.json"),
)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([check.name for check in CHECKS]))
@click.option("--fix", is_flag=True, help="Repair first what can be repaired by itself.")
def command(names: Sequence[str], fix: bool) -> None:
    """Check format, lint, types, architecture, protos and the console.

    All checks are run, or those that are named; the exit code tells whether all passed.
    """
    chosen = [check for check in CHECKS if not names or check.name in names]
    if fix:
        for check in chosen:
            if check.repair:
                run(check.repair.split())
    failed = [check.name for check in chosen if not passes(check)]
    if failed:
        raise click.ClickException(f"{', '.join(failed)} failed")


def passes(check: Check) -> bool:
    """Run one check and show its verdict, with the tool's own words when it failed."""
    if not (ROOT / check.needs).exists():
        click.echo(f"{check.name:<14}left out: there is no {check.needs} yet")
        return True
    began = time.monotonic()
    done = run(check.command)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    click.echo(f"{check.name:<14}{verdict:<8}{time.monotonic() - began:5.1f} s")
    if done.returncode:
        click.echo(done.stdout.rstrip())
    return done.returncode == 0


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a tool of this virtual environment in the checkout."""
    try:
        return subprocess.run(
            [PROGRAMS / command[0], *command[1:]],
            cwd=ROOT,
            env={**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise click.ClickException(f"{command[0]} is not installed; start by ./crm check") from None
