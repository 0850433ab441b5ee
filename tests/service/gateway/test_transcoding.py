"""HTTP in, HTTP out: what arrives at the service, and what does not."""

from typing import Any

import pytest

from services.gateway.transcoding import templates
from tests.service.gateway.running import Gateway

BOOKS = "/v1/shelves/a/books"
ALL = "/v1/everything"
ANSWERED: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("GET", "/v1/shelves/a/books/7", None, {"shelf": "a", "book_id": "7"}),
    ("HEAD", "/v1/shelves/a/books/7", None, {}),
    ("GET", "/v1/books/7", None, {"shelf": "", "book_id": "7"}),
    ("GET", "/v1/shelves/a%2Fb%20%E5%AE%A2/books/7", None, {"shelf": "a/b 客"}),
    ("GET", "/v1/shelves/a:b/books/7", None, {"shelf": "a:b"}),
    ("GET", "/v1/shelves/%3Arun/books/7", None, {"shelf": ":run"}),
    ("GET", "/v1/books/7?full_title=x+y", None, {"full_title": "x y"}),
    ("GET", "/v1/books/7?fullTitle=x", None, {"full_title": "x"}),
    ("GET", "/v1/books/7?tags=a&tags=b&tags=", None, {"tags": ["a", "b", ""]}),
    (
        "GET",
        "/v1/books/7?author.display_name=x&author.luckyNumbers=3&author.luckyNumbers=-4",
        None,
        {"author": {"display_name": "x", "lucky_numbers": [3, -4]}},
    ),
    ("GET", "/v1/rooms/r1/chairs/c%2F1", None, {"name": "rooms/r1/chairs/c%2F1"}),
    ("GET", "/v1/files/a/b%20c/%E5%AE%A2", None, {"name": "a/b c/客"}),
    ("GET", "/v1/files/a/b:stat", None, {"name": "a/b"}),
    ("GET", "/v1/files/a:b/c:d", None, {"name": "a:b/c:d"}),
    ("POST", BOOKS, {"book_id": 7, "fullTitle": "t"}, {"shelf": "a", "book_id": "7"}),
    ("POST", BOOKS, {"shelf": "a"}, {"shelf": "a"}),
    ("POST", BOOKS, None, {"shelf": "a"}),
    ("POST", BOOKS, {"shelf": ""}, {"shelf": "a"}),
    ("POST", "/v1/things/t:run", {"times": 2}, {"id": "t", "times": 2}),
    (
        "PATCH",
        "/v1/things/t?note=n&update_mask=size,colour",
        {"size": 3},
        {"thing": {"id": "t", "colour": "", "size": 3}, "note": "n", "update_mask": "size,colour"},
    ),
    ("PUT", "/v1/things/t", {"thing": {"id": "t", "size": 1}}, {"note": ""}),
    ("POST", "/v1/choices/yes", {}, {"text": "yes"}),
    (
        "GET",
        f"{ALL}?colour=COLOUR_RED&colours=2&colours=COLOUR_RED",
        None,
        {"colour": "COLOUR_RED"},
    ),
    ("GET", f"{ALL}?at=2026-01-02T03:04:05%2B08:00", None, {"at": "2026-01-01T19:04:05Z"}),
    ("GET", f"{ALL}?span=90s&mask=aString,aBool", None, {"span": "90s", "mask": "aString,aBool"}),
    ("GET", f"{ALL}?maybe_string=&maybe_int64=5&maybe_bool=true", None, {"maybe_int64": "5"}),
    ("GET", f"{ALL}?a_bool=true&a_double=1e3&a_float=NaN", None, {"a_float": "NaN"}),
    ("GET", f"{ALL}?inner.inner.author.display_name=x", None, {}),
    ("POST", ALL, {"an_int64": "9223372036854775807"}, {"an_int64": "9223372036854775807"}),
    ("POST", ALL, {"a_uint64": 18446744073709551615}, {"a_uint64": "18446744073709551615"}),
    ("POST", ALL, {"an_int32": 1e3, "a_bool": None}, {"an_int32": 1000, "a_bool": False}),
    ("POST", ALL, {"colour": 2, "colours": ["COLOUR_RED", 0]}, {"colour": "COLOUR_BLUE"}),
    ("POST", ALL, {"colour": 77}, {"colour": 77}),
    ("POST", ALL, {"some_bytes": "_-8="}, {"some_bytes": "/+8="}),
    ("POST", ALL, {"free": {"a": [1, None, {"b": "客"}]}, "any_value": None}, {"any_value": None}),
    ("POST", ALL, {"counts": {"a": 1}, "by_number": {"-3": {}}}, {"counts": {"a": 1}}),
    ("POST", ALL, {"optional_string": ""}, {"optional_string": ""}),
    ("POST", ALL, {"a_string": "'; DROP TABLE customer; --\u0000\u001b"}, {}),
    ("POST", ALL, {"a_string": "户" * 10_000}, {"a_string": "户" * 10_000}),
]


