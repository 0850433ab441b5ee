"""JSON schemas of messages, as the gateway reads and writes them."""

from typing import Any

from buf.validate import validate_pb2
from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from services.gateway.transcoding.comments import Comments
from services.gateway.transcoding.schema import behaviours, required

_RULES: Any = validate_pb2.DESCRIPTOR.extensions_by_name["field"]
_TEXT: dict[str, Any] = {"type": "string"}
_WELL_KNOWN: dict[str, dict[str, Any]] = {
    "Timestamp": {"type": "string", "format": "date-time"},
    "Duration": {"type": "string", "examples": ["90s"]},
    "FieldMask": {"type": "string", "description": "Field names, separated by commas."},
    "Struct": {"type": "object", "additionalProperties": True},
    "Value": {},
    "ListValue": {"type": "array", "items": {}},
    "Any": {"type": "object", "required": ["@type"], "properties": {"@type": _TEXT}},
    "Empty": {"type": "object"},
}
_NUMBER: dict[str, Any] = {"type": "number"}
_INT32: dict[str, Any] = {"type": "integer", "format": "int32"}
_UINT32: dict[str, Any] = {"type": "integer", "format": "int64", "minimum": 0}
_INT64: dict[str, Any] = {"type": "string", "format": "int64"}
_UINT64: dict[str, Any] = {"type": "string", "format": "uint64"}
_FIELD = FieldDescriptor
_SCALARS: dict[int, dict[str, Any]] = {
    _FIELD.TYPE_DOUBLE: _NUMBER,
    _FIELD.TYPE_FLOAT: _NUMBER,
    _FIELD.TYPE_INT64: _INT64,
    _FIELD.TYPE_SFIXED64: _INT64,
    _FIELD.TYPE_SINT64: _INT64,
    _FIELD.TYPE_UINT64: _UINT64,
    _FIELD.TYPE_FIXED64: _UINT64,
    _FIELD.TYPE_INT32: _INT32,
    _FIELD.TYPE_SFIXED32: _INT32,
    _FIELD.TYPE_SINT32: _INT32,
    _FIELD.TYPE_UINT32: _UINT32,
    _FIELD.TYPE_FIXED32: _UINT32,
    _FIELD.TYPE_BOOL: {"type": "boolean"},
    _FIELD.TYPE_STRING: _TEXT,
    _FIELD.TYPE_BYTES: {"type": "string", "format": "byte"},
}
_SENTENCE = {
    "detail": {"type": "string", "description": "In the language asked for."},
    "detail_zh": _TEXT,
    "detail_en": _TEXT,
}
_VIOLATION = {
    "type": "object",
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer to the field."},
        "reason": _TEXT,
        "clause": _TEXT,
        **_SENTENCE,
    },
    "required": ["pointer", "reason", "clause", *_SENTENCE],
}
_MEMBERS: dict[str, Any] = {
    "type": {"type": "string", "examples": ["urn:crm:reason:QUOTA_FULL"]},
    "title": _TEXT,
    "status": {"type": "integer"},
    **_SENTENCE,
    "reason": {"type": "string", "description": "Stable, for programs."},
    "clause": {"type": "string", "description": "The rule in force; empty when no rule decided."},
    "figures": {"type": "object", "additionalProperties": _TEXT},
    "errors": {"type": "array", "items": _VIOLATION},
    "advice": {"type": "string", "description": "What to do next."},
    "advice_zh": _TEXT,
    "advice_en": _TEXT,
    "service": {"type": "string", "description": "Which service refused it."},
    "decision_id": {
        "type": "string",
        "description": "The decision at that service that keeps it; empty when none does.",
    },
    "trace_id": {"type": "string", "description": "Quote it when you ask about this answer."},
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "properties": _MEMBERS,
    "required": list(_MEMBERS),
    "additionalProperties": False,
}


