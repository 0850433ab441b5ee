"""`crm demo --days`: a few days of a small company, and the check of its books."""

import re

import pytest
from click.testing import CliRunner

from cli.demo import command
from cli.month import report


def test_the_days_are_played_and_the_books_hold() -> None:
    done = CliRunner().invoke(command, ["--days", "3", "--small", "--seed", "3", "--lang", "en"])
    assert done.exit_code == 0, done.output
    for label in ("04-20 Mon", "04-21 Tue", "04-22 Wed", "total"):
        assert re.search(rf"^ {label}", done.output, re.M), label
    assert re.search(r"^ H-3\.2c +\d+ granted", done.output, re.M)
    assert "3 company-days in" in done.output


def test_books_that_do_not_hold_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "CHECKS", (lambda rows: ["c1 is held twice"],))
    done = CliRunner().invoke(command, ["--days", "1", "--small", "--seed", "3", "--lang", "zh"])
    assert done.exit_code == 1
    assert "c1 is held twice" in done.output
