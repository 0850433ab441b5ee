"""Lives of the whole platform under faults, each repeatable by its seed."""

import pytest

from tests.simulation.schedule import DAYS, Report, simulate

SEEDS = 6
WEEK = 7.0
EVERY_LIFE = ("hired", "departed", "leave", "policy", "run month_end", "position reclaimed")


@pytest.mark.parametrize("seed", range(SEEDS))
def test_everything_holds_for_months(seed: int) -> None:
    report = simulate(seed)
    assert report.days >= DAYS
    assert not [what for what in EVERY_LIFE if not report.happened[what]], report


@pytest.mark.parametrize("seed", range(10, 13))
def test_everything_holds_after_every_step(seed: int) -> None:
    assert simulate(seed, WEEK, thorough=True).days >= WEEK


def test_a_seed_repeats_itself() -> None:
    assert simulate(7, WEEK) == simulate(7, WEEK) != simulate(8, WEEK)


def test_a_report_says_what_was_lived_through() -> None:
    report: Report = simulate(9, WEEK)
    assert (report.seed, report.steps > 0, report.days >= WEEK) == (9, True, True)
