"""Commands talk to the platform over HTTP as a person: signed in, retried, refusals readable."""

import json
import locale
import os
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click
import httpx
from httpx_retries import Retry, RetryTransport

from cli.refusals import Language, Problem

Command = TypeVar("Command", bound=Callable[..., Any])

ROOT = Path(__file__).resolve().parent.parent
RETRIES = Retry(
    total=6,
    # Every command that is sent carries a request id: repeating it repeats the answer only.
    allowed_methods=["GET", "POST", "PATCH"],
    status_forcelist=[429, 502, 503, 504],
    backoff_factor=0.1,
    max_backoff_wait=30,
    total_timeout=60,
)
TIMEOUT = httpx.Timeout(60, connect=5)
EARLY_SECONDS = 20
"""An access token is renewed this long before it expires."""

UNREACHABLE = {
    "zh": "{url} 没有应答：{error}。请用 ./crm run 启动平台，或用 --url 指定地址。",
    "en": "{url} does not answer: {error}. Start the platform with ./crm run, or say --url.",
}
NOBODY = {
    "zh": "请用 --user 和 --password 登录；没有角色为 {role} 的演示账号。",
    "en": "Sign in with --user and --password; there is no demo login with the role {role}.",
}


@dataclass(frozen=True, slots=True)
class Login:
    """A name and password to sign in with."""

    username: str
    password: str = field(repr=False)
    role: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """Where the platform is, and who may sign in there."""

    url: str
    language: Language
    given: Login | None = None
    logins: tuple[Login, ...] = ()
    transport: httpx.BaseTransport | None = None

    @contextmanager
    def sign_in(self, role: str) -> Iterator["Session"]:
        """Open a session: of the person given, else of the demo login with `role`.

        Closed with the block. Signing in happens at the first request.
        """
        login = self.given or next((one for one in self.logins if one.role == role), None)
        if login is None:
            raise click.ClickException(NOBODY[self.language].format(role=role))
        with self.sign_in_as(login) as session:
            yield session

    @contextmanager
    def sign_in_as(self, login: Login) -> Iterator["Session"]:
        """Open a session of one person."""
        transport = RetryTransport(transport=self.transport or httpx.HTTPTransport(), retry=RETRIES)
        headers = {"accept-language": self.language}
        with httpx.Client(
            base_url=self.url,
            auth=_Bearer(login, self.language),
            transport=transport,
            timeout=TIMEOUT,
            headers=headers,
        ) as client:
            yield Session(client, self.language)


