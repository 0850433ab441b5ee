"""Page tokens: opaque, for keyset paging, bound to the request they belong to.

A token carries a checksum of the request and of its own keys: a damaged one, or another request's,
is refused. It grants nothing: who may see a row is asked for every page.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from google.protobuf.message import Message

from chassis.kernel import Kind, Reason

Row = TypeVar("Row")
Keys = tuple[str | int | date | None, ...]
"""What a row is found again by: its place in the order of the list. Times are dates too."""

BAD_PAGE_TOKEN = Reason(
    "BAD_PAGE_TOKEN",
    Kind.INVALID,
    zh="翻页标记与本次查询不符，请从第一页开始。",
    en="The page token does not belong to this request; start from the first page.",
)


def page_size(request: Any, default: int = 50, most: int = 200) -> int:
    """Return how many rows the page has: the request's size, the default for 0, at most `most`."""
    return min(int(request.page_size) or default, most)


def read_token(request: Any) -> list[Any] | None:
    """Return the keyset that the request's token carries, None on the first page."""
    if not request.page_token:
        return None
    try:
        content = json.loads(base64.urlsafe_b64decode(request.page_token.encode()))
    except ValueError:
        raise BAD_PAGE_TOKEN.refuse() from None
    if not isinstance(content, list) or content[:1] != [_fingerprint(request, content[1:])]:
        raise BAD_PAGE_TOKEN.refuse()
    return content[1:]


def cut(
    request: Any, found: Sequence[Row], size: int, keys: Callable[[Row], Keys]
) -> tuple[list[Row], str]:
    """Return the page's rows, `size` at most, and the token of the next page, '' after the last.

    `found` is what was asked for: `size` + 1 rows, or fewer at the end. `keys` says of a row what
    `read_token` returns for the page after it; dates and times come back as ISO 8601.
    """
    rows = list(found[:size])
    return rows, next_token(request, *keys(rows[-1])) if len(found) > size else ""


def next_token(request: Any, *keys: str | int | date | None) -> str:
    """Return the token of the page after the row with these keys."""
    written = [key.isoformat() if isinstance(key, date) else key for key in keys]
    content = json.dumps([_fingerprint(request, written), *written], ensure_ascii=False)
    return base64.urlsafe_b64encode(content.encode()).decode()


def _fingerprint(request: Message, keys: list[Any]) -> str:
    same = type(request)()
    same.CopyFrom(request)
    for field in ("page_token", "page_size"):
        same.ClearField(field)
    parts = (
        same.DESCRIPTOR.full_name.encode(),
        same.SerializeToString(deterministic=True),
        json.dumps(keys).encode(),
    )
    return hashlib.sha256(b"\n".join(parts)).hexdigest()[:12]
