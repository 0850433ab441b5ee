"""Strict JSON, and the refusal that lists everything that is wrong with a request."""

import json
import re
from collections.abc import Sequence
from typing import Any

from chassis.contract import INVALID_REQUEST
from chassis.kernel import Refused, Violation
from services.gateway.domain import reasons

DEEPEST = 24
"""Levels of JSON: three protobuf levels each, and servers stop at a hundred."""

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def refuse(violations: Sequence[Violation]) -> Refused:
    """Build the refusal that lists what is wrong with a request."""
    return INVALID_REQUEST.refuse(violations=violations, count=len(violations))


def load_json(body: bytes) -> Any:
    """Read strict JSON: UTF-8, no repeated keys, no NaN, no lone surrogates, not too deep."""
    try:
        value = json.loads(
            body.decode(), object_pairs_hook=_unique, parse_constant=_no_such_constant
        )
    except (ValueError, RecursionError):
        raise reasons.MALFORMED_JSON.refuse() from None
    if body.count(b"{") + body.count(b"[") > DEEPEST and _depth(value) > DEEPEST:
        raise reasons.TOO_DEEP.refuse(limit=DEEPEST)
    if _SURROGATE.search(body):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise reasons.MALFORMED_JSON.refuse() from None
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise refuse([reasons.REPEATED_FIELD.violate(twice)])
    return content


def _no_such_constant(name: str) -> Any:
    raise ValueError(name)


def _depth(value: Any) -> int:
    """Return the levels of lists and objects, counting level by level (no recursion)."""
    depth, level = 0, [value]
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        level = [
            inner for one in level for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth
