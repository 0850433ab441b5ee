"""Reading refusals: every one that a test meets is checked for the one shape that all have."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from google.rpc import error_details_pb2 as details
from google.rpc import status_pb2

from chassis.grpc_errors import CODES
from chassis.kernel import Kind
from chassis.local import LocalRpcError

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Told:
    """What a refused caller is told."""

    code: str
    reason: str
    clause: str
    zh: str
    en: str
    figures: dict[str, str]
    fields: dict[str, list[str]]
    """The reasons against each field that is not as it must be."""
    said: str
    """Everything that is said of fields, in both languages, a line each."""
    text: str
    """Everything, for saying what is not in it."""
    undecided: str
    """Everything but the id of the decision, which each refusal has of its own: two refusals that
    shall tell nothing apart have this alike."""


def refused(call: Callable[..., Any], *arguments: Any, **named: Any) -> Told:
    """Make a call that must be refused, and return what it is told."""
    with pytest.raises(LocalRpcError) as error:
        call(*arguments, **named)
    return read(error.value.status())


def read(status: status_pb2.Status) -> Told:
    """Read a refusal, making sure that it has the shape of all."""
    infos = _all(status, details.ErrorInfo)
    assert len(infos) == 1
    info = infos[0]
    assert re.fullmatch(r"[A-Z][A-Z0-9_]{0,62}", info.reason)
    assert re.fullmatch(r"[a-z]+\.crm", info.domain)
    kind = Kind(info.metadata["kind"])
    code = next(c for c in [CODES[kind]] if c.value[0] == status.code)
    texts = {item.locale: item.message for item in _all(status, details.LocalizedMessage)}
    assert set(texts) == {"zh-CN", "en-US"}
    assert CHINESE.search(texts["zh-CN"])
    assert status.message == texts["en-US"] != ""
    assert ("adviceZh" in info.metadata) == ("adviceEn" in info.metadata)
    failures = _all(status, details.PreconditionFailure)
    assert len(failures) == (kind in (Kind.POLICY, Kind.QUOTA, Kind.STATE))
    assert len({detail.type_url for detail in status.details}) == len(status.details) - 1
    text = str(status) + "".join(texts.values())
    decision_id = info.metadata.get("decisionId", "")
    return Told(
        code.name,
        info.reason,
        info.metadata["clause"],
        texts["zh-CN"],
        texts["en-US"],
        dict(info.metadata),
        _fields(status),
        _said(status),
        text,
        text.replace(decision_id, "-") if decision_id else text,
    )


def _fields(status: status_pb2.Status) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for bad in _all(status, details.BadRequest):
        for item in bad.field_violations:
            reasons = found.setdefault(item.field, [])
            if item.reason not in reasons:
                reasons.append(item.reason)
    return found


def _said(status: status_pb2.Status) -> str:
    items = [item for bad in _all(status, details.BadRequest) for item in bad.field_violations]
    return "\n".join(item.localized_message.message for item in items)


def _all(status: status_pb2.Status, kind: Any) -> list[Any]:
    found = []
    for detail in status.details:
        message = kind()
        if detail.Unpack(message):
            found.append(message)
    return found
