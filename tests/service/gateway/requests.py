"""Random HTTP requests for the test service: mostly right, often odd."""

import json
import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.gateway.transcoding.schema import Binding, Schema

TEXTS = ["a", "客户", "a b", "a+b", "50%", "x:y", "x:run", "a/b", "../a", "'; --", "é", "0", "~"]
WRONG: list[Any] = ["x", -1, 1.5, True, None, [], {}, 2**70, "1e3", "", [1], {"a": 1}]


@dataclass(frozen=True)
class Sent:
    """One request."""

    method: str
    target: str
    body: bytes


class Maker:
    """Makes requests from a seed."""

    def __init__(self, schema: Schema, seed: int) -> None:
        self._random = random.Random(seed)
        self._bindings = [
            binding
            for binding in schema.bindings
            if binding.method.package == "test.echo.v1"
            and binding.method.descriptor.name not in ("ShowMetadata", "Fail", "Order")
        ]

    def make(self) -> Sent:
        """Return the next request."""
        binding = self._random.choice(self._bindings)
        method = binding.http_method
        if self._chance(0.04):
            method = self._random.choice(["GET", "POST", "PUT", "DELETE", "PATCH"])
        path = self._path(binding)
        query = self._query(binding)
        body = self._body(binding) if binding.body else b""
        target = path + ("?" + query if query else "")
        return Sent(method, target, body)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _path(self, binding: Binding) -> str:
        parts = list(binding.template.segments)
        leaf_of: dict[int, FieldDescriptor] = {}
        for variable, path in zip(binding.template.variables, binding.leaves, strict=True):
            leaf_of[variable.start] = path[-1]
        for index, part in enumerate(parts):
            if part == "*":
                parts[index] = self._segment(leaf_of.get(index))
            elif part == "**":
                parts[index] = "/".join(
                    self._segment(None) for _ in range(self._random.randint(1, 3))
                )
        if self._chance(0.03):
            parts.insert(self._random.randrange(len(parts) + 1), "odd")
        path = "/" + "/".join(parts)
        return path + (f":{binding.template.verb}" if binding.template.verb else "")

    def _segment(self, field: FieldDescriptor | None) -> str:
        if field is not None and field.type == FieldDescriptor.TYPE_INT64 and self._chance(0.8):
            return str(self._random.choice([0, 7, -5, 2**63 - 1, 2**63]))
        text = self._random.choice(TEXTS)
        return quote(text, safe=self._random.choice(["", ":", "+:'~"]))

    def _query(self, binding: Binding) -> str:
        if binding.body == "*" and not self._chance(0.05):
            return ""
        field = self._random.choice(binding.method.descriptor.input_type.fields)
        times = self._random.choice([0, 1, 1, 1, 2])
        pairs = [(self._name(field), self._text(field)) for _ in range(times)]
        if self._chance(0.15):
            pairs.append(("author.display_name", self._random.choice(TEXTS)))
        if self._chance(0.05):
            pairs.append(("nothing", "1"))
        return urlencode(pairs, safe=self._random.choice(["", ":'", ","]))

    def _name(self, field: FieldDescriptor) -> str:
        return self._random.choice([field.name, field.json_name])

    def _text(self, field: FieldDescriptor) -> str:
        value = self._value(field, 3)
        if isinstance(value, bool):
            return str(value).lower()
        return value if isinstance(value, str) else json.dumps(value)

    def _body(self, binding: Binding) -> bytes:
        descriptor = binding.method.descriptor.input_type
        if self._chance(0.05):
            return self._random.choice([b"", b"{", b"[]", b"null", b"1", b'"x"', b"{}", b"{} "])
        if binding.body != "*":
            return json.dumps(self._value(descriptor.fields_by_name[binding.body], 0)).encode()
        content = self._message(descriptor, 0)
        if not self._chance(0.1):
            for path in binding.leaves:
                content.pop(path[0].name, None)
                content.pop(path[0].json_name, None)
        return json.dumps(content).encode()

    def _message(self, descriptor: Descriptor, depth: int) -> dict[str, Any]:
        fields = list(descriptor.fields)
        chosen = self._random.sample(fields, k=self._random.randint(0, min(4, len(fields))))
        content = {self._name(field): self._value(field, depth + 1) for field in chosen}
        if self._chance(0.03):
            content["nothing"] = 1
        return content

    def _value(self, field: FieldDescriptor, depth: int) -> Any:
        if self._chance(0.04):
            return self._random.choice(WRONG)
        inner = field.message_type
        if inner and inner.GetOptions().map_entry:
            key, value = inner.fields_by_name["key"], inner.fields_by_name["value"]
            return {str(self._one(key, depth)): self._one(value, depth)}
        if field.is_repeated:
            return [self._one(field, depth) for _ in range(self._random.randint(0, 2))]
        return self._one(field, depth)

    def _one(self, field: FieldDescriptor, depth: int) -> Any:
        inner = field.message_type
        if inner is None:
            return self._random.choice(_SCALARS[field.type])
        known = _WELL_KNOWN.get(inner.full_name)
        if known is not None:
            return self._random.choice(known)
        return {} if depth > 2 else self._message(inner, depth)


_INTEGERS: list[Any] = [0, 1, 2**31 - 1, 7.0, "5"]
_SIGNED: list[Any] = [*_INTEGERS, -3, "-4", 2**31]
_BIG: list[Any] = [*_SIGNED, 2**63 - 1, str(2**63 - 1), 2**63]
_SCALARS: dict[int, list[Any]] = {
    FieldDescriptor.TYPE_STRING: TEXTS,
    FieldDescriptor.TYPE_BOOL: [True, False],
    FieldDescriptor.TYPE_INT32: _SIGNED,
    FieldDescriptor.TYPE_INT64: _BIG,
    FieldDescriptor.TYPE_SINT64: _BIG,
    FieldDescriptor.TYPE_UINT32: _INTEGERS,
    FieldDescriptor.TYPE_FIXED32: _INTEGERS,
    FieldDescriptor.TYPE_UINT64: [*_INTEGERS, 2**64 - 1],
    FieldDescriptor.TYPE_FLOAT: [0, 1.5, -2, "2.5", "NaN", "Infinity"],
    FieldDescriptor.TYPE_DOUBLE: [0, 1.5, 1e100, "-Infinity", "1e5"],
    FieldDescriptor.TYPE_BYTES: ["", "QUJD", "_-8=", "/+8=", "QQ=="],
    FieldDescriptor.TYPE_ENUM: ["COLOUR_RED", "COLOUR_BLUE", 1, 0, 9],
}
_WELL_KNOWN: dict[str, list[Any]] = {
    "google.protobuf.Timestamp": ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.5+08:00", "today"],
    "google.protobuf.Duration": ["90s", "-1.5s", "1m"],
    "google.protobuf.FieldMask": ["aString,aBool", "", "author.displayName"],
    "google.protobuf.StringValue": ["x", ""],
    "google.protobuf.Int64Value": ["5", 5],
    "google.protobuf.BoolValue": [True, False],
    "google.protobuf.Struct": [{"a": [1, None, {"b": "客"}]}, {}],
    "google.protobuf.Value": [1, "x", None, [1], {"a": True}],
}
