"""What the scheduler computes, asked on behalf of the caller before a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crm.scheduler.v1 import scheduler_pb2 as scheduler
from crm.scheduler.v1.scheduler_pb2_grpc import SchedulerServiceStub

from chassis.call import Call
from chassis.grpc_client import call_peer
from chassis.kernel import Kind, Refused
from services.ownership.app.deadlines import CLOCK

TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline that would begin now: when it ends, in how many of which unit, by which rule."""

    due_at: datetime
    amount: int
    unit: str
    counted: Sequence[str]
    clause: str
    zh: str
    en: str


class Terms:
    """What only the scheduler knows."""

    def __init__(self, scheduler_channel: Any) -> None:
        self._scheduler = SchedulerServiceStub(scheduler_channel)

    def first_deadline(self, call: Call) -> Term | None:
        """Return when a customer is due that the caller protects from now on; None: never.

        Refused as UNAVAILABLE when the scheduler does not answer.
        """
        request = scheduler.PreviewClockRequest(clock=CLOCK, party_id="me")
        try:
            answer: scheduler.PreviewClockResponse = self._ask(
                call, self._scheduler.PreviewClock, request
            )
        except Refused as refused:
            if refused.kind is Kind.NOT_FOUND:
                return None
            raise
        return Term(
            due_at=answer.due_time.ToDatetime(UTC),
            amount=answer.amount,
            unit=answer.unit,
            counted=list(answer.counted_dates),
            clause=answer.clause,
            zh=answer.zh,
            en=answer.en,
        )

    def working_day(self, call: Call, today: date, number: int) -> date:
        """Return the caller's working day of that number after today; 0 is today.

        Refused as UNAVAILABLE when the scheduler does not answer.
        """
        last = today + timedelta(days=2 * number + 30)
        request = scheduler.CountWorkingDaysRequest(
            first_date=today.isoformat(), last_date=last.isoformat(), staff_id="me"
        )
        answer: scheduler.CountWorkingDaysResponse = self._ask(
            call, self._scheduler.CountWorkingDays, request
        )
        counted = [today.isoformat(), *answer.counted_dates]
        return date.fromisoformat(counted[number]) if number < len(counted) else last

    def _ask(self, call: Call, method: Any, request: Any) -> Any:
        metadata = call.peer_metadata()
        return call_peer(method, request, metadata=metadata, timeout=TIMEOUT_SECONDS)
