"""What JSON may stand for which field: the proto JSON mapping, without its lenient corners.

`google.protobuf.json_format` takes a list for a message, loose base64 and lone surrogates, and
stops at the first fault. Here every fault is found, each with the path of its field.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from chassis.kernel import Violation
from services.gateway.domain import reasons
from services.gateway.transcoding.scalars import check_scalar, not_a_list, wrong

_MASK = re.compile(r"(\w+(\.\w+)*(,\w+(\.\w+)*)*)?", re.ASCII)
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
            yield wrong(path, "an object", "对象") if name != "ListValue" else not_a_list(path)
    elif name in _TEXTUAL:
        yield from _check_textual(descriptor, value, path)
    elif is_wrapper(descriptor):
        yield from check_scalar(descriptor.fields_by_name["value"], value, path)
    elif not isinstance(value, dict):
        yield wrong(path, "an object", "对象")
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
            yield not_a_list(path)
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
        yield from check_scalar(field, value, path)


def _check_map(entry: Descriptor, value: Any, path: str) -> Iterator[Violation]:
    if not isinstance(value, dict):
        yield wrong(path, "an object", "对象")
        return
    key_field = entry.fields_by_name["key"]
    for key, item in value.items():
        here = f"{path}.{key}"
        plain: Any = (
            {"true": True, "false": False}.get(key, key)
            if key_field.type == FieldDescriptor.TYPE_BOOL
            else key
        )
        yield from check_scalar(key_field, plain, here)
        yield from check_one(entry.fields_by_name["value"], item, here)


def _check_textual(descriptor: Descriptor, value: Any, path: str) -> Iterator[Violation]:
    expected = {
        "Timestamp": ("an RFC 3339 time, e.g. 2026-01-31T09:00:00Z", "RFC 3339 时间"),
        "Duration": ("seconds, e.g. 90s", "秒数，如 90s"),
        "FieldMask": ("camelCase field names, separated by commas", "以逗号分隔的字段名"),
    }[descriptor.name]
    try:
        fits = isinstance(value, str) and (
            descriptor.name != "FieldMask" or bool(_MASK.fullmatch(value))
        )
        json_format.ParseDict(value, message_factory.GetMessageClass(descriptor)())
    except (json_format.ParseError, ValueError, TypeError, OverflowError):
        fits = False
    if not fits:
        yield wrong(path, *expected)
