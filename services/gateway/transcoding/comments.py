"""The comments of the proto files, by full name."""

from typing import Any

from google.protobuf import descriptor_pb2

from services.gateway.transcoding.schema import Schema


class Comments:
    """Leading comments, one line each; a descriptor set without source info has none."""

    def __init__(self, schema: Schema) -> None:
        self._texts: dict[str, str] = {}
        for file in schema.files:
            found = {
                tuple(location.path): " ".join(location.leading_comments.split())
                for location in file.source_code_info.location
                if location.leading_comments
            }
            for path, text in found.items():
                name = _name(file, path)
                if name:
                    self._texts[f"{file.package}.{name}"] = text

    def of(self, full_name: str) -> str:
        """Return the comment of a service, method, message, field, enum or enum value."""
        return self._texts.get(full_name, "")


def _name(file: descriptor_pb2.FileDescriptorProto, path: tuple[int, ...]) -> str:
    """Return the dotted name that a source path leads to; enum values stand beside their enum."""
    names: list[str] = []
    here: Any = file
    for kind, index in zip(path[::2], path[1::2], strict=False):
        field = here.DESCRIPTOR.fields_by_number[kind]
        if field.name not in _NAMED:
            return ""
        here = getattr(here, field.name)[index]
        names.append(here.name)
    return ".".join(names) if len(path) % 2 == 0 else ""


_NAMED = {
    "service",
    "method",
    "message_type",
    "nested_type",
    "field",
    "enum_type",
    "value",
}
