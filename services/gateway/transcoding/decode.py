"""An HTTP request as the message it stands for: path, query and body, each checked, none lost."""

import re
from typing import Any
from urllib.parse import parse_qsl

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from chassis.kernel import Violation
from services.gateway.domain import reasons
from services.gateway.transcoding import shapes
from services.gateway.transcoding.schema import Binding
from services.gateway.transcoding.strict_json import load_json, refuse

Path = tuple[FieldDescriptor, ...]

_MOST_PARAMETERS = 200
_BROKEN = (json_format.ParseError, ValueError, TypeError, OverflowError, RecursionError)


def decode(binding: Binding, segments: list[str], query: str, body: bytes) -> Message:
    """Return the request message.

    The path's fields are the path's: a query parameter or a body that says otherwise is
    refused, as is everything that no field takes. Raises Refused with every violation found.
    """
    request, given = _from_url(binding, segments, query)
    if body and not binding.body:
        raise refuse([reasons.NO_BODY_HERE.violate("")])
    if body:
        content = _from_body(binding, load_json(body))
        clashes = [
            reasons.PATH_DECIDES.violate(_dotted(path))
            for path in given
            if _overrides(content, path, request)
        ]
        if clashes:
            raise refuse(clashes)
        content.MergeFrom(request)
        return content
    return request


def _from_body(binding: Binding, value: Any) -> Message:
    descriptor = binding.method.descriptor.input_type
    if binding.body != "*":
        violations = list(shapes.check_field(descriptor.fields_by_name[binding.body], value, ""))
        value = {binding.body: value}
    else:
        violations = list(shapes.check_message(descriptor, value, ""))
    if violations:
        raise refuse(violations)
    return _parse(binding, value)


def _parse(binding: Binding, value: dict[str, Any]) -> Message:
    message = binding.method.request()
    try:
        pool = binding.method.descriptor.containing_service.file.pool
        return json_format.ParseDict(value, message, descriptor_pool=pool)
    except _BROKEN:
        raise refuse(
            [reasons.WRONG_TYPE.violate("", expected="valid", expected_zh="有效值")]
        ) from None


def _from_url(binding: Binding, segments: list[str], query: str) -> tuple[Message, list[Path]]:
    """Return the message that path and query give, and the fields that the path gave."""
    violations: list[Violation] = []
    tree: dict[str, Any] = {}
    given: list[Path] = []
    for variable, path in zip(binding.template.variables, binding.leaves, strict=True):
        try:
            violations += _put(tree, path, variable.read(segments))
        except UnicodeDecodeError:
            violations.append(_not_utf8(".".join(variable.path)))
        given.append(path)
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        raise refuse([*violations, _not_utf8("")]) from None
    for name, text in pairs:
        found = _parameter(binding, name)
        if found is None:
            violations.append(reasons.UNKNOWN_FIELD.violate(name))
        elif any(found[: len(path)] == path for path in given):
            violations.append(reasons.PATH_DECIDES.violate(name))
        else:
            violations += _put(tree, found, text)
    if violations:
        raise refuse(violations)
    return _parse(binding, tree), given


def _parameter(binding: Binding, name: str) -> Path | None:
    """Return the fields a query parameter names; None if it may not name them."""
    descriptor: Descriptor | None = binding.method.descriptor.input_type
    path: list[FieldDescriptor] = []
    for part in name.split("."):
        field = shapes.by_json_name(descriptor, part) if descriptor else None
        if field is None or (path and path[-1].is_repeated):
            return None
        path.append(field)
        descriptor = field.message_type
    leaf = path[-1]
    takes_text = leaf.message_type is None or shapes.from_text(leaf.message_type)
    in_body = binding.body == "*" or path[0].name == binding.body
    return None if in_body or not takes_text else tuple(path)


def _put(tree: dict[str, Any], path: Path, text: str) -> list[Violation]:
    for field in path[:-1]:
        tree = tree.setdefault(field.name, {})
    leaf = path[-1]
    value = _value(leaf, text)
    violations = list(shapes.check_one(leaf, value, _dotted(path)))
    if leaf.is_repeated:
        tree.setdefault(leaf.name, []).append(value)
    elif leaf.name in tree:
        violations.append(reasons.REPEATED_FIELD.violate(_dotted(path)))
    else:
        tree[leaf.name] = value
    return violations


def _value(field: FieldDescriptor, text: str) -> Any:
    inner = field.message_type
    if inner and shapes.is_wrapper(inner):
        return _value(inner.fields_by_name["value"], text)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return {"true": True, "false": False}.get(text, text)
    if field.enum_type and re.fullmatch(r"-?\d{1,10}", text):
        return int(text) if int(text) in field.enum_type.values_by_number else text
    return text


def _overrides(content: Message, path: Path, request: Message) -> bool:
    """Whether the body gives the field at `path` another value than the path did."""
    here, there = content, request
    for field in path:
        oneof = field.containing_oneof
        if oneof and content.DESCRIPTOR is not None:
            chosen = here.WhichOneof(oneof.name)
            if chosen not in (None, field.name):
                return True
        if field is path[-1]:
            unset = not here.HasField(field.name) if field.has_presence else False
            mine, theirs = getattr(here, field.name), getattr(there, field.name)
            if not unset and not field.has_presence:
                unset = mine == field.default_value
            return not unset and bool(mine != theirs)
        if not here.HasField(field.name):
            return False
        here, there = getattr(here, field.name), getattr(there, field.name)
    return False


def _dotted(path: Path) -> str:
    return ".".join(field.name for field in path)


def _not_utf8(field: str) -> Violation:
    return reasons.WRONG_TYPE.violate(field, expected="valid UTF-8", expected_zh="有效的 UTF-8")
