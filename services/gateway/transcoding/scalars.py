"""What JSON may stand for which scalar: exactly, in range, and nothing that only looks like it."""

import base64
import binascii
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from chassis.kernel import Violation
from services.gateway.domain import reasons

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


def check_scalar(field: FieldDescriptor, value: Any, path: str) -> Iterator[Violation]:
    """Yield what is wrong with `value` for a field that is no message."""
    kind = field.type
    if field.enum_type:
        if not _is_enum(field.enum_type, value):
            names = ", ".join(one.name for one in field.enum_type.values[:30])
            yield wrong(path, f"one of {names}", f"以下之一：{names}")
    elif kind in _RANGES:
        low, high = _RANGES[kind]
        if not _is_integer(value, low, high):
            yield wrong(path, f"a whole number from {low} to {high}", f"{low} 至 {high} 的整数")
    else:
        fits, expected, expected_zh = _OTHERS[kind]
        if not fits(value):
            yield wrong(path, expected, expected_zh)


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


def wrong(path: str, expected: str, expected_zh: str) -> Violation:
    """Say what should stand at `path`."""
    return reasons.WRONG_TYPE.violate(path, expected=expected, expected_zh=expected_zh)


def not_a_list(path: str) -> Violation:
    """Say that a list should stand at `path`."""
    return wrong(path, "a list", "列表")
