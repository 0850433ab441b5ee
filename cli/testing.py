"""`crm test`: every test of this checkout, with real servers."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
EVERYTHING = ("--numprocesses=auto", "--maxprocesses=4", "--dist=loadscope")


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST ARGUMENTS]...")
def command(arguments: Sequence[str]) -> None:
    """Run the tests; arguments go to pytest.

    Without arguments every test is run, spread over the cores. Tests that need a
    real PostgreSQL or RabbitMQ get private ones; as root their Debian packages are
    installed when they are missing, otherwise those tests are skipped with the
    reason. With CI=true such a skip is a failure.
    """
    if not (ROOT / "tests").is_dir():
        raise click.ClickException("the tests are not here; run ./crm test in a checkout")
    try:
        import pytest
    except ImportError:
        raise click.ClickException("pytest is not installed; start by ./crm test") from None
    os.chdir(ROOT)
    provide_servers()
    sys.exit(pytest.main(list(arguments or EVERYTHING)))


def provide_servers() -> None:
    """Install the servers that are missing where that is possible; the tests tell the rest."""
    from tests.system import debian

    absent = debian.missing()
    if not absent:
        return
    click.echo(f"installing {' and '.join(absent)} for the tests with real servers ...", err=True)
    try:
        debian.install(absent)
    except debian.Unavailable as reason:
        click.echo(f"tests with real servers cannot run: {reason}", err=True)
