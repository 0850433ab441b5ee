"""What a command does when the platform is away, busy, or no longer knows its token."""

import json
from collections.abc import Callable

import click
import httpx
import pytest

from cli.refusals import Problem
from cli.session import Login, Platform

TOKENS = {"access_token": "a", "refresh_token": "r", "expires_in": 900}


def platform(answer: Callable[[httpx.Request], httpx.Response]) -> Platform:
    return Platform("http://x", "en", Login("li", "pw"), transport=httpx.MockTransport(answer))


def test_a_busy_platform_is_asked_again_with_the_same_request_id() -> None:
    keys = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/login":
            return httpx.Response(200, json=TOKENS)
        keys.append(request.headers["idempotency-key"])
        wait = {"retry-after": "0"}
        return httpx.Response([429, 503, 200][len(keys) - 1], json={}, headers=wait)

    with platform(answer).sign_in("sales_rep") as session:
        assert session.post("/v1/x") == {}
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_a_token_that_is_refused_or_old_is_replaced() -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        if request.url.path in ("/v1/login", "/v1/token:refresh"):
            return httpx.Response(200, json=TOKENS | {"expires_in": 0})
        return httpx.Response(401 if seen.count("/v1/x") == 2 else 200, json={})

    with platform(answer).sign_in("sales_rep") as session:
        session.get("/v1/x")
        session.get("/v1/x")
    assert seen == ["/v1/login", "/v1/x", "/v1/token:refresh", "/v1/x", "/v1/login", "/v1/x"]


def test_a_refusal_keeps_its_document() -> None:
    document = {"reason": "R", "clause": "H-3.1b", "detail_en": "no", "figures": {"limit": "3"}}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/login":
            return httpx.Response(200, json=TOKENS)
        return httpx.Response(409, content=json.dumps(document))

    with platform(answer).sign_in("sales_rep") as session, pytest.raises(Problem) as caught:
        session.get("/v1/x")
    assert (caught.value.reason, caught.value.clause) == ("R", "H-3.1b")


def test_without_a_login_nothing_is_sent() -> None:
    with (
        pytest.raises(click.ClickException, match="sales_rep"),
        Platform("http://x", "en").sign_in("sales_rep"),
    ):
        raise AssertionError("signed in as nobody")
