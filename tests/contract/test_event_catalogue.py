"""Subscribers find every event described, and every event is as its example."""

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from cli import event_catalogue
from cli.event_catalogue import EXAMPLES, ROOT, catalogue, example, sentences, shape
from tests.platform import SERVICES

TYPES = sorted(set().union(*(service.emits for service in SERVICES)))


def test_every_event_has_a_sentence_and_an_example() -> None:
    assert sentences().keys() == set(TYPES)
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(TYPES)


def test_the_document_is_up_to_date() -> None:
    committed = yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
    assert committed == catalogue()


@pytest.mark.parametrize("event_type", TYPES)
def test_an_example_is_of_its_type(event_type: str) -> None:
    envelope = example(event_type)
    assert (envelope["type"], envelope["specversion"]) == (event_type, "1.0")
    assert envelope["source"] == f"/crm/{event_type.split('.')[1]}"


@pytest.mark.parametrize(
    ("value", "fits"),
    [({"a": "x"}, True), ({"a": 1}, False), ({}, False), ({"a": "x", "b": 1}, True)],
)
def test_a_missing_or_changed_field_is_noticed(value: Any, fits: bool) -> None:
    assert Draft202012Validator(shape({"a": "text"})).is_valid(value) == fits


def test_what_depends_on_a_case_is_not_promised() -> None:
    assert shape({"form": {"x": 1}})["properties"]["form"] == {"type": "object"}
    assert "form" in event_catalogue.OF_A_CASE