@pytest.mark.parametrize(("method", "path", "body", "expected"), ANSWERED)
def test_a_request_arrives_as_the_annotations_say(
    echo: Gateway, method: str, path: str, body: Any, expected: dict[str, Any]
) -> None:
    answer = echo.http.request(method, path, json=body)
    assert answer.status_code == 200, answer.text
    if method != "HEAD":
        content = answer.json()
        assert {key: content[key] for key in expected} == expected


REFUSED: list[tuple[str, str, Any, int, str, list[str]]] = [
    ("GET", "/v1/nothing", None, 404, "NO_SUCH_PATH", []),
    ("GET", "/v1/books/", None, 404, "NO_SUCH_PATH", []),
    ("GET", "//v1/books/7", None, 404, "NO_SUCH_PATH", []),
    ("POST", "/v1/things/t:jump", {}, 405, "NO_SUCH_METHOD", []),
    ("POST", "/test.echo.v1.EchoService/Hidden", {}, 404, "NO_SUCH_PATH", []),
    ("GET", "/v1/books/seven", None, 400, "WRONG_TYPE", ["#/book_id"]),
    ("GET", "/v1/books/9223372036854775808", None, 400, "WRONG_TYPE", ["#/book_id"]),
    ("GET", "/v1/shelves/%FF/books/1", None, 400, "WRONG_TYPE", ["#/shelf"]),
    ("GET", "/v1/books/7?nothing=1", None, 400, "UNKNOWN_FIELD", ["#/nothing"]),
    ("GET", "/v1/books/7?author=1", None, 400, "UNKNOWN_FIELD", ["#/author"]),
    ("GET", "/v1/books/7?tags.x=1", None, 400, "UNKNOWN_FIELD", ["#/tags/x"]),
    ("GET", "/v1/books/7?full_title=%C3%28", None, 400, "WRONG_TYPE", ["#"]),
    ("GET", "/v1/books/7?full_title=a&fullTitle=b", None, 400, "REPEATED_FIELD", ["#/full_title"]),
    ("GET", "/v1/books/7?book_id=8", None, 400, "PATH_DECIDES", ["#/book_id"]),
    ("GET", "/v1/books/7?bookId=7", None, 400, "PATH_DECIDES", ["#/bookId"]),
    ("GET", f"{ALL}?a_bool=1", None, 400, "WRONG_TYPE", ["#/a_bool"]),
    ("GET", f"{ALL}?colour=GREEN", None, 400, "WRONG_TYPE", ["#/colour"]),
    ("GET", f"{ALL}?mask=a_string", None, 400, "WRONG_TYPE", ["#/mask"]),
    ("GET", f"{ALL}?mask=[]", None, 400, "WRONG_TYPE", ["#/mask"]),
    ("GET", f"{ALL}?colour=9", None, 400, "WRONG_TYPE", ["#/colour"]),
    ("GET", f"{ALL}?free=1", None, 400, "UNKNOWN_FIELD", ["#/free"]),
    ("GET", f"{ALL}?at=yesterday", None, 400, "WRONG_TYPE", ["#/at"]),
    ("POST", f"{BOOKS}?full_title=x", {}, 400, "UNKNOWN_FIELD", ["#/full_title"]),
    ("POST", BOOKS, {"shelf": "b"}, 400, "PATH_DECIDES", ["#/shelf"]),
    ("PUT", "/v1/things/t", {"thing": {"id": "u"}}, 400, "PATH_DECIDES", ["#/thing/id"]),
    ("PATCH", "/v1/things/t", {"id": "u"}, 400, "PATH_DECIDES", ["#/thing/id"]),
    ("PATCH", "/v1/things/t?thing.size=4", {"size": 3}, 400, "UNKNOWN_FIELD", ["#/thing/size"]),
    ("POST", "/v1/choices/yes", {"number": 3}, 400, "PATH_DECIDES", ["#/text"]),
    ("POST", ALL, {"x": 1, "author": {"y": 2}}, 400, "UNKNOWN_FIELD", ["#/x", "#/author/y"]),
    ("POST", ALL, [], 400, "WRONG_TYPE", ["#"]),
    ("POST", ALL, {"author": []}, 400, "WRONG_TYPE", ["#/author"]),
    ("POST", ALL, {"authors": [{}, 3]}, 400, "WRONG_TYPE", ["#/authors/1"]),
    ("POST", ALL, {"authors": {}}, 400, "WRONG_TYPE", ["#/authors"]),
    ("POST", ALL, {"words": [None]}, 400, "WRONG_TYPE", ["#/words/0"]),
    ("POST", ALL, {"counts": {"a": "x"}}, 400, "WRONG_TYPE", ["#/counts/a"]),
    ("POST", ALL, {"by_number": {"x": {}}}, 400, "WRONG_TYPE", ["#/by_number/x"]),
    ("POST", ALL, {"an_int32": 2147483648}, 400, "WRONG_TYPE", ["#/an_int32"]),
    ("POST", ALL, {"an_int32": True}, 400, "WRONG_TYPE", ["#/an_int32"]),
    ("POST", ALL, {"an_int32": 1.5}, 400, "WRONG_TYPE", ["#/an_int32"]),
    ("POST", ALL, {"a_string": 5}, 400, "WRONG_TYPE", ["#/a_string"]),
    ("POST", ALL, {"a_bool": "true"}, 400, "WRONG_TYPE", ["#/a_bool"]),
    ("POST", ALL, {"a_double": "ten"}, 400, "WRONG_TYPE", ["#/a_double"]),
    ("POST", ALL, {"a_float": 1e300}, 400, "WRONG_TYPE", ["#/a_float"]),
    ("POST", ALL, {"some_bytes": "not base64!"}, 400, "WRONG_TYPE", ["#/some_bytes"]),
    ("POST", ALL, {"some_bytes": "QQ="}, 400, "WRONG_TYPE", ["#/some_bytes"]),
    ("POST", ALL, {"some_bytes": "QR=="}, 400, "WRONG_TYPE", ["#/some_bytes"]),
    ("POST", ALL, {"colour": "RED", "at": 5}, 400, "WRONG_TYPE", ["#/colour", "#/at"]),
    ("POST", ALL, {"a_string": "x", "aString": "y"}, 400, "REPEATED_FIELD", ["#/aString"]),
    ("POST", "/v1/orders", {"what": "x"}, 400, "REQUEST_ID_MISSING", ["#/request_id"]),
    ("DELETE", "/v1/things/t", {}, 400, "NO_BODY_HERE", ["#"]),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "reason", "pointers"), REFUSED)
