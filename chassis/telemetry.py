"""Logs as JSON lines, tied together by W3C trace ids."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pythonjsonlogger.json import JsonFormatter

from chassis.kernel import Ids

_TRACE_PARENT = re.compile(r"^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$")
_fields: ContextVar[dict[str, str] | None] = ContextVar("log_fields", default=None)


@dataclass(frozen=True, slots=True)
class Trace:
    """A step of a trace: what started it all, and this step."""

    trace_id: str
    span_id: str

    @property
    def header(self) -> str:
        """The `traceparent` header to send on."""
        return f"00-{self.trace_id}-{self.span_id}-01"


def continue_trace(trace_parent: str, new_id: Ids) -> Trace:
    """Return the next step of the caller's trace, or the first of a new one."""
    match = _TRACE_PARENT.match(trace_parent)
    fresh = new_id().replace("-", "")
    trace_id = match.group(1) if match and set(match.group(1)) != {"0"} else fresh.zfill(32)
    return Trace(trace_id, fresh.zfill(32)[-16:])


@contextmanager
def traced(trace: Trace, service: str, operation: str) -> Iterator[None]:
    """Put the trace and the operation on every log line written inside."""
    token = _fields.set({"trace_id": trace.trace_id, "service": service, "operation": operation})
    try:
        yield
    finally:
        _fields.reset(token)


class _ContextFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        for key, value in (_fields.get() or {}).items():
            setattr(record, key, value)
        return True


def configure_logging(level: str, role: str) -> None:
    """Write logs of this process as JSON lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            static_fields={"role": role},
            json_ensure_ascii=False,
        )
    )
    handler.addFilter(_ContextFilter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
