"""The services as a descriptor set describes them: methods, HTTP rules, field behaviour."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from google.api import annotations_pb2, field_behavior_pb2, http_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message

from services.gateway.transcoding.templates import Template, parse

HTTP_BODY = "google.api.HttpBody"
"""The type that stands for bytes in place of JSON."""


@dataclass(frozen=True)
class Method:
    """A unary RPC. `path` is its gRPC path, `package` its proto package."""

    descriptor: MethodDescriptor

    @cached_property
    def path(self) -> str:
        """Return `/package.Service/Method`."""
        service = self.descriptor.containing_service
        return f"/{service.full_name}/{self.descriptor.name}"

    @cached_property
    def package(self) -> str:
        """Return the package of the service."""
        return str(self.descriptor.containing_service.file.package)

    @cached_property
    def request(self) -> type[Message]:
        """Return the class of requests."""
        return message_factory.GetMessageClass(self.descriptor.input_type)

    @cached_property
    def response(self) -> type[Message]:
        """Return the class of responses."""
        return message_factory.GetMessageClass(self.descriptor.output_type)

    @cached_property
    def repeatable(self) -> bool:
        """Whether its requests carry a request id, so that sending one twice is harmless."""
        return "request_id" in self.descriptor.input_type.fields_by_name

    @cached_property
    def streamed(self) -> bool:
        """Whether its request or its response is bytes, so that HTTP alone carries it."""
        return self.gives_bytes or any(
            field.message_type is not None and field.message_type.full_name == HTTP_BODY
            for field in self.descriptor.input_type.fields
        )

    @cached_property
    def gives_bytes(self) -> bool:
        """Whether its response is bytes."""
        return bool(self.descriptor.output_type.full_name == HTTP_BODY)


@dataclass(frozen=True)
class Binding:
    """One HTTP route to a method. `body` is empty, `*`, or the field the body fills."""

    method: Method
    http_method: str
    template: Template
    body: str

    @cached_property
    def leaves(self) -> tuple[tuple[FieldDescriptor, ...], ...]:
        """Return for every path variable the fields from the request down to its value."""
        descriptor = self.method.descriptor.input_type
        return tuple(_walk(descriptor, variable.path) for variable in self.template.variables)

    @cached_property
    def takes_bytes(self) -> bool:
        """Whether the body is bytes."""
        field = self.method.descriptor.input_type.fields_by_name.get(self.body)
        inner = field.message_type if field else None
        return inner is not None and bool(inner.full_name == HTTP_BODY)


class Schema:
    """A descriptor set with its own pool, so that nothing depends on generated code.

    Sets may be concatenated; a file that is in several is read once.
    """

    def __init__(self, descriptor_set: bytes) -> None:
        files = descriptor_pb2.FileDescriptorSet.FromString(descriptor_set).file
        self.files = tuple({file.name: file for file in files}.values())
        self.pool = descriptor_pool.DescriptorPool()
        for file in self.files:
            self.pool.Add(file)

    @cached_property
    def methods(self) -> tuple[Method, ...]:
        """Return every unary method, in file order."""
        return tuple(
            Method(service.methods_by_name[method.name])
            for file in self.files
            for declared in file.service
            for service in [self.pool.FindServiceByName(f"{file.package}.{declared.name}")]
            for method in declared.method
            if not (method.client_streaming or method.server_streaming)
        )

    @cached_property
    def bindings(self) -> tuple[Binding, ...]:
        """Return every HTTP route; a rule that names no field of the request is a ValueError."""
        return tuple(binding for method in self.methods for binding in _bindings(method))


def _bindings(method: Method) -> Iterator[Binding]:
    rule = method.descriptor.GetOptions().Extensions[annotations_pb2.http]
    for one in (rule, *rule.additional_bindings):
        pattern = one.WhichOneof("pattern")
        if not pattern:
            continue
        if one.response_body:
            raise ValueError(f"{method.path}: response_body is not supported")
        verb, path = _verb_and_path(one, pattern)
        binding = Binding(method, verb, parse(path), one.body)
        if one.body not in ("", "*"):
            _walk(method.descriptor.input_type, (one.body,))
        for variable in binding.template.variables:
            _walk(method.descriptor.input_type, variable.path)
        yield binding


def _verb_and_path(rule: http_pb2.HttpRule, pattern: str) -> tuple[str, str]:
    if pattern == "custom":
        return rule.custom.kind, rule.custom.path
    return pattern.upper(), getattr(rule, pattern)


def _walk(descriptor: Descriptor, path: tuple[str, ...]) -> tuple[FieldDescriptor, ...]:
    fields: list[FieldDescriptor] = []
    here: Descriptor | None = descriptor
    for name in path:
        field = here.fields_by_name.get(name) if here else None
        if field is None:
            raise ValueError(f"{descriptor.full_name} has no field {'.'.join(path)}")
        fields.append(field)
        here = field.message_type
    return tuple(fields)


def behaviours(field: FieldDescriptor) -> frozenset[int]:
    """Return the `google.api.field_behavior` values of a field."""
    return frozenset(field.GetOptions().Extensions[field_behavior_pb2.field_behavior])


def required(field: FieldDescriptor) -> bool:
    """Whether the field is marked REQUIRED."""
    return field_behavior_pb2.REQUIRED in behaviours(field)
