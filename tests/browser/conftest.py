"""A running platform with a company that has lived for some days, and people in front of browsers.

Screenshots go to `var/screenshots` (or `CRM_SCREENSHOTS`).
"""

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from cli.console import build
from cli.month.cast import SMALL
from cli.month.days import ZONE
from cli.month.holidays import works
from cli.month.lived import live
from cli.setup import DEMO_PASSWORD, prepare
from tests.browser.office import Office
from tests.browser.people import Desk, Person
from tests.browser.platform import Running, running
from tests.system.debian import Unavailable, program

ROOT = Path(__file__).parents[2]
WORKING_DAYS = 8
"""So long a company has lived that the first customers were reclaimed and handed out again."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the first of them wait until the console is built and the company has lived."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program, of Debian's package."""
    try:
        return str(program("chromium"))
    except Unavailable as reason:
        if os.environ.get("CI"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.fixture(scope="package")
def company(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A small company that has lived for some days, on a platform that runs.

    `CRM_BROWSER_URL` names one that runs already, to try a single test quickly.
    """
    if url := os.environ.get("CRM_BROWSER_URL"):
        yield Running(url)
        return
    build()
    var = tmp_path_factory.mktemp("company")
    prepare(var)
    live(var, _days(), DEMO_PASSWORD, SMALL)
    with running(var) as platform:
        yield platform


def _days() -> int:
    today = datetime.now(ZONE).date()
    before = (today - timedelta(days=number) for number in itertools.count(1))
    worked = itertools.accumulate(works(day) for day in before)
    return next(number for number, days in enumerate(worked, start=1) if days == WORKING_DAYS)


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all; every person has a profile of its own in it.

    It ends with these tests: while it is there, its loop runs in the process, and
    `asyncio.run` of a later test refuses to.
    """
    with sync_playwright() as playwright:
        # As root Chromium runs only without its sandbox; the pages are ours.
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def desk(company: Running, browser: Browser) -> Iterator[Desk]:
    """Seats people in front of the console."""
    screenshots = Path(os.environ.get("CRM_SCREENSHOTS", ROOT / "var" / "screenshots"))
    screenshots.mkdir(parents=True, exist_ok=True)
    seats = Desk(browser, company.url, screenshots)
    yield seats
    seats.close()


@pytest.fixture(scope="package")
def office(company: Running) -> Iterator[Office]:
    """The rest of the company, who act over the API."""
    others = Office(company.url)
    yield others
    others.close()


@pytest.fixture
def seat(desk: Desk) -> Iterator[Callable[..., Person]]:
    """Return a person signed in, in a tab of the test's own."""
    people: list[Person] = []

    def sit(username: str, *, phone: bool = False, language: str = "zh") -> Person:
        people.append(desk.seat(username, phone=phone, language=language))
        return people[-1]

    yield sit
    for person in people:
        person.page.close()
        assert person.complaints == []
