"""Page tokens: opaque, for keyset paging, bound to the request they belong to.

A token carries a checksum of the request and of its own keys: a damaged one, or another request's,
is refused. It grants nothing: who may see a row is asked for every page.
"""

import base64
import hashlib
import json
from typing import Any

import sqlalchemy as sa
from google.protobuf.message import Message

from chassis.kernel import Kind, Reason

BAD_PAGE_TOKEN = Reason(
    "BAD_PAGE_TOKEN",
    Kind.INVALID,
    zh="翻页标记与本次查询不符，请从第一页开始。",
    en="The page token does not belong to this request; start from the first page.",
)


MOST_COUNTED = 10_000


def total(connection: sa.Connection, listed: sa.Select[Any]) -> dict[str, Any]:
    """Return `total_size`, and `total_size_capped` where `listed` has more rows than are counted.

    `listed` is the whole list: without a page's start, limit and order.
    """
    only = listed.with_only_columns(sa.literal(1), maintain_column_froms=True)
    some = only.order_by(None).limit(MOST_COUNTED + 1)
    count = connection.execute(sa.select(sa.func.count()).select_from(some.subquery())).scalar_one()
    return {"total_size": min(count, MOST_COUNTED), "total_size_capped": count > MOST_COUNTED}


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


def next_token(request: Any, *keys: str | int) -> str:
    """Return the token of the page after the row with these keys."""
    content = json.dumps([_fingerprint(request, list(keys)), *keys], ensure_ascii=False)
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
