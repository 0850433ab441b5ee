"""What people do in disputes, one gRPC message each."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

from crm.ownership.v1 import rulings_pb2 as d
from crm.review.v1 import review_pb2 as r

from tests.acceptance.actions import SHANGHAI, Company, table
from tests.acceptance.doing import Doing
from tests.builders import form

SUPERIORS = {"qian": ("钱销售经理", "sales_manager"), "liu": ("刘总", "general_manager")}
VALID = "上门拜访了人力资源总监并确认了续约意向第"
"""With a number at its end, a content that is valid and unlike any other."""


class Disputing(Doing):
    """The disputes of a company."""

    def __init__(self, company: Company) -> None:
        super().__init__(company)
        self.rulings = company.platform.rulings
        self.written = 0
        for staff_id, (name, role) in SUPERIORS.items():
            if staff_id not in company.platform.people:
                company.platform.hire(staff_id, name, [role], department="company")
        company.settle()

    def at(self, day: str, clock: str = "10:00") -> None:
        """Set the clock to a local time."""
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), SHANGHAI)
        self.platform.now = local.astimezone(UTC)

    def visit(self, who: str, customer_id: str, day: str, content: str = "") -> str:
        """Record a follow-up on a day, a valid one unless a content is given."""
        self.at(day)
        self.written += 1
        found = self.follow_up(who, customer_id, content or f"{VALID}{self.written}次")
        self.company.settle()
        return found.follow_up_id

    def sign_on(self, who: str, customer_id: str, day: str, cents: int = 100_00) -> str:
        """Record a signing on its day, and let the evidence gather."""
        self.at(day, "15:00")
        signing_id = self.sign(who, customer_id, day, cents).signing_id
        self.company.settle()
        self.platform.tick()
        return signing_id

    def disputes(self, who: str = "zhou", **fields: Any) -> list[d.Dispute]:
        """List disputes, newest first."""
        request = d.ListDisputesRequest(**fields)
        return list(self.company.call(who, self.rulings.ListDisputes, request).disputes)

    def dispute(self, dispute_id: str, who: str = "zhou") -> d.Dispute:
        """Read a dispute."""
        request = d.GetDisputeRequest(dispute_id=dispute_id)
        found: d.Dispute = self.company.call(who, self.rulings.GetDispute, request).dispute
        return found

    def raise_dispute(self, who: str, signing_id: str, note: str = "") -> d.Dispute:
        """Raise a dispute about a signing, and let the evidence gather."""
        request = d.RaiseDisputeRequest(signing_id=signing_id, note=note)
        found: d.Dispute = self.company.call(who, self.rulings.RaiseDispute, request).dispute
        self.company.settle()
        self.platform.tick()
        return self.dispute(found.dispute_id)

    def report(self, who: str, customer_id: str, other_id: str, note: str = "") -> d.Dispute:
        """Report a duplicate, and let the evidence gather."""
        request = d.ReportDuplicateRequest(
            customer_id=customer_id, other_customer_id=other_id, note=note
        )
        found: d.Dispute = self.company.call(who, self.rulings.ReportDuplicate, request).dispute
        self.company.settle()
        self.platform.tick()
        return self.dispute(found.dispute_id)

    def appeal(self, who: str, dispute_id: str, reason: str = "不服") -> d.Dispute:
        """Appeal against a ruling, and let it be proposed."""
        request = d.AppealRulingRequest(dispute_id=dispute_id, reason=reason)
        found: d.Dispute = self.company.call(who, self.rulings.AppealRuling, request).dispute
        self.company.settle()
        self.platform.tick()
        return self.dispute(found.dispute_id)

    def approve(self, who: str, case_id: str, **answers: str) -> r.Case:
        """Take a case, approve its step, and let its effects happen."""
        self.company.take(who, case_id)
        request = r.DecideCaseRequest(case_id=case_id, verdict=r.VERDICT_APPROVE, answers=answers)
        self.company.call(who, self.platform.review.DecideCase, request)
        self.company.settle()
        return self.company.case(who, case_id)

    def confirm(self, dispute: d.Dispute) -> d.Dispute:
        """Let those decide who confirm what was proposed of a performance; return the dispute."""
        for who in ("zhou", "qian"):
            self.approve(who, dispute.case_id)
        return self.dispute(dispute.dispute_id)

    def credits(self, who: str = "zhou", staff_id: str = "", month: str = "") -> dict[str, int]:
        """Return the sum of credits by person, in cents; who has none is absent."""
        request = d.ListCreditsRequest(staff_id=staff_id, month=month, page_size=200)
        found: dict[str, int] = {}
        for credit in self.company.call(who, self.rulings.ListCredits, request).credits:
            found[credit.staff_id] = found.get(credit.staff_id, 0) + credit.amount_cents
        return {staff: cents for staff, cents in found.items() if cents}

    def told(self, event_type: str) -> list[dict[str, Any]]:
        """Return the data of every event of a type."""
        bodies = [event.body for event in self.platform.events if event.type == event_type]
        return [json.loads(body)["data"] for body in bodies]

    def rows(self, name: str) -> list[Any]:
        """Return the rows of a table of ownership."""
        return table(self.platform, "ownership", name)


def held(scene: Disputing, **changes: str) -> str:
    """Bring a customer into Li's library in February."""
    customer = scene.company.acquire("li", form(**changes))
    scene.at("2026-02-03")
    return customer


def the_dispute(scene: Disputing) -> d.Dispute:
    """Return the one dispute there is, as proposed."""
    (dispute,) = scene.disputes()
    assert dispute.state == d.DISPUTE_STATE_PROPOSED, dispute
    return dispute
