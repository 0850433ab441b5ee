"""The envelope of every event: CloudEvents 1.0 in structured JSON mode.

One shape for the broker and for outside subscribers. Extensions: `correlationid` (the request that
started it all), `causationid` (the event or request at hand), `partitionkey` (= subject),
`sequence` (zero-padded, counts the events of one subject), `traceparent`, `actor` (done for whom).
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

from chassis.kernel import Event, Identity, Received

CONTENT_TYPE = "application/cloudevents+json"
MAX_BYTES = 64 * 1024
_TYPE = re.compile(r"^crm\.([a-z]+)(\.[a-z_]+){2}\.v([1-9]\d*)$")


class NotAnEvent(ValueError):
    """The bytes are not an event in our envelope."""


def source_service(event_type: str) -> str:
    """Return the service that announces `event_type`; raises ValueError for a malformed type."""
    match = _TYPE.match(event_type)
    if not match:
        raise ValueError(f"not an event type: {event_type!r}")
    return match.group(1)


def encode(
    event: Event,
    *,
    event_id: str,
    service: str,
    sequence: int,
    time: datetime,
    correlation_id: str,
    causation_id: str,
    trace_parent: str,
    actor: Identity,
) -> str:
    """Return the event as CloudEvents JSON; raises when another service's type or over 64 KiB."""
    if source_service(event.type) != service:
        raise ValueError(f"{service} cannot announce {event.type}")
    envelope = {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/crm/{service}",
        "type": event.type,
        "subject": event.subject,
        "time": time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "correlationid": correlation_id,
        "causationid": causation_id,
        "partitionkey": event.subject,
        "sequence": f"{sequence:012d}",
        "actor": actor.staff_id,
        "data": {**event.data, "actor": actor.to_dict()},
    }
    if trace_parent:
        envelope["traceparent"] = trace_parent
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
    if len(body.encode()) > MAX_BYTES:
        raise ValueError(f"{event.type} is larger than {MAX_BYTES} bytes")
    return body


def decode(body: str | bytes | dict[str, Any]) -> Received:
    """Read an event; raises NotAnEvent for anything that is not one."""
    try:
        envelope = body if isinstance(body, dict) else json.loads(body)
        return Received(
            id=str(envelope["id"]),
            type=str(envelope["type"]),
            source=str(envelope["source"]),
            subject=str(envelope["subject"]),
            sequence=int(envelope["sequence"]),
            time=datetime.fromisoformat(envelope["time"]),
            data=dict(envelope["data"]),
            correlation_id=str(envelope["correlationid"]),
            trace_parent=str(envelope.get("traceparent", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnEvent(str(error)) from error
