"""Whatever is sent, the gateway answers, and the fault is never its own."""

import json
import string
from typing import Any

import httpx
import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.gateway.openapi_schemas import PROBLEM
from tests.service.gateway.running import Gateway

NAMES = [
    "a_string aBool an_int32 an_int64 a_uint32 a_float a_double some_bytes colour at span mask",
    "maybe_string maybe_int64 maybe_bool free any_value words colours authors counts by_number",
    "optional_string author inner a_fixed32 x",
]
VISIBLE = string.ascii_letters + string.digits + string.punctuation
NAME = st.sampled_from(" ".join(NAMES).split())
SEGMENT = st.sampled_from(
    ["v1", "books", "shelves", "things", "files", "rooms", "chairs", "everything", "choices"]
) | st.text(VISIBLE, max_size=8)
ODD = st.sampled_from(
    ["9" * 400, "1e400", "-0", "NaN", "COLOUR_RED", "2026-02-30T00:00:00Z", "90s", "a,b", "QQ=="]
)
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | ODD
VALUE: st.SearchStrategy[Any] = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAME | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
EXAMPLES = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def check(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        jsonschema.validate(answer.json(), PROBLEM)


@EXAMPLES
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
    segments=st.lists(SEGMENT, max_size=6),
    tail=st.sampled_from(["", ":run", ":stat", ":", "%3Arun", "%", "%zz", "%00"]),
    query=st.text(VISIBLE, max_size=30),
)
def test_no_path_breaks_it(
    echo: Gateway, method: str, segments: list[str], tail: str, query: str
) -> None:
    target = "/" + "/".join(segments) + tail + "?" + query
    answer = echo.http.request(method, "/", extensions={"target": target.encode()})
    if method == "HEAD":
        assert answer.status_code < 500
    else:
        check(answer)


@EXAMPLES
@given(st.lists(st.tuples(NAME, st.text(max_size=12) | ODD), max_size=5))
def test_no_query_breaks_it(echo: Gateway, pairs: list[tuple[str, str]]) -> None:
    usable: Any = [(name, text.encode(errors="replace").decode()) for name, text in pairs]
    check(echo.http.get("/v1/everything", params=usable))


@EXAMPLES
@given(st.dictionaries(NAME, VALUE, max_size=5) | VALUE)
def test_no_json_breaks_it(echo: Gateway, body: Any) -> None:
    content = json.dumps(body)
    headers = {"content-type": "application/json"}
    check(echo.http.post("/v1/everything", content=content, headers=headers))


@EXAMPLES
@given(st.binary(max_size=60), st.sampled_from(["/v1/everything", "/v1/login", "/v1/orders"]))
def test_no_bytes_break_it(echo: Gateway, body: bytes, path: str) -> None:
    headers = {"content-type": "application/json"}
    check(echo.http.post(path, content=body, headers=headers))
