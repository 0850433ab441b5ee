"""What JSON may stand for which field: the proto JSON mapping, without its lenient corners.

`google.protobuf.json_format` takes a list for a message, loose base64 and lone surrogates, and
stops at the first fault. Here every fault is found, each with the path of its field.
"""

import base64
import binascii
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from chassis.kernel import Violation
from services.gateway.domain import reasons

DEEPEST = 24
"""Levels of JSON: three protobuf levels each, and servers stop at a hundred."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,19})")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")
_INT32, _INT64 = (-(2**31), 2**31 - 1), (-(2**63), 2**63 - 1)
_UINT32, _UINT64 = (0, 2**32 - 1), (0, 2**64 - 1)
_RANGES: Mapping[int, tuple[int, int]] = {
    FieldDescriptor.TYPE_INT32: _INT32,
    FieldDescriptor.TYPE_SINT32: _INT32,
    FieldDescriptor.TYPE_SFIXED32: _INT32,
    FieldDescriptor.TYPE_UINT32: _UINT32,
    FieldDescriptor.TYPE_FIXED32: _UINT32,
    FieldDescriptor.TYPE_INT64: _INT64,
    FieldDescriptor.TYPE_SINT64: _INT64,
    FieldDescriptor.TYPE_SFIXED64: _INT64,
    FieldDescriptor.TYPE_UINT64: _UINT64,
    FieldDescriptor.TYPE_FIXED64: _UINT64,
}
_WELL_KNOWN = "google.protobuf."
_TEXTUAL = {"Timestamp", "Duration", "FieldMask"}
_FREE: Mapping[str, type | tuple[type, ...]] = {
    "Struct": dict,
    "ListValue": list,
    "Value": object,
    "Any": dict,
}


def is_wrapper(descriptor: Descriptor) -> bool:
    """Whether it is one of the well-known wrappers of a scalar, e.g. StringValue."""
    return (
        descriptor.full_name.startswith(_WELL_KNOWN)
        and descriptor.name.endswith("Value")
        and (descriptor.name not in _FREE)
    )


def from_text(descriptor: Descriptor) -> bool:
    """Whether one text stands for this message: a time, a span, a field mask, a wrapper."""
    known = descriptor.full_name.startswith(_WELL_KNOWN)
    return is_wrapper(descriptor) or (known and descriptor.name in _TEXTUAL)


def by_json_name(descriptor: Descriptor, name: str) -> FieldDescriptor | None:
    """Return the field called `name` in snake_case or camelCase."""
    found = descriptor.fields_by_name.get(name)
    return found or next((one for one in descriptor.fields if one.json_name == name), None)


def check_message(descriptor: Descriptor, value: Any, path: str) -> Iterator[Violation]:
    """Yield what is wrong with `value` as this message; `path` is the field it stands in."""
    name = descriptor.name if descriptor.full_name.startswith(_WELL_KNOWN) else ""
    if name in _FREE:
        if not isinstance(value, _FREE[name]):
            yield _wrong(path, "an object", "对象") if name != "ListValue" else _list(path)
    elif name in _TEXTUAL:
        yield from _check_textual(descriptor, value, path)
    elif is_wrapper(descriptor):
        yield from _check_scalar(descriptor.fields_by_name["value"], value, path)
    elif not isinstance(value, dict):
        yield _wrong(path, "an object", "对象")
    else:
        seen: set[str] = set()
        for key, inner in value.items():
            here = f"{path}.{key}" if path else key
            field = by_json_name(descriptor, key)
            if field is None:
                yield reasons.UNKNOWN_FIELD.violate(here)
                continue
            if field.name in seen:
                yield reasons.REPEATED_FIELD.violate(here)
            seen.add(field.name)
            yield from check_field(field, inner, here)


def check_field(field: FieldDescriptor, value: Any, path: str) -> Iterator[Violation]:
    """Yield what is wrong with `value` for this field; null means that it is not given."""
    if value is None:
        return
    if field.message_type and field.message_type.GetOptions().map_entry:
        yield from _check_map(field.message_type, value, path)
    elif field.is_repeated:
        if not isinstance(value, list):
            yield _list(path)
            return
        for index, item in enumerate(value):
            yield from check_one(field, item, f"{path}[{index}]")
    else:
        yield from check_one(field, value, path)


def check_one(field: FieldDescriptor, value: Any, path: str) -> Iterator[Violation]:
    """Yield what is wrong with one value of this field, repeated or not."""
    if field.message_type:
        yield from check_message(field.message_type, value, path)
    else:
        yield from _check_scalar(field, value, path)


def _check_map(entry: Descriptor, value: Any, path: str) -> Iterator[Violation]:
    if not isinstance(value, dict):
        yield _wrong(path, "an object", "对象")
        return
    key_field = entry.fields_by_name["key"]
    for key, item in value.items():
        here = f"{path}.{key}"
        plain: Any = (
            {"true": True, "false": False}.get(key, key)
            if key_field.type == FieldDescriptor.TYPE_BOOL
            else key
        )
        yield from _check_scalar(key_field, plain, here)
        yield from check_one(entry.fields_by_name["value"], item, here)


def _check_textual(descriptor: Descriptor, value: Any, path: str) -> Iterator[Violation]:
    expected = {
        "Timestamp": ("an RFC 3339 time, e.g. 2026-01-31T09:00:00Z", "RFC 3339 时间"),
        "Duration": ("seconds, e.g. 90s", "秒数，如 90s"),
        "FieldMask": ("camelCase field names, separated by commas", "以逗号分隔的字段名"),
    }[descriptor.name]
    text: Any = value
    try:
        if not isinstance(value, str):
            raise TypeError
        json_format.ParseDict(text, message_factory.GetMessageClass(descriptor)())
    except (json_format.ParseError, ValueError, TypeError, OverflowError):
        yield _wrong(path, *expected)


def _check_scalar(field: FieldDescriptor, value: Any, path: str) -> Iterator[Violation]:
    kind = field.type
    if field.enum_type:
        if not _is_enum(field.enum_type, value):
            names = ", ".join(one.name for one in field.enum_type.values[:30])
            yield _wrong(path, f"one of {names}", f"以下之一：{names}")
    elif kind in _RANGES:
        low, high = _RANGES[kind]
        if not _is_integer(value, low, high):
            yield _wrong(path, f"a whole number from {low} to {high}", f"{low} 至 {high} 的整数")
    else:
        fits, expected, expected_zh = _OTHERS[kind]
        if not fits(value):
            yield _wrong(path, expected, expected_zh)


def _is_enum(enum: EnumDescriptor, value: Any) -> bool:
    if isinstance(value, str):
        return value in enum.values_by_name
    return _is_integer(value, -(2**31), 2**31 - 1) and not isinstance(value, float)


def _is_integer(value: Any, low: int, high: int) -> bool:
    if isinstance(value, str):
        return bool(_INTEGER.fullmatch(value)) and low <= int(value) <= high
    if isinstance(value, float):
        return value.is_integer() and low <= value <= high
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        if value in ("NaN", "Infinity", "-Infinity"):
            return True
        return len(value) < 400 and bool(_NUMBER.fullmatch(value)) and math.isfinite(float(value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < 1.7e308


def _is_float(value: Any) -> bool:
    named = value in ("NaN", "Infinity", "-Infinity")
    return _is_number(value) and (named or abs(float(value)) < 3.4e38)


def _is_base64(value: Any) -> bool:
    if not isinstance(value, str) or not _BASE64.fullmatch(value):
        return False
    bare = value.rstrip("=")
    if len(value) != len(bare) and len(value) % 4:
        return False
    try:
        padded = bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4)
        return base64.b64encode(base64.b64decode(padded, validate=True)).decode() == padded
    except binascii.Error:
        return False


_OTHERS: Mapping[int, tuple[Callable[[Any], bool], str, str]] = {
    FieldDescriptor.TYPE_DOUBLE: (_is_number, "a number", "数字"),
    FieldDescriptor.TYPE_FLOAT: (_is_float, "a number of single precision", "单精度数字"),
    FieldDescriptor.TYPE_BOOL: (
        lambda value: isinstance(value, bool),
        "true or false",
        "true 或 false",
    ),
    FieldDescriptor.TYPE_STRING: (lambda value: isinstance(value, str), "text", "文本"),
    FieldDescriptor.TYPE_BYTES: (_is_base64, "base64", "base64 编码"),
}


def _wrong(path: str, expected: str, expected_zh: str) -> Violation:
    return reasons.WRONG_TYPE.violate(path, expected=expected, expected_zh=expected_zh)


def _list(path: str) -> Violation:
    return _wrong(path, "a list", "列表")