@dataclass(frozen=True, slots=True)
class Session:
    """One person's requests. Every refusal is raised as `Problem`."""

    client: httpx.Client
    language: Language

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """Read; returns the answer's JSON."""
        return self._send("GET", path, params=parameters)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Do; without a `request_id` in the body the request gets one of its own."""
        content = dict(body or {})
        headers = {} if "request_id" in content else {"idempotency-key": str(uuid.uuid4())}
        return self._send("POST", path, json=content, headers=headers)

    def pages(self, path: str, key: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield every item of a list, page by page."""
        token = ""
        while True:
            page = self.get(path, **parameters, **({"page_token": token} if token else {}))
            yield from page.get(key, ())
            token = page.get("next_page_token", "")
            if not token:
                return

    def _send(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            answer = self.client.request(method, path, **options)
        except httpx.TransportError as error:
            url = str(self.client.base_url).rstrip("/")
            text = UNREACHABLE[self.language].format(
                url=url, error=str(error) or type(error).__name__
            )
            raise click.ClickException(text) from None
        return read_answer(answer, self.language)


class _Bearer(httpx.Auth):
    """Signs in at the first request and keeps the token in memory; renews it before it expires."""

    requires_response_body = True

    def __init__(self, login: Login, language: Language) -> None:
        self._login = login
        self._language = language
        self._access = self._refresh = ""
        self._until = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Authorise a request; a token that is no longer accepted is replaced once."""
        if time.monotonic() >= self._until:
            yield from self._renew(request.url)
        request.headers["authorization"] = f"Bearer {self._access}"
        answer = yield request
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            yield from self._enter(request.url)
            request.headers["authorization"] = f"Bearer {self._access}"
            yield request

    def _renew(self, url: httpx.URL) -> Generator[httpx.Request, httpx.Response, None]:
        if self._refresh:
            body = {"refresh_token": self._refresh}
            answer = yield httpx.Request("POST", url.join("/v1/token:refresh"), json=body)
            if answer.is_success:
                self._keep(answer.json())
                return
        yield from self._enter(url)

    def _enter(self, url: httpx.URL) -> Generator[httpx.Request, httpx.Response, None]:
        body = {"username": self._login.username, "password": self._login.password}
        answer = yield httpx.Request("POST", url.join("/v1/login"), json=body)
        self._keep(read_answer(answer, self._language))

    def _keep(self, tokens: Mapping[str, Any]) -> None:
        self._access, self._refresh = tokens["access_token"], tokens["refresh_token"]
        self._until = time.monotonic() + max(tokens["expires_in"] - EARLY_SECONDS, 0)


def read_answer(answer: httpx.Response, language: Language) -> dict[str, Any]:
    """Return the JSON of an answer; raises Problem for a refusal, whatever its body."""
    try:
        content = answer.json()
    except ValueError:
        content = {"detail": answer.text[:500], "reason": ""}
    if answer.is_success and isinstance(content, dict):
        return content
    document = content if isinstance(content, dict) else {}
    raise Problem({"status": answer.status_code} | document, language)


def platform_options(command: Command) -> Command:
    """Give a command `--url`, `--user`, `--password`, `--lang`; it gets them as `platform`."""

    def run(url: str, user: str, password: str, lang: Language, **options: Any) -> Any:
        return command(platform=find_platform(url, user, password, lang), **options)

    wrapped: Any = run
    wrapped.__doc__, wrapped.__name__ = command.__doc__, command.__name__
    wrapped.__click_params__ = list(getattr(command, "__click_params__", ()))
    result: Command = connection_options(wrapped)
    return result


def connection_options(command: Any) -> Any:
    """Give a command `--url`, `--user`, `--password` and `--lang` as they are."""
    wrapped: Any = command
    for option in (
        click.option(
            "--lang",
            type=click.Choice(["zh", "en"]),
            default=default_language,
            help="Language of the output; by default that of LANG.",
        ),
        click.option("--password", envvar="CRM_PASSWORD", default="", help="Or CRM_PASSWORD."),
        click.option("--user", envvar="CRM_USER", default="", help="Or CRM_USER."),
        click.option("--url", envvar="CRM_URL", default="", help="Or CRM_URL; else `crm run`'s."),
    ):
        wrapped = option(wrapped)
    return wrapped


def find_platform(url: str, user: str, password: str, language: Language) -> Platform:
    """Return the platform at `url`, or the one that `crm run` has noted under `var`."""
    noted = Path(os.environ.get("CRM_VAR", ROOT / "var")) / "run.json"
    run: dict[str, Any] = {}
    if noted.is_file():
        run = json.loads(noted.read_text(encoding="utf-8"))
    if not url and not run:
        raise click.ClickException(
            UNREACHABLE[language].format(url=noted, error="-").replace(": -", "")
        )
    here = not url or url.rstrip("/") == run.get("url")
    logins = tuple(
        Login(one["username"], one["password"], one.get("role", ""), one.get("name", ""))
        for one in (run.get("logins", ()) if here else ())
    )
    given = Login(user, password) if user else None
    return Platform(url or run["url"], language, given, logins)


def default_language() -> Language:
    """Return Chinese where the user's locale is Chinese, else English."""
    chosen = next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))),
        locale.getlocale()[0] or "",
    )
    return "zh" if chosen.lower().startswith("zh") else "en"
