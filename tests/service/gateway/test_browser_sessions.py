"""Sessions of the console: what its pages can do, and what nobody else's can."""

from concurrent.futures import ThreadPoolExecutor
from http.cookies import Morsel, SimpleCookie

import httpx
import pytest

from chassis.identity import Verifier
from tests.service.gateway.running import PASSWORD, Gateway, running_gateway

MARK = {"x-requested-with": "crm-console"}


class Browser:
    """What a browser does with cookies, headers included, on a page of the gateway's origin."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.cookies: dict[str, str] = {}
        self.headers = {
            **MARK,
            "origin": str(gateway.http.base_url),
            "sec-fetch-site": "same-origin",
        }

    def post(self, path: str, body: object = None, **headers: str | None) -> httpx.Response:
        """Send a request; a header given as None is left out."""
        given = self.headers | {key.replace("_", "-"): value for key, value in headers.items()}
        given |= {"cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        answer = httpx.request(
            "POST",
            f"{self.gateway.http.base_url}{path}",
            json=body,
            headers={key: value for key, value in given.items() if value},
        )
        for morsel in set_by(answer):
            if int(morsel["max-age"]) > 0:
                self.cookies[morsel.key] = morsel.value
            else:
                self.cookies.pop(morsel.key, None)
        return answer

    def sign_in(self, username: str = "alice", **headers: str | None) -> httpx.Response:
        body = {"username": username, "password": PASSWORD}
        return self.post("/session/sign-in", body, **headers)

    def renew(self, **headers: str | None) -> httpx.Response:
        return self.post("/session/renew", **headers)

    def sign_out(self, **headers: str | None) -> httpx.Response:
        return self.post("/session/sign-out", **headers)

    @property
    def token(self) -> str:
        (value,) = self.cookies.values()
        return value


def set_by(answer: httpx.Response) -> list[Morsel[str]]:
    cookies = [SimpleCookie(text) for text in answer.headers.get_list("set-cookie")]
    return [morsel for cookie in cookies for morsel in cookie.values()]


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["reason"]


@pytest.fixture
def browser(gateway: Gateway) -> Browser:
    gateway.add("alice", "s1", "sales_rep")
    return Browser(gateway)


def test_a_page_gets_an_access_token_and_never_sees_the_other(browser: Browser) -> None:
    answer = browser.sign_in()
    assert set(answer.json()) == {"access_token", "expires_in", "staff"}
    assert answer.json()["staff"] == {
        "staff_id": "s1",
        "display_name": "员工s1",
        "roles": ["sales_rep"],
        "department": "KA",
        "team": "",
    }
    assert answer.json()["expires_in"] == 900
    assert answer.headers["cache-control"] == "no-store"
    (cookie,) = set_by(answer)
    assert cookie["httponly"]
    assert cookie["samesite"] == "strict"
    assert cookie["path"] == "/session"
    assert cookie["max-age"] == str(7 * 24 * 3600)
    assert cookie.value not in answer.text
    keys = browser.gateway.public_keys
    identity = Verifier(keys).verify(answer.json()["access_token"], browser.gateway.clock())
    assert identity.staff_id == "s1"


def test_a_renewal_gives_the_roles_of_now(browser: Browser) -> None:
    first = browser.sign_in().json()
    browser.gateway.staff.put("s1", "supervisor")
    spent = browser.token
    second = browser.renew().json()
    assert second.keys() == first.keys()
    assert second["staff"]["roles"] == ["supervisor"]
    assert browser.token != spent


def test_the_cookie_opens_nothing_but_the_session(browser: Browser) -> None:
    browser.sign_in()
    everywhere = {"cookie": "; ".join(f"{key}={value}" for key, value in browser.cookies.items())}
    answer = browser.gateway.http.get("/v1/me", headers=everywhere)
    assert reason(answer) == (401, "UNAUTHENTICATED")


def test_a_cookie_needs_tls_wherever_it_leaves_the_machine(browser: Browser) -> None:
    (here,) = set_by(browser.sign_in())
    assert not here["secure"]
    for host in ("crm.example.com", "192.168.1.10:8080", "[fe80::1]:8080", "127.0.0.1.evil.com"):
        (there,) = set_by(browser.sign_in(host=host, origin=f"https://{host}"))
        assert there["secure"]
        assert there.key == "__Secure-crm-session"
    for host in ("localhost:1", "[::1]:1", "127.0.0.9:1"):
        (local,) = set_by(browser.sign_in(host=host, origin=f"http://{host}"))
        assert (local.key, local["secure"]) == ("crm-session-1", "")
    (proxied,) = set_by(browser.sign_in(x_forwarded_proto="https"))
    assert proxied["secure"]


@pytest.mark.parametrize(
    "foreign",
    [
        {"x_requested_with": None},
        {"x_requested_with": "XMLHttpRequest"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "cross-site", "origin": "https://evil.example"},
        {"sec_fetch_site": None, "origin": "https://evil.example"},
        {"sec_fetch_site": None, "origin": "http://127.0.0.1:1"},
        {"sec_fetch_site": None, "origin": "http://127.0.0.1"},
        {"sec_fetch_site": None, "origin": "null"},
        {"sec_fetch_site": None, "origin": "file://"},
        {"origin": None, "sec_fetch_site": "cross-site"},
        {"origin": None, "sec_fetch_site": None},
    ],
)
def test_no_other_site_can_use_a_session(browser: Browser, foreign: dict[str, str | None]) -> None:
    browser.sign_in()
    held = browser.token
    for call in (browser.renew, browser.sign_out, browser.sign_in):
        answer = call(**foreign)
        assert reason(answer) == (403, "OTHER_SITE")
        assert "set-cookie" not in answer.headers
    assert browser.token == held
    assert browser.renew().status_code == 200


@pytest.mark.parametrize("missing", [{"origin": None}, {"sec_fetch_site": None}])
def test_a_browser_that_tells_only_one_of_the_two_is_served(
    browser: Browser, missing: dict[str, str | None]
) -> None:
    assert browser.sign_in(**missing).status_code == 200
    assert browser.renew(**missing).status_code == 200


def test_no_other_site_is_allowed_to_ask(browser: Browser) -> None:
    answer = browser.gateway.http.options(
        "/session/renew",
        headers={
            "origin": "https://evil.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "x-requested-with",
        },
    )
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert browser.gateway.http.get("/session/renew").status_code == 405
    assert browser.gateway.http.post("/session/anything", json={}).status_code == 404


def test_a_proxy_may_change_the_host_where_browsers_say_who_asks(browser: Browser) -> None:
    public = "https://crm.example.com"
    assert browser.sign_in(origin=public).status_code == 200
    assert reason(browser.sign_in(origin=public, sec_fetch_site=None)) == (403, "OTHER_SITE")


def test_without_a_session_there_is_nothing_to_renew(browser: Browser) -> None:
    assert reason(browser.renew()) == (401, "SESSION_OVER")
    browser.cookies = {f"crm-session-{browser.gateway.http.base_url.port}": "guessed"}
    assert reason(browser.renew()) == (401, "SESSION_OVER")


def test_a_lost_answer_is_given_again(browser: Browser) -> None:
    browser.sign_in()
    spent = dict(browser.cookies)
    browser.renew()
    live = browser.token
    browser.cookies = dict(spent)
    browser.gateway.clock.move(seconds=29)
    assert browser.renew().status_code == 200
    assert browser.token == live
    browser.renew()
    newest = browser.token
    browser.cookies = dict(spent)
    assert browser.renew().status_code == 200
    assert browser.token == newest != live


def test_a_stolen_cookie_that_comes_late_ends_the_session(browser: Browser) -> None:
    browser.sign_in()
    stolen = dict(browser.cookies)
    browser.renew()
    browser.gateway.clock.move(seconds=30)
    thief = Browser(browser.gateway)
    thief.cookies = stolen
    assert reason(thief.renew()) == (401, "SESSION_OVER")
    assert reason(browser.renew()) == (401, "SESSION_OVER")


def test_a_cookie_stolen_and_used_at_once_ends_the_session_at_the_next_renewal(
    browser: Browser,
) -> None:
    browser.sign_in()
    thief = Browser(browser.gateway)
    thief.cookies = dict(browser.cookies)
    browser.renew()
    assert thief.renew().status_code == 200
    browser.gateway.clock.move(minutes=14)
    assert thief.renew().status_code == 200
    browser.gateway.clock.move(minutes=1)
    assert reason(browser.renew()) == (401, "SESSION_OVER")
    assert reason(thief.renew()) == (401, "SESSION_OVER")


def test_tabs_that_renew_at_once_stay_signed_in_together(browser: Browser) -> None:
    browser.sign_in()
    tabs = [Browser(browser.gateway) for _ in range(8)]
    for tab in tabs:
        tab.cookies = dict(browser.cookies)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(Browser.renew, tabs))
    assert {answer.status_code for answer in answers} == {200}
    assert len({tab.token for tab in tabs}) == 1
    browser.gateway.clock.move(minutes=15)
    assert tabs[0].renew().status_code == 200


def test_signing_out_ends_the_session_and_removes_the_cookie(browser: Browser) -> None:
    browser.sign_in()
    kept = dict(browser.cookies)
    answer = browser.sign_out()
    assert (answer.status_code, answer.content) == (204, b"")
    assert browser.cookies == {}
    assert browser.sign_out().status_code == 204
    browser.cookies = kept
    assert reason(browser.renew()) == (401, "SESSION_OVER")


def test_a_browser_has_one_session(browser: Browser) -> None:
    browser.gateway.add("bob", "s2")
    browser.sign_in()
    first = dict(browser.cookies)
    assert browser.sign_in("bob").json()["staff"]["staff_id"] == "s2"
    other = Browser(browser.gateway)
    other.cookies = first
    assert reason(other.renew()) == (401, "SESSION_OVER")
    assert browser.renew().json()["staff"]["staff_id"] == "s2"


def test_a_sign_in_is_checked_like_any_other(browser: Browser) -> None:
    def say(body: object, **headers: str | None) -> tuple[int, str]:
        return reason(browser.post("/session/sign-in", body, **headers))

    assert say({"username": "alice", "password": "wrong"}) == (401, "SIGN_IN_REFUSED")
    assert say({"username": "alice"}) == (400, "INVALID_REQUEST")
    assert say({"username": "a", "password": "x", "admin": True}) == (400, "INVALID_REQUEST")
    assert say([]) == (400, "INVALID_REQUEST")
    assert say({"username": "alice", "password": "x" * 2_000_000}) == (413, "TOO_LARGE")
    assert say({"username": "alice"}, content_type="text/plain") == (415, "NOT_JSON")
    answer = browser.post(f"/session/sign-in?password={PASSWORD}", {"username": "alice"})
    assert reason(answer) == (400, "INVALID_REQUEST")
    assert browser.cookies == {}


def test_guessing_is_counted_together_with_the_other_door(browser: Browser) -> None:
    wrong = {"username": "alice", "password": "wrong"}
    for number in range(10):
        answer = (
            browser.post("/session/sign-in", wrong)
            if number % 2
            else browser.gateway.login("alice", "wrong")
        )
        assert answer.status_code == 401
    assert reason(browser.sign_in()) == (429, "TOO_MANY_ATTEMPTS")
    assert reason(browser.gateway.login("alice")) == (429, "TOO_MANY_ATTEMPTS")


def test_asking_too_often_is_stopped(descriptor_set: bytes, echo_address: str) -> None:
    rate = {"request_rate": "3/hour"}
    with running_gateway(descriptor_set, {"echo": echo_address}, **rate) as gateway:
        browser = Browser(gateway)
        assert [browser.renew().status_code for _ in range(4)] == [401, 401, 401, 429]
