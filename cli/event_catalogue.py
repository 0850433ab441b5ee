"""The events of the platform as an AsyncAPI 3 document: `python -m cli.event_catalogue FILE`.

What is announced and who listens comes from the services' own declarations, the sentence about an
event from its service's README, its shape from the example under `docs/events`.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from chassis.events import CONTENT_TYPE
from services.__main__ import services
from services.gateway.parts import GATEWAY

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "events"
OF_A_CASE = frozenset(
    {"form", "evidence", "answers", "cause", "counts", "facts", "data", "figures", "place"}
)
"""Keys whose content depends on the pack or the case: no shape is promised."""
SOMETIMES = frozenset({"traceparent"})
"""Keys that an event may lack: nobody's request caused it."""
_ROW = re.compile(r"^\| (`crm\..*?) \| (.*) \|$", re.M)
_NAME = re.compile(r"`([a-z_.0-9]+)`")


def catalogue() -> dict[str, Any]:
    """Return the document, the same for the same repository."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    told = sentences()
    for service in services():
        for event_type in sorted(service.emits):
            messages[event_type] = _message(event_type, told[event_type])
            channels[event_type] = {
                "address": event_type,
                "messages": {event_type: {"$ref": f"#/components/messages/{event_type}"}},
                "bindings": {
                    "amqp": {
                        "is": "routingKey",
                        "exchange": {
                            "name": f"{service.name}.events",
                            "type": "topic",
                            "durable": True,
                        },
                    }
                },
            }
            operations[f"{service.name}.announce.{event_type}"] = _operation("send", event_type)
    for service in (*services(), GATEWAY):
        for event_type in sorted(service.handlers):
            operations[f"{service.name}.hear.{event_type}"] = _operation("receive", event_type)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Customer ownership: events",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 in structured JSON, at least once, in order per subject"
            " (`sequence`). Recognise a repetition by `source` and `id`. Fields may be added.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def sentences() -> dict[str, str]:
    """Return when each event is announced, by type, as the READMEs say."""
    found: dict[str, str] = {}
    for service in services():
        page = ROOT / "services" / service.name / "README.md"
        emits = page.read_text(encoding="utf-8").split("| consumes |")[0]
        for names, when in _ROW.findall(emits):
            first = ""
            for name in _NAME.findall(names):
                full = name if not name.startswith(".") else _sibling(first, name)
                first = first or full
                found[full] = when
    return found


def example(event_type: str) -> dict[str, Any]:
    """Return the example of an event."""
    envelope: dict[str, Any] = json.loads((EXAMPLES / f"{event_type}.json").read_text("utf-8"))
    return envelope


def shape(value: Any, key: str = "") -> dict[str, Any]:
    """Return the JSON Schema of a value: every key of an object is promised."""
    if isinstance(value, Mapping):
        if key in OF_A_CASE:
            return {"type": "object"}
        return {
            "type": "object",
            "required": sorted(value.keys() - SOMETIMES),
            "properties": {name: shape(item, name) for name, item in value.items()},
        }
    if isinstance(value, list):
        return {"type": "array", "items": shape(value[0])} if value else {"type": "array"}
    kinds: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return {"type": kinds[type(value)]}


def _message(event_type: str, when: str) -> dict[str, Any]:
    envelope = example(event_type)
    return {
        "name": event_type,
        "summary": when,
        "contentType": CONTENT_TYPE,
        "payload": shape(envelope),
        "examples": [{"payload": envelope}],
    }


def _operation(action: str, event_type: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{event_type}"}}


def _sibling(event_type: str, ending: str) -> str:
    """Return the type that `ending` (`.fact.v1` or `.aggregate.fact.v1`) abbreviates."""
    kept = event_type.split(".")[: -len(ending.split(".")) + 1]
    return ".".join(kept) + ending


def main() -> None:
    """Write the document to the file that the first argument names."""
    text = yaml.safe_dump(catalogue(), allow_unicode=True, sort_keys=False, width=100)
    Path(sys.argv[1]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
