"""What a parameter may be set to has a word in the console, in Chinese and English."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.__main__ import services

SOURCES = Path(__file__).parents[2] / "console" / "src"
CATALOGUES = ("screens/policy/texts.ts", "texts/shared.ts", "parts/why/texts.ts")
KEY = re.compile(r"^ +'?([\w-]+)'?: ", re.MULTILINE)


def choices(schema: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[str]:
    """Yield the choices that a schema offers in parameters' values."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    if ".value" in path:
        offered = schema.get("enum", [schema.get("const")])
        yield from (one for one in offered if isinstance(one, str) and one)
    parts = [*schema.get("anyOf", []), *schema.get("prefixItems", [])]
    parts += schema.get("patternProperties", {}).values()
    parts += [schema[key] for key in ("items", "additionalProperties") if schema.get(key)]
    for part in (part for part in parts if isinstance(part, dict)):
        yield from choices(part, definitions, path)
    for name, part in schema.get("properties", {}).items():
        yield from choices(part, definitions, f"{path}.{name}")


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_every_choice_of_a_parameter_has_a_word(service: Any) -> None:
    schema = service.policy.model_json_schema()
    offered = set(choices(schema, schema.get("$defs", {}), ""))
    texts = [(SOURCES / name).read_text("utf-8") for name in CATALOGUES]
    known = {key for text in texts for key in KEY.findall(text)}
    assert offered
    assert offered - known == set()
