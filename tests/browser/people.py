"""People in front of a browser: they see, press and type by the names that are on the screen."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from cli.setup import DEMO_PASSWORD

PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
GRAVE = ("serious", "critical")
ANSWERED = re.compile(r"the server responded with a status of 4\d\d")
"""A refusal is an answer; the browser reports it as an error of its own."""


@dataclass
class Person:
    """Somebody at a page. `complaints` is what the browser found wrong with it."""

    page: Page
    base: str
    name: str
    screenshots: Path
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open an address of the console."""
        self.page.goto(self.base + path)

    def press(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Press a button by its name."""
        (within or self.page).get_by_role("button", name=name, exact=True).first.click()

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        """Type into the field of a label."""
        self.field(label, within).fill(text)

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """Return the field to type in that has a label."""
        labelled = (within or self.page).get_by_label(label, exact=True)
        return labelled.and_(self.page.locator("input, textarea")).first

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        """Choose an option of a select by its words."""
        typed = (within or self.page).get_by_label(label, exact=True).first
        # The words chosen before lie over the field, and a fault that appears above moves it:
        # the box around both is waited for until it stands still.
        typed.locator("xpath=ancestor::*[contains(@class, 'el-select__wrapper')]").click()
        self.page.get_by_role("option", name=option).locator("visible=true").first.click()

    def row(self, text: str, within: Locator | None = None) -> Locator:
        """Return the row of a table that has a text in it."""
        return (within or self.page).get_by_role("row").filter(has_text=text).first

    def sees(self, text: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Wait until a text is on the screen."""
        expect((within or self.page).get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    def dialog(self) -> Locator:
        """Return the dialog or drawer that is open."""
        return self.page.get_by_role("dialog").locator("visible=true").last

    def request(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask the API as this person's page does; return status and answer."""
        answer = self.page.evaluate(
            """async ([method, path, body]) => {
                const json = {'content-type': 'application/json'}
                const headers = {...json, 'x-requested-with': 'crm-console'}
                const renewed = await fetch('/session/renew', {method: 'POST', headers, body: '{}'})
                const {access_token} = await renewed.json()
                const answer = await fetch(path, {
                    method,
                    headers: {...headers, authorization: `Bearer ${access_token}`},
                    body: body === null ? undefined : JSON.stringify(body),
                })
                return [answer.status, await answer.json().catch(() => null)]
            }""",
            [method, path, body],
        )
        return answer[0], answer[1]

    def screenshot(self, name: str) -> None:
        """Keep what is on the screen."""
        self.page.screenshot(path=self.screenshots / f"{name}.png")

    def barriers(self) -> list[str]:
        """Return what axe finds that keeps people with disabilities out, serious or worse."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
            for one in found["violations"]
            if one["impact"] in GRAVE
            for node in one["nodes"][:5]
        ]


class Desk:
    """Seats people; each keeps a profile of the browser, and is signed in once."""

    def __init__(self, browser: Browser, base: str, screenshots: Path) -> None:
        self._browser = browser
        self._base = base
        self._screenshots = screenshots
        self._profiles: dict[tuple[str, bool], BrowserContext] = {}

    def seat(self, username: str, *, phone: bool = False, language: str = "zh") -> Person:
        """Return a person signed in, in a new tab."""
        new = (username, phone) not in self._profiles
        if new:
            self._profiles[username, phone] = self._browser.new_context(
                viewport=PHONE if phone else DESKTOP,
                has_touch=phone,
                is_mobile=phone,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                reduced_motion="reduce",
                geolocation={"latitude": 30.6586, "longitude": 104.0647, "accuracy": 12},
                permissions=["geolocation"],
            )
        page = self._profiles[username, phone].new_page()
        page.set_default_timeout(PATIENCE_MS)
        person = Person(page, self._base, username, self._screenshots)
        page.on("console", lambda message: _hear(person, message))
        page.on("pageerror", lambda error: person.complaints.append(str(error)))
        if new:
            person.open("/sign-in")
            self.sign_in(person)
        page.add_init_script(f"localStorage.setItem('crm.language', '{language}')")
        return person

    def stranger(self) -> Person:
        """Return somebody who is not signed in."""
        page = self._browser.new_context(viewport=DESKTOP, locale="zh-CN").new_page()
        page.set_default_timeout(PATIENCE_MS)
        return Person(page, self._base, "rep003", self._screenshots)

    def sign_in(self, person: Person) -> None:
        """Sign in at the page that asks for it."""
        person.page.locator("#username").fill(person.name)
        person.page.locator("#password").fill(DEMO_PASSWORD)
        person.page.keyboard.press("Enter")
        person.page.wait_for_url(lambda address: "sign-in" not in address)

    def close(self) -> None:
        """End every profile."""
        for profile in self._profiles.values():
            profile.close()


def _hear(person: Person, message: ConsoleMessage) -> None:
    if message.type == "error" and not ANSWERED.search(message.text):
        person.complaints.append(message.text)