def test_a_wrong_request_is_refused_naming_what_is_wrong(
    echo: Gateway,
    method: str,
    path: str,
    body: Any,
    status: int,
    reason: str,
    pointers: list[str],
) -> None:
    answer = echo.http.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert [error["pointer"] for error in problem["errors"]] == pointers
    reasons = {error["reason"] for error in problem["errors"]} or {problem["reason"]}
    assert reasons == {reason}


RAW: list[tuple[bytes, str, int, str]] = [
    (b"{", "application/json", 400, "MALFORMED_JSON"),
    (b"\xff\xfe{}", "application/json", 400, "MALFORMED_JSON"),
    (b'\xef\xbb\xbf{"a_string":"x"}', "application/json", 400, "MALFORMED_JSON"),
    (b'{"a_double":NaN}', "application/json", 400, "MALFORMED_JSON"),
    (b'{"a_string":"\\ud800"}', "application/json", 400, "MALFORMED_JSON"),
    (b'{"free":{"\\ud800":1}}', "application/json", 400, "MALFORMED_JSON"),
    (b'{"a_double":1e999}', "application/json", 400, "INVALID_REQUEST"),
    (b'{"a_string":"a","a_string":"b"}', "application/json", 400, "INVALID_REQUEST"),
    (b'{"a_double":' + b"9" * 5000 + b"}", "application/json", 400, "MALFORMED_JSON"),
    (b'{"any_value":' + b"[" * 25 + b"]" * 25 + b"}", "application/json", 400, "TOO_DEEP"),
    (b"[" * 100_000, "application/json", 400, "MALFORMED_JSON"),
    (b"a_string=x", "application/x-www-form-urlencoded", 415, "NOT_JSON"),
    (b"{}", "text/plain", 415, "NOT_JSON"),
    (b"{}", "application/json; charset=gbk", 415, "NOT_JSON"),
    (b"{}", "application/json; charset=utf-8", 200, ""),
    (b"", "text/plain", 200, ""),
    (b'{"a_string":"\\ud83d\\ude00"}', "Application/JSON", 200, ""),
    (b'{"any_value":' + b"[" * 23 + b"]" * 23 + b"}", "application/json", 200, ""),
]


