"""The console's pages in real Chromium: how much is transferred, how long until the first row."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import click
import httpx

from cli.bench.measure import Report

BUDGET = "budget of a first load, gzip"
BUDGET_KB = 350
SETTLED_MS = 2000
REP = "rep001"
DAYS = 1
WATCH = """(selector) => new Promise((done) => {
    const look = () => {
        if (document.querySelector(selector)?.textContent.trim()) done(performance.now())
        else requestAnimationFrame(look)
    }
    look()
})"""
"""Tells when the first row stands there, in ms since the address was asked for."""
STATIC = ("Document", "Script", "Stylesheet", "Font", "Image", "Manifest", "Other")


class Place(NamedTuple):
    """A page, what a row of it is, and the request that fills it."""

    name: str
    path: str
    row: str
    asks: str
    size: dict[str, int]


class Network(NamedTuple):
    """What lies between the reader and the platform; no rate where nothing does."""

    name: str
    bits: int = 0
    latency_ms: int = 0


DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MINE = "/v1/holdings?scope=HOLDING_SCOPE_MINE&order=HOLDING_ORDER_DUE_TIME&page_size=20"
SHELLS = (("desktop /", "/desk", DESKTOP), ("phone /m", "/m/home", PHONE))
OTHERS = (("desktop, the list", "/customers", DESKTOP), ("desktop, plots", "/insights", DESKTOP))
LISTS = (
    Place("/customers", "/customers", ".el-table__row", MINE, DESKTOP),
    Place("/m/customers", "/m/customers", ".van-cell__label", MINE, PHONE),
)
NETWORKS = (
    Network("this machine"),
    Network("1.6 Mbit/s, 150 ms", 1_600_000, 150),
    Network("400 kbit/s, 150 ms", 400_000, 150),
)


def measure_pages(report: Report, folder: Path) -> None:
    """Measure first loads and first rows of a rep in a small company, beside the bare API call."""
    from cli.console import NotBuilt, build
    from cli.month.cast import SMALL
    from cli.month.lived import live
    from cli.setup import DEMO_PASSWORD, prepare
    from tests.browser.platform import running
    from tests.system.debian import Unavailable, program

    try:
        chromium = str(program("chromium"))
        build()
    except (Unavailable, NotBuilt) as reason:
        click.echo(f"Without the console: {reason}", err=True)
        return
    prepare(folder)
    live(folder, DAYS, DEMO_PASSWORD, SMALL)
    with running(folder) as platform, _signed_in(chromium, platform.url) as page:
        report.add(BUDGET, "kB", [BUDGET_KB])
        for name, path, size in (*SHELLS, *OTHERS):
            _weigh(report, page, platform.url, name, path, size)
        for network in NETWORKS:
            _measure_rows(report, page, platform.url, network)


@contextmanager
def _signed_in(chromium: str, url: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    from cli.setup import DEMO_PASSWORD

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{url}/sign-in")
        page.locator("#username").fill(REP)
        page.locator("#password").fill(DEMO_PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "sign-in" not in address)
        yield page
        browser.close()


def _weigh(report: Report, page: Any, url: str, name: str, path: str, size: dict[str, int]) -> None:
    """Count what a first load brings, to Chromium and to a client that knows gzip only."""
    page.set_viewport_size(size)
    files = _first_load(page, url + path)
    with httpx.Client(headers={"accept": "text/html,*/*"}) as client:
        packed = {file: _transferred(client, file, "gzip") for file in files}
        smaller = [_transferred(client, file, "br") for file in files]
    report.add(f"{name}: first load, gzip", "kB", [sum(packed.values()) / 1000], BUDGET)
    report.add(f"{name}: first load, br", "kB", [sum(smaller) / 1000])
    largest = sorted(packed.items(), key=lambda one: -one[1])[:5]
    told = ", ".join(f"{urlsplit(file).path} {size / 1000:.0f}" for file, size in largest)
    click.echo(f"{name}: {len(files)} files; the largest in kB, gzip: {told}")


def _first_load(page: Any, address: str) -> list[str]:
    """Return the files, without the API's answers, that a page asks for when nothing is known."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.clearBrowserCache")
    asked: list[str] = []
    note = lambda event: (  # noqa: E731
        asked.append(event["response"]["url"]) if event["type"] in STATIC else None
    )
    client.on("Network.responseReceived", note)
    page.goto(address)
    page.locator("h1, .van-nav-bar__title").first.wait_for()
    # What is loaded when it is first shown; the stream of hints never ends.
    page.wait_for_timeout(SETTLED_MS)
    client.detach()
    return [one for one in dict.fromkeys(asked) if one.startswith("http")]


def _transferred(client: httpx.Client, address: str, encoding: str) -> int:
    with client.stream("GET", address, headers={"accept-encoding": encoding}) as answer:
        return sum(len(part) for part in answer.iter_raw())


def _measure_rows(report: Report, page: Any, url: str, network: Network) -> None:
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    rate = network.bits / 8 if network.bits else -1
    client.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": network.latency_ms,
            "downloadThroughput": rate,
            "uploadThroughput": rate,
        },
    )
    for place in LISTS:
        page.set_viewport_size(place.size)
        bare = f"{place.name}, {network.name}: the API's answer alone"
        report.add(bare, "ms", [_ask(page, place.asks) for _ in range(report.rounds)])
        first, again = [], []
        for _ in range(report.rounds):
            client.send("Network.clearBrowserCache")
            first.append(_row(page, url, place))
            again.append(_row(page, url, place))
        report.add(f"{place.name}, {network.name}: first row, nothing cached", "ms", first, bare)
        report.add(f"{place.name}, {network.name}: first row, come again", "ms", again, bare)
    client.detach()


def _row(page: Any, url: str, place: Place) -> float:
    page.goto("about:blank")
    page.goto(url + place.path, wait_until="commit")
    return float(page.evaluate(WATCH, place.row))


def _ask(page: Any, path: str) -> float:
    """Return how long the page's own request takes, until its answer is read."""
    return float(
        page.evaluate(
            """async (path) => {
                const json = {'content-type': 'application/json'}
                const known = {...json, 'x-requested-with': 'crm-console'}
                const asked = {method: 'POST', headers: known, body: '{}'}
                const renewed = await fetch('/session/renew', asked)
                const {access_token} = await renewed.json()
                const headers = {authorization: `Bearer ${access_token}`}
                const began = performance.now()
                await (await fetch(path, {headers})).json()
                return performance.now() - began
            }""",
            path,
        )
    )
