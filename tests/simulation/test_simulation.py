"""Schedules of the whole platform under faults, each repeatable by its seed."""

from pathlib import Path

import pytest

from tests.simulation.schedule import simulate

SEEDS = 24
CHUNK = 4
KNOWN_BAD = [
    int(line.split()[0])
    for line in (Path(__file__).parent / "seeds.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_everything_holds_whatever_happens(first: int) -> None:
    for seed in range(first, first + CHUNK):
        simulate(seed)


@pytest.mark.parametrize("seed", KNOWN_BAD)
def test_what_once_broke_holds(seed: int) -> None:
    simulate(seed)


def test_a_seed_repeats_itself() -> None:
    assert simulate(7) == simulate(7)
