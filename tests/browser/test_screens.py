"""Every screen, in both languages, on a desktop and a phone: it stands, and keeps nobody out."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import PATIENCE_MS, Person

CONSOLE = Path(__file__).parents[2] / "console" / "src"
BUSY = ".el-loading-mask, .el-skeleton, .van-skeleton, .van-loading"
LOADING = re.compile("^(加载中|Loading)")
UNDRAWN = '[role="img"]:not(:has(canvas, svg, img))'
USER = {"system": "admin"}
"""Who looks at a screen, when not the general manager."""


def screens() -> list[str]:
    """Return the paths of the desktop's screens, as their rooms declare them."""
    rooms = sorted((CONSOLE / "screens").glob("*/index.ts"))
    return [found for room in rooms for found in re.findall(r"path: '([^':]+)'", room.read_text())]


def pages() -> list[str]:
    """Return the paths of the phone's pages that need no id."""
    declared = (CONSOLE / "phone" / "routes.ts").read_text()
    return [found for found in re.findall(r"path: '(\w[^':]*)'", declared) if found != "m"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", screens())
def test_screen(seat: Callable[..., Person], path: str, language: str) -> None:
    person = seat(USER.get(path, "gm"), language=language)
    person.open(f"/{path}")
    look(person, f"{path.replace('/', '-')}-{language}")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", pages())
def test_phone_page(seat: Callable[..., Person], path: str, language: str) -> None:
    person = seat("rep001", phone=True, language=language)
    person.open(f"/m/{path}")
    look(person, f"m-{path}-{language}")


def look(person: Person, name: str) -> None:
    """Wait until the page is at rest, keep it, and see that nobody is kept out."""
    title = person.page.locator("h1, .van-nav-bar__title").first
    expect(title).not_to_be_empty(timeout=PATIENCE_MS)
    expect(person.page.locator(BUSY)).to_have_count(0, timeout=PATIENCE_MS)
    expect(person.page.get_by_text(LOADING)).to_have_count(0, timeout=PATIENCE_MS)
    expect(person.page.locator(UNDRAWN)).to_have_count(0, timeout=PATIENCE_MS)
    person.screenshot(name)
    width = person.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, "the page is wider than the window"
    assert person.page.get_by_role("alert").count() == 0
    assert person.barriers() == []