@pytest.mark.parametrize(("body", "content_type", "status", "reason"), RAW)
def test_a_body_is_strict_json(
    echo: Gateway, body: bytes, content_type: str, status: int, reason: str
) -> None:
    answer = echo.http.post(ALL, content=body, headers={"content-type": content_type})
    assert answer.status_code == status, answer.text
    assert answer.json().get("reason", "") == reason


def test_a_compressed_body_is_refused(echo: Gateway) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    assert echo.http.post(ALL, content=b"\x1f\x8b", headers=headers).status_code == 415


def test_other_methods_are_named(echo: Gateway) -> None:
    answer = echo.http.delete("/v1/shelves/a/books")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert echo.http.post("/docs").status_code == 405
    assert echo.http.options("/v1/things/t").headers["allow"] == "DELETE, PATCH, PUT"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_refused_while_it_arrives(echo: Gateway, chunked: bool) -> None:
    size = 2 * 1024 * 1024
    content: Any = (b"x" * 65536 for _ in range(size // 65536)) if chunked else b"x" * size
    answer = echo.http.post(ALL, content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["figures"] == {"limit_bytes": "1048576"}


def test_empty_answers_are_204(echo: Gateway) -> None:
    answer = echo.http.delete("/v1/things/t")
    assert (answer.status_code, answer.content) == (204, b"")


def test_the_idempotency_key_is_the_request_id(echo: Gateway) -> None:
    def order(body: dict[str, str], key: str) -> tuple[int, Any]:
        answer = echo.http.post("/v1/orders", json=body, headers={"idempotency-key": key})
        return answer.status_code, answer.json()

    assert order({"what": "x"}, "k1") == (200, {"what": "x", "request_id": "k1"})
    assert order({"what": "x", "request_id": "k1"}, "k1")[0] == 200
    status, problem = order({"what": "x", "request_id": "k2"}, "k1")
    assert (status, problem["errors"][0]["reason"]) == (400, "REQUEST_ID_TWICE")


def test_what_travels_with_a_call(echo: Gateway) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = echo.http.get(
        "/v1/metadata",
        headers={
            "traceparent": f"00-{trace}-b7ad6b7169203331-01",
            "x-request-id": "r-1",
            "accept-language": "en",
            "x-crm-actor": "somebody",
            "cookie": "secret",
        },
    )
    seen = answer.json()["metadata"]
    assert seen["traceparent"].split("-")[1] == trace == answer.headers["trace-id"]
    assert (seen["x-request-id"], seen["accept-language"]) == ("r-1", "en")
    assert seen["authorization"] == echo.http.headers["authorization"]
    assert not {"x-crm-actor", "cookie"} & set(seen)
    assert answer.headers["x-request-id"] == "r-1"


def test_headers_that_grpc_cannot_carry_are_left_out(echo: Gateway) -> None:
    headers = {
        b"x-request-id": b"\xff\xfe",
        b"accept-language": "中".encode(),
        b"traceparent": b"x",
    }
    answer = echo.http.get("/v1/metadata", headers=headers)
    assert answer.status_code == 200
    assert not {"x-request-id", "accept-language"} & set(answer.json()["metadata"])


def test_an_operation_goes_to_the_service_it_names(echo: Gateway) -> None:
    unknown = echo.http.get("/v1/services/payroll/backlog")
    assert (unknown.status_code, unknown.json()["reason"]) == (404, "NO_SUCH_SERVICE")
    known = echo.http.get("/v1/services/ownership/backlog")
    assert (known.status_code, known.json()["reason"]) == (501, "NOT_PROVIDED")


@pytest.mark.parametrize(
    "text", ["", "v1", "/", "/v1//x", "/{a", "/{a=**}/b", "/a:b:c", "/{a.}x", "/{a=}"]
)
def test_a_template_outside_the_grammar_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a path template"):
        templates.parse(text)
