"""Reading a body: refused as soon as it is too large, or no JSON where JSON belongs."""

import re
from collections.abc import AsyncIterator

from anyio import move_on_after
from starlette.requests import Request

from services.gateway.domain import reasons
from services.gateway.problems import Problem

_DRAIN, _DRAIN_SECONDS = 4, 2.0
_JSON = re.compile(r"application/json\s*(;\s*charset\s*=\s*\"?utf-8\"?\s*)?", re.IGNORECASE)


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body, which may be empty. Raises Problem: 413 over `limit` bytes, 415."""
    body = b"".join([chunk async for chunk in limited(request, limit)])
    encoded = request.headers.get("content-encoding", "identity") != "identity"
    if body and (encoded or not _JSON.fullmatch(request.headers.get("content-type", ""))):
        raise Problem(415, reasons.NOT_JSON.refuse(), {"accept-post": "application/json"})
    return body


async def limited(request: Request, limit: int) -> AsyncIterator[bytes]:
    """Yield the body as it arrives; raises Problem 413 over `limit` bytes."""
    size = 0
    stream = request.stream()
    async for chunk in stream:
        size += len(chunk)
        if size > limit:
            await _drain(stream, _DRAIN * limit)
            refused = reasons.TOO_LARGE.refuse(limit_bytes=limit)
            raise Problem(413, refused, {"connection": "close"})
        yield chunk


async def _drain(stream: AsyncIterator[bytes], left: int) -> None:
    """Drop some of what still arrives: a reset connection would take the refusal with it."""
    with move_on_after(_DRAIN_SECONDS):
        async for chunk in stream:
            left -= len(chunk)
            if left < 0:
                return
