"""`crm demo --days`: plays the month, shows it, and checks its books."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from cli.month import stories, tally
from cli.month.cast import COMPANY, SMALL
from cli.month.playing import PACK, calendar, opened, play_day
from cli.month.show import Month, show_clauses
from cli.pack_file import load_pack
from cli.refusals import Language
from cli.rehearsal import books, deadline_books
from cli.rehearsal.platform import Rehearsal
from cli.rehearsal.rows import rows_of

INTRODUCTION = {
    "zh": "一家有 {reps} 名销售的公司，{days} 天，临时数据库，虚拟时钟。--seed {seed}",
    "en": "{reps} reps, {days} days, throw-away databases, a virtual clock. --seed {seed}",
}
CHECKS = books.ALL + deadline_books.ALL
CHECKED = {
    "zh": "核对账目：{count} 项检查。",
    "en": "The books were checked: {count} invariants.",
}
SPEED = {
    "zh": "{days} 个公司日，{seconds:.1f} 秒：每秒 {speed:.2f} 个公司日，{events} 个事件。",
    "en": "{days} company-days in {seconds:.1f} s: {speed:.2f} a second, {events} events.",
}


def show_month(days: int, seed: int, small: bool, language: Language) -> None:
    """Play a month and print what the rules did; exits with 1 when the books do not hold."""
    size = SMALL if small else COMPANY
    click.echo(INTRODUCTION[language].format(reps=size.reps, days=days, seed=seed))
    with _quietly(), opened(size, seed) as company:
        platform = company.platform
        began, events = time.perf_counter(), 0
        with Month(days, language) as month:
            for day in calendar(days):
                platform.events.clear()
                play_day(company, day)
                events += len(platform.events)
                counted = tally.count_events(platform.events)
                found = tally.decisions(platform, day.at(0), day.at(24))
                month.add(day, counted + tally.count_decisions(found))
            month.finish()
        seconds = time.perf_counter() - began
        click.echo(
            SPEED[language].format(days=days, seconds=seconds, speed=days / seconds, events=events)
        )
        show_clauses(month.console, tally.by_clause(platform), load_pack(PACK), language)
        stories.tell(rows_of_all(platform), language)
        wrong = list(problems(platform))
    click.echo(CHECKED[language].format(count=len(CHECKS)))
    if wrong:
        raise click.ClickException("\n".join(wrong))


def problems(platform: Rehearsal) -> Iterator[str]:
    """Yield what does not hold of the databases, at rest."""
    rows = rows_of_all(platform)
    for check in CHECKS:
        yield from check(rows)


def rows_of_all(platform: Rehearsal) -> books.Books:
    """Return the rows of every service."""
    return {name: rows_of(parts) for name, parts in platform.parts.items()}


@contextmanager
def _quietly() -> Iterator[None]:
    """What is refused and tried again is part of the month and is shown as such."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
