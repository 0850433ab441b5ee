"""Policy packs: one YAML file of `meta` and a section per service.

A section has `parameters` (name → value, unit, clauses, zh, en, ours) and rule groups that refer to
them with the tag `!param name`, which stands for the whole parameter. A pack may extend
another (`meta.extends: file`): mappings merge key by key, everything else is replaced. Every error
names file, line and key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from chassis.rules import Strict

Place = tuple[str | int, ...]
DOCUMENT = "document id"
"""The unit of parameters that name a document kept elsewhere."""


class PackError(ValueError):
    """A pack cannot be used; `problems` are lines of `file:line: key: what`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Title(BaseModel):
    """A title in two languages."""

    model_config = ConfigDict(extra="forbid")
    zh: str
    en: str


class Meta(BaseModel):
    """What a pack says of itself."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(pattern=r"^[a-z0-9-]{1,80}$")
    title: Title
    effective_time: datetime
    time_zone: str
    calendar: str
    extends: str = ""


@dataclass(slots=True)
class Section:
    """A service's part of a pack: parameters, rules with the parameters put in, and the lines."""

    parameters: dict[str, Any]
    rules: dict[str, Any]
    lines: dict[Place, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the section as it is applied to the service."""
        return {"parameters": self.parameters, "rules": self.rules}

    def locate(self, path: str) -> str:
        """Return `file:line` of the rule at dotted `path`, or of the nearest thing around it."""
        place: Place = tuple(int(part) if part.isdigit() else part for part in path.split("."))
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, "")


@dataclass(frozen=True, slots=True)
class Pack:
    """A loaded pack."""

    meta: Meta
    sections: dict[str, Section]

    def warnings(self) -> Iterator[str]:
        """Yield `file:line: key: what` for what a company should see to, though the pack is valid.

        A parameter whose unit is `document id` and whose value is empty names no document.
        """
        for service, section in self.sections.items():
            for name, parameter in section.parameters.items():
                if parameter.get("unit") == DOCUMENT and not parameter.get("value"):
                    where = section.lines.get(("parameters", name), "")
                    yield f"{where}: {service}.{name}: names no document"

    def problems(self, models: Mapping[str, type[Strict]]) -> Iterator[str]:
        """Yield `file:line: key: what` for every error the services' own models find."""
        for service, section in self.sections.items():
            if service not in models:
                continue
            try:
                models[service].model_validate(section.rules)
            except ValidationError as error:
                for item in error.errors():
                    path = ".".join(str(part) for part in item["loc"])
                    yield f"{section.locate(path)}: {service}.{path}: {item['msg']}"


def load_pack(path: Path) -> Pack:
    """Read a pack; raises PackError for syntax, double or unknown keys, and unknown parameters."""
    meta, sections, problems = _read(path, ())
    for name, section in sections.items():
        section.rules, unknown = _put_in_parameters(section, name, path.name)
        problems += unknown
    problems += _contradictions(sections, path.name)
    if problems:
        raise PackError(problems)
    return Pack(meta, sections)


def _read(path: Path, below: tuple[Path, ...]) -> tuple[Meta, dict[str, Section], list[str]]:
    """Read a pack over the one it extends, its parameters not yet put in."""
    if path.resolve() in below:
        raise PackError([f"{path.name}: meta.extends: the pack extends itself"])
    document = _compose(path)
    reader = _Reader(path.name)
    meta_node = reader.child(document, "meta")
    try:
        meta = Meta.model_validate(reader.value(meta_node, {}, ("meta",)))
    except ValidationError as error:
        where = f"{path.name}:{meta_node.start_mark.line + 1}"
        raise PackError(
            [f"{where}: {_dotted('meta', item['loc'])}: {item['msg']}" for item in error.errors()]
        ) from None
    sections = {
        key.value: reader.section(node, key.value)
        for key, node in document.value
        if key.value != "meta"
    }
    problems = reader.problems
    if meta.extends:
        _, base, more = _read(path.parent / meta.extends, (*below, path.resolve()))
        sections, problems = _merge_sections(base, sections), more + problems
    return meta, sections, problems


def _put_in_parameters(section: Section, name: str, file: str) -> tuple[dict[str, Any], list[str]]:
    """Return the rules with their parameters in place of the references, and what is wrong."""
    problems: list[str] = []

    def put_in(value: Any, place: Place) -> Any:
        if isinstance(value, _Param):
            if value not in section.parameters:
                where = section.lines.get(place, file)
                problems.append(f"{where}: {name}: no parameter named {value}")
            stated = ("parameters", str(value))
            lines = {k[2:]: line for k, line in section.lines.items() if k[:2] == stated}
            section.lines.update({place + key: line for key, line in lines.items()})
            return section.parameters.get(value)
        if isinstance(value, dict):
            return {key: put_in(item, (*place, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [put_in(item, (*place, i)) for i, item in enumerate(value)]
        return value

    rules: dict[str, Any] = put_in(section.rules, ())
    return rules, problems


def _dotted(first: str, loc: tuple[int | str, ...]) -> str:
    return ".".join([first, *(str(part) for part in loc)])


def _contradictions(sections: dict[str, Section], file: str) -> Iterator[str]:
    """Yield every parameter that two services need and that the pack states differently."""
    stated: dict[str, tuple[str, Any]] = {}
    for service, section in sections.items():
        for name, parameter in section.parameters.items():
            other, value = stated.setdefault(name, (service, parameter))
            if value != parameter:
                where = section.lines.get(("parameters", name), file)
                yield f"{where}: {service}.{name}: differs from {other}.{name}"


class _Param(str):
    """A reference to a parameter, not yet put in."""


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[str] = []

    def child(self, node: MappingNode, name: str) -> Node:
        for key, value in node.value:
            if key.value == name:
                found: Node = value
                return found
        raise PackError([f"{self.file}:1: {name}: missing"])

    def section(self, node: Node, name: str) -> Section:
        if not isinstance(node, MappingNode):
            raise PackError([f"{self._line(node)}: {name}: must be a mapping"])
        lines: dict[Place, str] = {}
        content = self.value(node, lines, ())
        parameters = content.pop("parameters", {})
        for key, parameter in parameters.items():
            parameter["name"] = key
        return Section(parameters, content, lines)

    def value(self, node: Node, lines: dict[Place, str], place: Place) -> Any:
        lines[place] = self._line(node)
        if isinstance(node, MappingNode):
            result: dict[str, Any] = {}
            for key_node, item in node.value:
                key = key_node.value
                if key in result:
                    self.problems.append(f"{self._line(key_node)}: {key}: given twice")
                result[key] = self.value(item, lines, (*place, key))
            return result
        if isinstance(node, SequenceNode):
            return [self.value(item, lines, (*place, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        if node.tag == "!param":
            return _Param(node.value)
        return yaml.SafeLoader("").construct_object(node)

    def _line(self, node: Node) -> str:
        return f"{self.file}:{node.start_mark.line + 1}"


def _compose(path: Path) -> MappingNode:
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise PackError([f"{path.name}: {error}"]) from None
    except OSError as error:
        raise PackError([f"{path}: {error.strerror}"]) from None
    if not isinstance(node, MappingNode):
        raise PackError([f"{path.name}:1: a pack is a mapping of sections"])
    return node


def _merge_sections(below: dict[str, Section], above: dict[str, Section]) -> dict[str, Section]:
    merged = dict(below)
    for name, section in above.items():
        base = below.get(name, Section({}, {}))
        merged[name] = Section(
            _merge(base.parameters, section.parameters),
            _merge(base.rules, section.rules),
            base.lines | section.lines,
        )
    return merged


def _merge(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {key: _merge(below.get(key), value) for key, value in above.items()}
    return above
