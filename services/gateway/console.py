"""The built console: one document for every page, and the files that it loads."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

DOCUMENT = "index.html"
ASSETS = "assets"
"""The folder whose files are named after their content, so that they never change."""
PACKED: Mapping[str, str] = {"br": ".br", "gzip": ".gz"}
"""Content encodings, the smaller first, and how the packed file beside the plain one ends."""

_HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "permissions-policy": "camera=(self), geolocation=(self), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",
}
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_NOT_BUILT = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CRM</title>
<link rel="icon" href="data:,">
</head>
<body>
<h1>控制台尚未构建</h1>
<p>请在安装目录运行 <code>./crm console build</code>，然后刷新此页。
接口仍可使用，见 <a href="/docs">/docs</a>。</p>
<h1 lang="en">The console is not built yet</h1>
<p lang="en">Run <code>./crm console build</code> where the platform is installed, then reload this
page. The API works without it, see <a href="/docs">/docs</a>.</p>
</body>
</html>
"""


class Console:
    """Answers what is asked for by a browser's address bar and by the pages; all else is the API's.

    A path under one of `api_roots`, the first segments of API paths, is never the console's.
    """

    def __init__(self, folder: Path, api: ASGIApp, api_roots: Collection[str]) -> None:
        self._folder = folder
        self._files = _Files(directory=folder, check_dir=False)
        self._api = api
        self._api_roots = frozenset(api_roots)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        root = path.split("/")[1] if path.startswith("/") else ""
        if scope["method"] not in ("GET", "HEAD") or root in self._api_roots:
            await self._api(scope, receive, send)
            return
        answer = await self._find(path, Request(scope))
        if answer is None:
            await self._api(scope, receive, send)
            return
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        await answer(scope, receive, send)

    async def _find(self, path: str, request: Request) -> Response | None:
        if not await to_thread.run_sync((self._folder / DOCUMENT).is_file):
            return _not_built() if path == "/" or _wants_page(request) else None
        name = path.strip("/") or DOCUMENT
        try:
            answer = await self._files.get_response(os.path.normpath(name), request.scope)
        except HTTPException as error:
            if error.status_code != 404 or name.startswith(f"{ASSETS}/"):
                raise
            if not _wants_page(request):
                return None
            answer = await self._files.get_response(DOCUMENT, request.scope)
        fixed = name.startswith(f"{ASSETS}/")
        answer.headers["cache-control"] = _FOREVER if fixed else _ASK_AGAIN
        return answer


class _Files(StaticFiles):
    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Give the packed file beside the one that was found, where the client can unpack it."""
        accepted = _encodings(Headers(scope=scope).get("accept-encoding", ""))
        for encoding, ending in PACKED.items():
            packed = Path(f"{os.fspath(full_path)}{ending}")
            if encoding in accepted and packed.is_file():
                answer = super().file_response(packed, packed.stat(), scope, status_code)
                answer.headers["content-encoding"] = encoding
                break
        else:
            answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["vary"] = "accept-encoding"
        return answer


def _encodings(accept_encoding: str) -> set[str]:
    """Return the encodings that are accepted at all."""
    found = set()
    for part in accept_encoding.lower().split(","):
        name, _, quality = part.strip().partition(";")
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            found.add(name.strip())
    return found


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _not_built() -> Response:
    return HTMLResponse(_NOT_BUILT, 503, {"retry-after": "10"})
