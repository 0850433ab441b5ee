"""Every event that a test sees is compared with the example that subscribers are shown.

With `RECORD_EVENTS=1` the fullest event of each type that the tests see becomes the example.
"""

import json
import os
from functools import cache

from jsonschema import Draft202012Validator

from chassis.relay import Outgoing
from cli.event_catalogue import EXAMPLES, example, shape


def compare(event: Outgoing) -> None:
    """Raise AssertionError when an event lacks what its example has, or has it otherwise."""
    if os.environ.get("RECORD_EVENTS"):
        _record(event)
        return
    envelope = json.loads(event.body)
    problems = [error.message for error in _validator(event.type).iter_errors(envelope)]
    assert not problems, f"{event.type}: {problems}"


@cache
def _validator(event_type: str) -> Draft202012Validator:
    return Draft202012Validator(shape(example(event_type)))


def _record(event: Outgoing) -> None:
    path = EXAMPLES / f"{event.type}.json"
    text = json.dumps(json.loads(event.body), ensure_ascii=False, indent=2) + "\n"
    if not path.exists() or len(path.read_text(encoding="utf-8")) < len(text):
        path.write_text(text, encoding="utf-8")
