"""The OpenAPI 3.1 document of everything the gateway serves, from the descriptors alone."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.gateway.openapi_schemas import PROBLEM, Schemas
from services.gateway.transcoding.comments import Comments
from services.gateway.transcoding.schema import Binding, Method, Schema, required
from services.gateway.transcoding.shapes import from_text

REFUSALS = {
    "400": "The request is not as described here.",
    "401": "No valid token.",
    "403": "The role may not do this.",
    "404": "There is no such thing, or the caller may not know of it.",
    "409": "A rule, the quota or the state of things forbids it; `clause` names the rule.",
    "413": "The body is too large.",
    "415": "The body is of no type that is taken here.",
    "429": "Too many requests; come back after `Retry-After` seconds.",
    "500": "Something went wrong on our side.",
    "503": "A part of the system is not available; come back after `Retry-After` seconds.",
    "504": "It took too long. Repeat it with the same request id.",
}
_WITHOUT_BODY = {"413", "415"}
_BYTES = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Stands for `request_id` when the body gives none.",
    "schema": {"type": "string", "maxLength": 64},
}


def build(schema: Schema, public: Callable[[Method], bool], version: str = "1") -> dict[str, Any]:
    """Return the document; the same descriptors give the same document."""
    comments = Comments(schema)
    schemas = Schemas(comments)
    paths: dict[str, dict[str, Any]] = {}
    times: Counter[str] = Counter()
    for binding in schema.bindings:
        item = paths.setdefault(binding.template.render(), {})
        operation = _operation(binding, comments, schemas)
        times[binding.method.path] += 1
        if times[binding.method.path] > 1:
            operation["operationId"] += f"_{times[binding.method.path]}"
        if public(binding.method):
            operation["security"] = []
        item[binding.http_method.lower()] = operation
    services = {binding.method.descriptor.containing_service for binding in schema.bindings}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CRM",
            "version": version,
            "description": "Sign in at `POST /v1/login`, then send `Authorization: Bearer "
            "<access_token>`. Every refusal is a problem document (RFC 9457) with a stable "
            "`reason`, the `clause` of the rule, and the text in Chinese and English.",
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [
            {"name": service.name, "description": comments.of(service.full_name)}
            for service in sorted(services, key=lambda one: one.name)
        ],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
            "responses": {
                f"Problem{status}": {
                    "description": text,
                    "content": {
                        "application/problem+json": {
                            "schema": {"$ref": "#/components/schemas/Problem"}
                        }
                    },
                }
                for status, text in REFUSALS.items()
            },
            "schemas": dict(sorted({**schemas.defined, "Problem": PROBLEM}.items())),
        },
    }


def _operation(binding: Binding, comments: Comments, schemas: Schemas) -> dict[str, Any]:
    method = binding.method.descriptor
    text = comments.of(method.full_name)
    operation: dict[str, Any] = {
        "operationId": f"{method.containing_service.name}_{method.name}",
        "tags": [method.containing_service.name],
        "summary": text.partition(". ")[0].rstrip("."),
        "description": text,
        "parameters": _parameters(binding, comments, schemas),
    }
    if method.output_type.full_name == "google.protobuf.Empty":
        operation["responses"] = {"204": {"description": "Done."}}
    elif binding.method.gives_bytes:
        operation["responses"] = {
            "200": {"description": "The file.", "content": _BYTES},
            "304": {"description": "The client has it: `If-None-Match` names its ETag."},
        }
    else:
        answer = {"schema": schemas.message(method.output_type)}
        operation["responses"] = {
            "200": {"description": "Done.", "content": {"application/json": answer}}
        }
    operation["responses"] |= {
        status: {"$ref": f"#/components/responses/Problem{status}"}
        for status in REFUSALS
        if binding.body or status not in _WITHOUT_BODY
    }
    if binding.takes_bytes:
        operation["requestBody"] = {"required": True, "content": _BYTES}
    elif binding.body:
        body = _body(binding, schemas)
        needed = binding.body != "*" or "$ref" in body or "required" in body
        operation["requestBody"] = {
            "required": needed,
            "content": {"application/json": {"schema": body}},
        }
    return operation


def _body(binding: Binding, schemas: Schemas) -> dict[str, Any]:
    descriptor = binding.method.descriptor.input_type
    if binding.body != "*":
        return schemas.field(descriptor.fields_by_name[binding.body])
    in_path = {path[0].name for path in binding.leaves if len(path) == 1}
    if not in_path and "request_id" not in descriptor.fields_by_name:
        return schemas.message(descriptor)
    body = schemas.define(descriptor)
    properties = {name: one for name, one in body["properties"].items() if name not in in_path}
    needed = [
        name for name in body.get("required", []) if name in properties and name != "request_id"
    ]
    without = {key: value for key, value in body.items() if key != "required"}
    return {**without, "properties": properties, **({"required": needed} if needed else {})}


def _parameters(binding: Binding, comments: Comments, schemas: Schemas) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {
            "name": ".".join(field.name for field in path),
            "in": "path",
            "required": True,
            "description": comments.of(path[-1].full_name),
            "schema": schemas.field(path[-1], described=False),
        }
        for path in binding.leaves
    ]
    given = set(binding.leaves)
    for path in _query_fields(binding.method.descriptor.input_type, ()):
        if binding.body == "*" or path[0].name == binding.body or path in given:
            continue
        parameters.append(
            {
                "name": ".".join(field.name for field in path),
                "in": "query",
                "required": all(map(required, path)),
                "description": comments.of(path[-1].full_name),
                "schema": schemas.field(path[-1], described=False),
            }
        )
    if "request_id" in binding.method.descriptor.input_type.fields_by_name:
        parameters.append(_KEY)
    return parameters


def _query_fields(
    descriptor: Descriptor, above: tuple[FieldDescriptor, ...]
) -> Iterator[tuple[FieldDescriptor, ...]]:
    """Yield the field paths that a query parameter can fill."""
    for field in descriptor.fields:
        inner = field.message_type
        if inner is None or from_text(inner):
            yield (*above, field)
        elif not (field.is_repeated or field in above or inner.file.package == "google.protobuf"):
            yield from _query_fields(inner, (*above, field))
