"""Asks the scheduler which deadlines a run would find passed, on behalf of the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crm.operations.v1 import operations_pb2 as operations
from crm.scheduler.v1 import scheduler_pb2 as scheduler
from crm.scheduler.v1.scheduler_pb2_grpc import SchedulerServiceStub

from chassis.call import Call
from chassis.grpc_client import call_peer

TIMEOUT_SECONDS = 5.0
PAGE = 2000
RUN = CLOCK = "reclaim"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The next run, and what is due by then; `next_page` is empty on the last page.

    A customer is due if its basis lies before `basis_before`, but for those in `due_at`.
    """

    run_at: datetime
    basis_before: datetime | None
    due_at: dict[str, tuple[str, datetime]]
    """By customer: whose deadline it is, and when it would be due."""
    next_page: str


class Foresight:
    """What the scheduler foresees."""

    def __init__(self, scheduler_channel: Any) -> None:
        self._scheduler = SchedulerServiceStub(scheduler_channel)

    def read(
        self,
        call: Call,
        draft: operations.PreviewPolicyRequest | None,
        after: datetime,
        *,
        page: str = "",
        only: Sequence[str] = (),
    ) -> Foreseen:
        """Return a page of what the first reclaim run after a moment would find due.

        Under a draft of the scheduler's policy if there is one; its refusals are raised as ours.
        """
        request = scheduler.ForeseeClocksRequest(
            clock=CLOCK,
            run=RUN,
            draft=draft,
            subject_ids=only,
            page_size=len(only) or (PAGE if draft else 1),
            page_token=page,
        )
        request.after_time.FromDatetime(after)
        answer: scheduler.ForeseeClocksResponse = call_peer(
            self._scheduler.ForeseeClocks,
            request,
            metadata=call.peer_metadata(),
            timeout=TIMEOUT_SECONDS,
        )
        before = answer.basis_before_time
        return Foreseen(
            run_at=answer.run_time.ToDatetime(UTC),
            basis_before=before.ToDatetime(UTC) if answer.HasField("basis_before_time") else None,
            due_at={
                one.subject_id: (one.party_id, one.due_time.ToDatetime(UTC))
                for one in answer.clocks
            },
            next_page=answer.next_page_token,
        )
