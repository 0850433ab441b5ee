"""The built console as browsers get it: which paths are pages, and with which headers."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.service.gateway.running import running_gateway

PAGE = "<!doctype html><title>海信</title><script type=module src=/assets/app-1a2b.js></script>"
SCRIPT = "console.log('客户');\n" * 500
AS_BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-encoding": "identity"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built console, and beside it what nobody may get."""
    place = tmp_path_factory.mktemp("console")
    (place / "secret.txt").write_text("secret")
    built = place / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(PAGE, encoding="utf-8")
    (built / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    script = built / "assets" / "app-1a2b.js"
    script.write_text(SCRIPT, encoding="utf-8")
    script.with_name("app-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    script.with_name("app-1a2b.js.br").write_bytes(b"as small as can be")
    (built / "assets" / "plain-3c.css").write_text("p{}")
    (built / "assets" / "outside.txt").symlink_to(place / "secret.txt")
    return built


@pytest.fixture(scope="module")
def site(descriptor_set: bytes, echo_address: str, folder: Path) -> Iterator[httpx.Client]:
    addresses = {"echo": echo_address}
    with running_gateway(descriptor_set, addresses, console_folder=folder) as gateway:
        gateway.http.headers.update(AS_BROWSER)
        yield gateway.http


@pytest.mark.parametrize(
    "path", ["/", "/customers", "/m/tasks/7?tab=1", "/customers/海信", "/index.html", "/v1x"]
)
def test_every_page_of_the_console_is_the_one_document(site: httpx.Client, path: str) -> None:
    answer = site.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert site.head(path).status_code == 200


def test_what_a_page_may_load_and_do(site: httpx.Client) -> None:
    headers = site.get("/").headers
    policy = dict(
        part.split(" ", 1) for part in headers["content-security-policy"].split("; ") if part
    )
    assert policy.pop("img-src") == "'self' blob: data:"
    assert policy.pop("font-src") == "'self' data:"
    nothing = {"default-src", "base-uri", "frame-ancestors"}
    assert {name for name, value in policy.items() if value == "'none'"} == nothing
    own = {
        "script-src",
        "style-src",
        "connect-src",
        "manifest-src",
        "worker-src",
        "form-action",
    }
    assert {name for name, value in policy.items() if value == "'self'"} == own
    assert policy.keys() == nothing | own
    assert headers["permissions-policy"].startswith("camera=(self), geolocation=(self)")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_an_unchanged_document_is_not_sent_again(site: httpx.Client, folder: Path) -> None:
    first = site.get("/customers")
    again = site.get("/pool", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"
    (folder / "index.html").write_text(PAGE + "<p>", encoding="utf-8")
    newer = site.get("/pool", headers={"if-none-match": first.headers["etag"]})
    assert (newer.status_code, newer.text) == (200, PAGE + "<p>")
    (folder / "index.html").write_text(PAGE, encoding="utf-8")


def test_assets_are_kept_for_ever_and_sent_packed(site: httpx.Client) -> None:
    def get(accepted: str) -> httpx.Response:
        headers = {"accept": "*/*", "accept-encoding": accepted}
        with site.stream("GET", "/assets/app-1a2b.js", headers=headers) as answer:
            answer.extensions["raw"] = b"".join(answer.iter_raw())
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "accept-encoding"
        assert answer.headers["content-type"].split(";")[0].endswith("/javascript")
        return answer

    plain, packed, smallest = get("identity"), get("gzip"), get("gzip, deflate, br, zstd")
    assert plain.extensions["raw"].decode() == SCRIPT
    assert gzip.decompress(packed.extensions["raw"]).decode() == SCRIPT
    assert smallest.extensions["raw"] == b"as small as can be"
    assert [one.headers.get("content-encoding") for one in (plain, packed, smallest)] == [
        None,
        "gzip",
        "br",
    ]
    assert len({one.headers["etag"] for one in (plain, packed, smallest)}) == 3
    assert get("br;q=0, gzip;q=0.5").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in site.get("/assets/plain-3c.css").headers
    unchanged = {"accept-encoding": "gzip", "if-none-match": packed.headers["etag"]}
    assert site.get("/assets/app-1a2b.js", headers=unchanged).status_code == 304


def test_other_files_are_asked_for_again(site: httpx.Client) -> None:
    answer = site.get("/favicon.svg", headers={"accept": "image/*"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/app-0000.js",
        "/assets/app-1a2b.js/x",
        "/assets/outside.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets/%00",
        "/assets/" + "x" * 5000,
        "/v1/no-such-thing",
        "/v1",
        "/session/no-such-thing",
        "/docs/no-such-thing",
        "/healthz/no-such-thing",
    ],
)
def test_what_is_not_there_is_not_found(site: httpx.Client, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert answer.json()["reason"] == "NO_SUCH_PATH"
    assert answer.headers["cache-control"] == "no-store"
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "path", ["/..%2fsecret.txt", "/%2e%2e/secret.txt", "/%2fetc/passwd", "//etc/passwd", "/%00"]
)
def test_nothing_outside_of_the_folder_is_given(site: httpx.Client, path: str) -> None:
    answer = site.get(path, headers={"accept": "*/*"})
    assert answer.status_code == 404
    assert "secret" not in answer.text
    assert "root:" not in answer.text


def test_only_who_asks_for_a_page_gets_one(site: httpx.Client) -> None:
    assert site.get("/customers", headers={"accept": "application/json"}).status_code == 404
    assert site.get("/", headers={"accept": "*/*"}).text == PAGE
    assert site.post("/customers", json={}).status_code == 404
    assert site.get("/openapi.json").json()["openapi"] == "3.1.0"
    assert site.get("/docs").text != PAGE
    assert site.get("/healthz/live").json() == {"status": "ok"}


def test_answers_of_the_api_keep_their_strict_headers(site: httpx.Client) -> None:
    headers = site.get("/v1/me").headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "permissions-policy" not in headers


def test_a_console_that_is_not_built_says_how_to(
    descriptor_set: bytes, echo_address: str, tmp_path: Path
) -> None:
    addresses = {"echo": echo_address}
    place = tmp_path / "console"
    with running_gateway(descriptor_set, addresses, console_folder=place) as gateway:
        for path in ("/", "/customers"):
            answer = gateway.http.get(path, headers=AS_BROWSER)
            assert answer.status_code == 503
            assert "./crm console build" in answer.text
            assert "尚未构建" in answer.text
            assert answer.headers["cache-control"] == "no-store"
        assert gateway.http.get("/assets/app.js").status_code == 404
        assert gateway.http.get("/v1/books/7", headers=gateway.bearer()).status_code == 200
        place.mkdir()
        (place / "index.html").write_text(PAGE, encoding="utf-8")
        assert gateway.http.get("/", headers=AS_BROWSER).text == PAGE
