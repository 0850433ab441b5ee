"""Requests are checked against the contract that the protos state, before any use case sees them."""

from typing import Any

import protovalidate
from google.api import field_behavior_pb2
from google.protobuf.message import Message

from chassis.kernel import Kind, Reason, Violation

INVALID_REQUEST = Reason(
    "INVALID_REQUEST",
    Kind.INVALID,
    zh="请求中有 {count} 处不符合要求。",
    en="{count} fields of the request are not as they must be.",
)
FIELD_REQUIRED = Reason("FIELD_REQUIRED", Kind.INVALID, zh="必填。", en="Required.")
FIELD_INVALID = Reason(
    "FIELD_INVALID", Kind.INVALID, zh="格式不符合要求：{problem}。", en="Not valid: {problem}."
)
FIELD_CONTROL = Reason(
    "FIELD_CONTROL_CHARACTERS",
    Kind.INVALID,
    zh="不能包含控制字符。",
    en="Control characters are not allowed.",
)


def check_request(request: Message) -> None:
    """Refuse a request that misses a REQUIRED field, breaks a `buf.validate` rule, or hides control characters."""
    violations = [
        *_missing(request),
        *_invalid(request),
        *(FIELD_CONTROL.violate(path) for path in _control(request, "")),
    ]
    if violations:
        raise INVALID_REQUEST.refuse(violations=violations, count=len(violations))


def version_of(etag: str) -> int | None:
    """Return the version that an etag names; None without one, -1 for what no row can have."""
    if not etag:
        return None
    return int(etag) if etag.isascii() and etag.isdecimal() else -1


def _missing(request: Message) -> list[Violation]:
    required = field_behavior_pb2.REQUIRED
    missing = []
    for field in request.DESCRIPTOR.fields:
        behaviour = field.GetOptions().Extensions[field_behavior_pb2.field_behavior]
        value = getattr(request, field.name)
        present = request.HasField(field.name) if field.has_presence else bool(value)
        if required in behaviour and not present:
            missing.append(FIELD_REQUIRED.violate(field.name))
    return missing


def _invalid(request: Message) -> list[Violation]:
    found = protovalidate.collect_violations(request)
    return [
        FIELD_INVALID.violate(
            ".".join(
                _element(element)
                for element in (item.proto.field.elements if item.proto.field else ())
            ),
            problem=item.proto.message or item.proto.rule_id,
        )
        for item in found
    ]


def _element(element: Any) -> str:
    """Write a step of a path: `phones`, or `rows[3]` for the fourth row."""
    subscript = element.subscript
    return f"{element.field_name}[{subscript.value}]" if subscript else str(element.field_name)


def _control(message: Message, prefix: str) -> list[str]:
    """Return the paths of strings with control characters other than line breaks and tabs."""
    paths: list[str] = []
    for field, value in message.ListFields():
        path = f"{prefix}{field.name}"
        repeated = isinstance(value, str | bytes | Message) is False and hasattr(value, "__iter__")
        indexed = repeated and not hasattr(value, "values")
        for number, item in enumerate(_values(value) if repeated else [value]):
            where = f"{path}[{number}]" if indexed else path
            if isinstance(item, str) and _has_control(item):
                paths.append(where)
            elif isinstance(item, Message):
                paths.extend(_control(item, f"{where}."))
    return paths


def _values(value: Any) -> list[Any]:
    return [*value.keys(), *value.values()] if hasattr(value, "values") else list(value)


def _has_control(text: str) -> bool:
    return any((ord(c) < 32 and c not in "\n\r\t") or 127 <= ord(c) < 160 for c in text)
