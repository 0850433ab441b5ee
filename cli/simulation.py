"""`crm sim`: any number of simulated schedules of the whole platform under faults."""

import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent


@click.command()
@click.option("--seeds", default=1000, show_default=True, help="How many schedules.")
@click.option("--from", "first", default=0, show_default=True, help="The first seed.")
@click.option("--days", default=0, help="Days of each life; 0 means as many as in the tests.")
@click.option("--thorough", is_flag=True, help="Check everything after every step.")
@click.option("--jobs", default=os.cpu_count() or 1, show_default=True, help="Processes.")
def command(seeds: int, first: int, days: int, jobs: int, *, thorough: bool) -> None:
    """Simulate people, crashes and a broker that delays, repeats and reorders.

    Each seed is one schedule and repeats itself exactly. A seed that breaks something
    that must always hold is printed with its last steps.
    """
    if not (ROOT / "tests").is_dir():
        raise click.ClickException("the simulation is not here; run ./crm sim in a checkout")
    began = time.perf_counter()
    faults, happened, failures, taken = Counter[str](), Counter[str](), list[str](), 0
    passed = 0.0
    with ProcessPoolExecutor(jobs) as pool:
        numbers = range(first, first + seeds)
        every = pool.map(simulated, numbers, [days] * seeds, [thorough] * seeds)
        with click.progressbar(every, length=seeds) as outcomes:
            for failure, count, lived, wrong, reached in outcomes:
                taken += count
                passed += lived
                faults.update(wrong)
                happened.update(reached)
                if failure:
                    failures.append(failure)
                    click.echo(f"\n{failure}", err=True)
    seconds = time.perf_counter() - began
    click.echo(
        f"{seeds} schedules, {taken} steps in {seconds:.1f} s:"
        f" {seeds / seconds:.1f} schedules/s, {taken / seconds:.0f} steps/s;"
        f" {passed:.0f} company-days, {passed / seconds:.1f} a second"
    )
    for title, counts in (("faults", faults), ("reached", happened)):
        click.echo(f"{title}: " + ", ".join(f"{n} {what}" for what, n in counts.most_common()))
    if failures:
        raise click.ClickException(f"{len(failures)} of {seeds} schedules broke something")


def simulated(
    seed: int, days: int, thorough: bool
) -> tuple[str, int, float, Counter[str], Counter[str]]:
    """Run one schedule; return what broke, its steps and days, its faults and what it reached."""
    from tests.simulation.schedule import DAYS, simulate

    try:
        report = simulate(seed, days or DAYS, thorough=thorough)
    except AssertionError as failure:
        return str(failure), 0, 0.0, Counter(), Counter()
    return "", report.steps, report.days, report.faults, report.happened
