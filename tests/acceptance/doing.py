"""What people do with customers, one gRPC message each."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from crm.activity.v1 import conduct_pb2 as k
from crm.activity.v1 import follow_ups_pb2 as a
from crm.activity.v1 import tasks_pb2 as t
from crm.activity.v1.conduct_pb2_grpc import ConductServiceStub
from crm.activity.v1.follow_ups_pb2_grpc import (
    ActivityServiceStub,
    FollowUpServiceStub,
    SigningServiceStub,
)
from crm.activity.v1.maintenance_pb2_grpc import MaintenanceServiceStub
from crm.activity.v1.tasks_pb2_grpc import TaskServiceStub
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.identity import PEER_METADATA, system
from tests.acceptance.actions import Company

GOOD = "今天上门拜访了人事经理谈了续约的事情"
"""A content that is valid for a first record."""
PEER_SECONDS = timedelta(minutes=1)


class Doing:
    """The activity of a company."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.platform = company.platform
        channel: Any = company.platform.channel("activity")
        self.follow_ups = FollowUpServiceStub(channel)
        self.signings = SigningServiceStub(channel)
        self.peers = ActivityServiceStub(channel)
        self.conduct = ConductServiceStub(channel)
        self.tasks = TaskServiceStub(channel)
        self.maintenance = MaintenanceServiceStub(channel)

    def follow_up(
        self, who: str, customer_id: str, content: str = GOOD, title: str = "回访", **fields: Any
    ) -> a.FollowUp:
        """Record a follow-up."""
        request = a.RecordFollowUpRequest(
            customer_id=customer_id,
            kind=fields.pop("kind", a.FOLLOW_UP_KIND_CALL),
            title=title,
            content=content,
            **fields,
        )
        answer = self.company.call(who, self.follow_ups.RecordFollowUp, request)
        found: a.FollowUp = answer.follow_up
        return found

    def read_follow_up(self, who: str, follow_up_id: str) -> a.FollowUp:
        """Read a follow-up."""
        request = a.GetFollowUpRequest(follow_up_id=follow_up_id)
        found: a.FollowUp = self.company.call(who, self.follow_ups.GetFollowUp, request).follow_up
        return found

    def list_follow_ups(self, who: str, **fields: Any) -> list[a.FollowUp]:
        """List follow-ups."""
        request = a.ListFollowUpsRequest(**fields)
        return list(self.company.call(who, self.follow_ups.ListFollowUps, request).follow_ups)

    def sign(
        self, who: str, customer_id: str, day: str = "2026-03-02", cents: int = 100_00, **more: Any
    ) -> a.Signing:
        """Record a signing."""
        request = a.RecordSigningRequest(
            customer_id=customer_id, sign_date=day, amount_cents=cents, **more
        )
        found: a.Signing = self.company.call(who, self.signings.RecordSigning, request).signing
        return found

    def ask(self, method: Any, request: Any, service: str = "ownership") -> Any:
        """Call a method as another service does, with nobody behind it."""
        signer = self.platform.peers(service).signer
        assert signer
        signed = signer.sign(system(service), self.platform.now, PEER_SECONDS)
        metadata = [("authorization", f"Bearer {signed}"), (PEER_METADATA, signed)]
        return method(request, timeout=5.0, metadata=metadata)

    def settle(
        self, customer_id: str, until: datetime, after: datetime | None = None
    ) -> datetime | None:
        """Close a customer's book; return the last valid follow-up in it, if any."""
        request = a.SettleFollowUpsRequest()
        window = request.windows.add(customer_id=customer_id)
        window.until_time.FromDatetime(until)
        if after:
            window.after_time.FromDatetime(after)
        (result,) = self.ask(self.peers.SettleFollowUps, request).results
        return moment(result.last_valid_time) if result.HasField("last_valid_time") else None

    def evidence(self, customer_id: str, *people: str, **fields: Any) -> a.GatherEvidenceResponse:
        """Gather evidence as ownership does."""
        request = a.GatherEvidenceRequest(customer_id=customer_id, staff_ids=people, **fields)
        found: a.GatherEvidenceResponse = self.ask(self.peers.GatherEvidence, request)
        return found

    def spot_check(
        self, who: str, result: str, evidence: str = "核实无此拜访", **about: str
    ) -> k.SpotCheck:
        """Record a spot check of a follow-up, or of a person's call."""
        kind = k.SPOT_CHECK_KIND_FOLLOW_UP if "follow_up_id" in about else k.SPOT_CHECK_KIND_CALL
        request = k.RecordSpotCheckRequest(
            kind=kind,
            result=k.SpotCheckResult.Value(f"SPOT_CHECK_RESULT_{result.upper()}"),
            evidence=evidence,
            **about,
        )
        found: k.SpotCheck = self.company.call(
            who, self.conduct.RecordSpotCheck, request
        ).spot_check
        return found

    def violate(
        self, staff_id: str, clause: str = "H-3.1b", who: str = "zhou", **fields: Any
    ) -> k.ConfirmViolationResponse:
        """Confirm a violation; return the whole answer."""
        request = k.ConfirmViolationRequest(
            staff_id=staff_id, clause=clause, evidence="未查重直接录入", **fields
        )
        found: k.ConfirmViolationResponse = self.company.call(
            who, self.conduct.ConfirmViolation, request
        )
        return found

    def revoke(self, violation_id: str, who: str = "liu") -> k.RevokeViolationResponse:
        """Revoke a violation, as the general manager unless said otherwise."""
        if who == "liu" and who not in self.platform.people:
            self.platform.hire("liu", "刘总", ["general_manager"])
        request = k.RevokeViolationRequest(violation_id=violation_id, reason="证据有误")
        found: k.RevokeViolationResponse = self.company.call(
            who, self.conduct.RevokeViolation, request
        )
        return found

    def standing(self, staff_id: str, who: str = "zhou") -> k.Conduct:
        """Read where a person stands."""
        request = k.GetConductRequest(staff_id=staff_id)
        found: k.Conduct = self.company.call(who, self.conduct.GetConduct, request).conduct
        return found

    def ledger(self, staff_id: str, who: str = "zhou") -> list[k.Penalty]:
        """List a person's lines of the ledger, newest first."""
        request = k.ListPenaltiesRequest(staff_id=staff_id)
        return list(self.company.call(who, self.conduct.ListPenalties, request).penalties)

    def to_do(self, who: str, kind: str = "", state: str = "open") -> list[t.Task]:
        """List a person's tasks, newest first."""
        value = t.TaskState.Value(f"TASK_STATE_{state.upper()}")
        request = t.ListTasksRequest(kind=kind, state=value)
        return list(self.company.call(who, self.tasks.ListTasks, request).tasks)

    def end_of(self, day: str) -> None:
        """Let a local day end, with the runs that the scheduler announces then."""
        moment = datetime.fromisoformat(f"{day}T00:00:00+08:00") + timedelta(days=1)
        self.platform.now = max(self.platform.now, moment.astimezone(UTC))
        self.platform.tick()

    def announced(self, event_type: str) -> list[dict[str, Any]]:
        """Return the data of every event of a type that was sent, oldest first."""
        self.company.settle()
        bodies = [json.loads(e.body) for e in self.platform.events if e.type == event_type]
        return [body["data"] for body in bodies]


def reasons(found: a.FollowUp) -> list[tuple[str, str]]:
    """Return why a follow-up is not valid: reason and clause."""
    return [(one.reason, one.clause) for one in found.reasons]


def stamp(when: datetime) -> Timestamp:
    """Return a time as a message."""
    found = Timestamp()
    found.FromDatetime(when)
    return found


def moment(found: Timestamp) -> datetime:
    """Return a message as a time."""
    return found.ToDatetime(tzinfo=UTC)