class Schemas:
    """Collects the schemas that a document refers to."""

    def __init__(self, comments: Comments) -> None:
        self._comments = comments
        self.defined: dict[str, dict[str, Any]] = {}

    def message(self, descriptor: Descriptor) -> dict[str, Any]:
        """Return a reference to a message's schema, defining it on first use."""
        if descriptor.file.package == "google.protobuf":
            known = _WELL_KNOWN.get(descriptor.name)
            return known if known is not None else self._wrapped(descriptor)
        name = _component(descriptor.full_name)
        if name not in self.defined:
            self.defined[name] = {}
            self.defined[name] = self.define(descriptor)
        return {"$ref": f"#/components/schemas/{name}"}

    def define(self, descriptor: Descriptor) -> dict[str, Any]:
        """Return a message's schema itself."""
        schema: dict[str, Any] = {
            "type": "object",
            "description": self._comments.of(descriptor.full_name),
            "properties": {field.name: self.field(field) for field in descriptor.fields},
        }
        needed = [field.name for field in descriptor.fields if required(field)]
        return {**schema, "required": needed} if needed else schema

    def field(self, field: FieldDescriptor, *, described: bool = True) -> dict[str, Any]:
        """Return a field's schema with its limits, and its comment unless told otherwise."""
        rules: Any = field.GetOptions().Extensions[_RULES]
        extra: dict[str, Any] = {}
        text = self._comments.of(field.full_name)
        if described and text:
            extra["description"] = text
        if field_behavior_pb2.OUTPUT_ONLY in behaviours(field):
            extra["readOnly"] = True
        if field_behavior_pb2.INPUT_ONLY in behaviours(field):
            extra["writeOnly"] = True
        inner = field.message_type
        if inner and inner.GetOptions().map_entry:
            value = self._one(inner.fields_by_name["value"], rules.map.values)
            return {"type": "object", "additionalProperties": value, **extra}
        if field.is_repeated:
            items = self._one(field, rules.repeated.items)
            return {"type": "array", "items": items, **_list_limits(rules.repeated), **extra}
        return {**self._one(field, rules), **extra}

    def _one(self, field: FieldDescriptor, rules: Any) -> dict[str, Any]:
        if field.message_type:
            return self.message(field.message_type)
        if field.enum_type:
            return self._enum(field.enum_type)
        return {**_SCALARS[field.type], **_limits(rules)}

    def _enum(self, enum: EnumDescriptor) -> dict[str, Any]:
        name = _component(enum.full_name)
        scope = enum.full_name
        texts = [
            f"`{value.name}`: {self._comments.of(f'{scope}.{value.name}')}" for value in enum.values
        ]
        self.defined[name] = {
            "type": "string",
            "enum": [value.name for value in enum.values],
            "description": "\n\n".join([self._comments.of(enum.full_name), *texts]),
        }
        return {"$ref": f"#/components/schemas/{name}"}

    def _wrapped(self, descriptor: Descriptor) -> dict[str, Any]:
        inner = _SCALARS[descriptor.fields_by_name["value"].type]
        return {**inner, "type": [inner["type"], "null"]}


def _component(full_name: str) -> str:
    """Return `customers.v1.Customer` for `crm.customers.v1.Customer`: unique, and short to read."""
    return full_name.removeprefix("crm.")


def _limits(rules: Any) -> dict[str, Any]:
    kind = rules.WhichOneof("type")
    if not kind:
        return {}
    given = {field.name: value for field, value in getattr(rules, kind).ListFields()}
    names = {
        "min_len": "minLength",
        "max_len": "maxLength",
        "pattern": "pattern",
        "gte": "minimum",
        "lte": "maximum",
        "gt": "exclusiveMinimum",
        "lt": "exclusiveMaximum",
    }
    numeric = kind not in ("int64", "uint64", "timestamp", "duration")
    return {
        names[name]: value
        for name, value in given.items()
        if name in names and (numeric or name.endswith("len"))
    }


def _list_limits(rules: Any) -> dict[str, Any]:
    names = {"min_items": "minItems", "max_items": "maxItems"}
    return {names[field.name]: value for field, value in rules.ListFields() if field.name in names}
