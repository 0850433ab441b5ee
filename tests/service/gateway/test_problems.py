"""One shape of refusal, whoever refuses and however."""

import socket
from collections.abc import Callable
from typing import Any

import httpx
import jsonschema
import pytest

from services.gateway.openapi_schemas import PROBLEM
from services.gateway.problems import language
from tests.service.gateway.echo import SECRET, refusals
from tests.service.gateway.running import Gateway, running_gateway


def fail(gateway: Gateway, way: str, **headers: str) -> httpx.Response:
    return gateway.http.post("/v1/failures", json={"way": way}, headers=headers)


KINDS = [
    ("invalid", 400),
    ("not_found", 404),
    ("duplicate", 409),
    ("state", 409),
    ("policy", 409),
    ("quota", 409),
    ("stale", 409),
    ("unauthenticated", 401),
    ("forbidden", 403),
    ("rate", 429),
    ("unavailable", 503),
]


@pytest.mark.parametrize(("kind", "status"), KINDS)
def test_every_kind_of_refusal_has_its_status_and_keeps_its_words(
    echo: Gateway, kind: str, status: int
) -> None:
    answer = fail(echo, kind)
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert (problem["reason"], problem["clause"]) == (kind.upper(), "H-1.1")
    assert (problem["detail_zh"], problem["detail_en"]) == (f"{kind}！", f"{kind}!")


def test_all_kinds_are_covered() -> None:
    assert {kind for kind, _ in KINDS} == set(refusals()) - {"full", "fields"}


def test_a_rule_explains_itself_in_both_languages(echo: Gateway) -> None:
    problem = fail(echo, "full").json()
    assert problem["type"] == "urn:crm:reason:QUOTA_FULL"
    assert problem["detail"] == problem["detail_zh"] == "已有 50 个客户，上限 50 个。"
    assert problem["clause"] == "H-2.2a"
    assert problem["figures"] == {"held": "50", "limit": "50"}
    assert problem["advice"] == "请先释放一个客户。"
    english = fail(echo, "full", **{"accept-language": "en-GB,zh;q=0.5"})
    assert english.headers["content-language"] == "en-US"
    assert english.json()["detail"] == "50 customers are held, 50 are allowed."
    assert english.json()["advice"] == "Release a customer first."


def test_fields_are_pointed_at(echo: Gateway) -> None:
    errors = fail(echo, "fields").json()["errors"]
    assert [(e["pointer"], e["reason"], e["clause"], e["detail"]) for e in errors] == [
        ("#/customer/full_name", "TOO_SHORT", "H-3.1", "至少 4 个字。"),
        ("#/contacts/2/name", "TOO_SHORT", "", "至少 2 个字。"),
    ]


@pytest.mark.parametrize(
    ("way", "status"),
    [
        ("crash", 500),
        ("code UNKNOWN", 500),
        ("code INTERNAL", 500),
        ("code DATA_LOSS", 500),
        ("code UNAVAILABLE", 503),
        ("code RESOURCE_EXHAUSTED", 503),
        ("code UNAUTHENTICATED", 503),
        ("code INVALID_ARGUMENT", 503),
        ("code CANCELLED", 503),
        ("code UNIMPLEMENTED", 501),
    ],
)
def test_what_no_service_of_ours_says_shows_no_text(echo: Gateway, way: str, status: int) -> None:
    answer = fail(echo, way)
    assert answer.status_code == status
    assert SECRET not in answer.text
    assert "hunter2" not in str(answer.headers)


def test_a_service_that_is_down_is_503_without_its_address(
    descriptor_set: bytes, echo_address: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with running_gateway(descriptor_set, {"echo": f"127.0.0.1:{port}"}) as gateway:
        answer = gateway.http.get("/v1/books/7", headers=gateway.bearer())
        ready = gateway.http.get("/healthz/ready")
    assert (answer.status_code, answer.json()["reason"]) == (503, "PEER_UNAVAILABLE")
    assert str(port) not in answer.text
    assert "127.0.0.1" not in answer.text
    assert answer.headers["retry-after"] == "1"
    assert (ready.status_code, ready.json()["services"]["echo"]) == (200, False)


def test_a_call_that_takes_too_long_is_504(descriptor_set: bytes, echo_address: str) -> None:
    with running_gateway(
        descriptor_set, {"echo": echo_address}, backend_timeout_seconds=0.1
    ) as gateway:
        answer = gateway.http.post("/v1/failures", json={"way": "slow"}, headers=gateway.bearer())
    assert (answer.status_code, answer.json()["reason"]) == (504, "TIMED_OUT")


REFUSALS: list[tuple[int, Callable[[Gateway], httpx.Response]]] = [
    (400, lambda gateway: gateway.http.get("/v1/books/x")),
    (400, lambda gateway: gateway.http.get("/v1/books/%FF?a=%FF")),
    (400, lambda gateway: gateway.http.post("/v1/login", json={})),
    (401, lambda gateway: gateway.http.get("/v1/books/7", headers={"authorization": ""})),
    (401, lambda gateway: gateway.http.post("/v1/login", json={"username": "x", "password": "y"})),
    (403, lambda gateway: gateway.http.get("/v1/accounts")),
    (404, lambda gateway: gateway.http.get("/v1/nothing")),
    (404, lambda gateway: gateway.http.get("/docs/../../etc/passwd")),
    (405, lambda gateway: gateway.http.put("/v1/books/7")),
    (405, lambda gateway: gateway.http.post("/openapi.json")),
    (413, lambda gateway: gateway.http.post("/v1/everything", content=b"x" * 1_100_000)),
    (415, lambda gateway: gateway.http.post("/v1/everything", content=b"x")),
    *((status, lambda gateway, kind=kind: fail(gateway, kind)) for kind, status in KINDS),
    (409, lambda gateway: fail(gateway, "full")),
    (400, lambda gateway: fail(gateway, "fields")),
    (500, lambda gateway: fail(gateway, "crash")),
]


@pytest.mark.parametrize(("status", "ask"), REFUSALS)
def test_every_refusal_has_one_shape(
    echo: Gateway, status: int, ask: Callable[[Gateway], httpx.Response]
) -> None:
    answer = ask(echo)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "zh-CN"
    problem: dict[str, Any] = answer.json()
    jsonschema.validate(problem, PROBLEM)
    assert problem["trace_id"] == answer.headers["trace-id"]
    assert problem["detail_zh"]
    assert problem["detail_en"]


def test_every_answer_carries_the_security_headers(echo: Gateway) -> None:
    for path in ("/v1/books/7", "/v1/nothing", "/docs", "/openapi.json", "/healthz/live"):
        headers = echo.http.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.3,zh;q=0.4", "zh"),
        ("fr,en;q=0.1", "en"),
        ("fr", "zh"),
        ("en;q=0", "zh"),
        (",;;q==,en;q=x", "en"),
    ],
)
def test_the_language_that_is_wanted_most(header: str, expected: str) -> None:
    assert language(header) == expected
