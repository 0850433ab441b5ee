"""Disputes dropped, raised again, appealed against; who reads them, and the credits."""

import pytest
from crm.ownership.v1 import rulings_pb2 as d

from tests.acceptance.actions import Company
from tests.acceptance.disputing import Disputing, held, the_dispute
from tests.announcing import announce
from tests.refusals import refused


@pytest.fixture
def scene(company: Company) -> Disputing:
    """Return the people of the dispute cases, in February."""
    scene = Disputing(company)
    scene.at("2026-02-02")
    return scene


def test_a_dropped_dispute_credits_nobody_and_may_be_raised_again(scene: Disputing) -> None:
    customer = held(scene)
    scene.visit("li", customer, "2026-03-02")
    signing_id = scene.sign_on("wang", customer, "2026-03-09")
    dispute = the_dispute(scene)
    assert refused(scene.raise_dispute, "li", signing_id).reason == "DISPUTE_UNDER_WAY"
    scene.company.reject(dispute.case_id, "证据不足")
    dropped = scene.dispute(dispute.dispute_id)
    assert (dropped.state, dropped.reason) == (d.DISPUTE_STATE_DROPPED, "证据不足")
    assert scene.credits() == {}
    assert len(scene.told("crm.ownership.holding.thawed.v1")) == 1
    again = scene.confirm(scene.raise_dispute("li", signing_id, "请重新裁决"))
    assert again.ruling.winner_id == "li"
    assert refused(scene.raise_dispute, "wang", signing_id).reason == "DISPUTE_RULED"


def test_only_whom_it_concerns_raises_and_reads_a_dispute(scene: Disputing) -> None:
    customer = held(scene)
    scene.visit("li", customer, "2026-03-02")
    signing_id = scene.sign_on("wang", customer, "2026-03-09")
    dispute = the_dispute(scene)
    unknown = refused(scene.raise_dispute, "zhao", "no-such-signing")
    assert refused(scene.raise_dispute, "zhao", signing_id).undecided == unknown.undecided
    told = refused(scene.dispute, dispute.dispute_id, "zhao")
    assert told.undecided == refused(scene.dispute, "no-such-dispute", "zhao").undecided
    for who in ("li", "wang"):
        seen = scene.dispute(dispute.dispute_id, who)
        assert not seen.HasField("proposal")
        assert not seen.evidence
        assert [one.dispute_id for one in scene.disputes(who)] == [dispute.dispute_id]
    assert scene.disputes("zhao") == []
    assert scene.dispute(dispute.dispute_id, "liu").evidence["signing"]["staff_id"] == "wang"


def test_a_signing_that_is_taken_back_credits_nobody(scene: Disputing) -> None:
    customer = scene.company.pool_customer()
    signing_id = scene.sign_on("wang", customer, "2026-03-04")
    data = {"signing_id": signing_id, "counter_id": "x", "customer_id": customer}
    announce(scene.platform, "crm.activity.signing.countered.v1", customer, data, sequence=99)
    assert scene.credits() == {}
    assert [row["amount_cents"] for row in scene.rows("credit")] == [100_00, -100_00]
    assert refused(scene.raise_dispute, "wang", signing_id).reason == "SIGNING_COUNTERED"


def ruled_for_li(scene: Disputing) -> d.Dispute:
    customer = held(scene)
    scene.visit("li", customer, "2026-03-02")
    scene.sign_on("wang", customer, "2026-03-09")
    return scene.confirm(the_dispute(scene))


def test_an_appeal_overturns_by_counter_entries(scene: Disputing) -> None:
    ruled = ruled_for_li(scene)
    assert ruled.ruling.appeal_date == "2026-03-16"
    appeal = scene.appeal("wang", ruled.dispute_id, "李雷的记录是补录的")
    assert (appeal.kind, appeal.appeal_of) == (d.DISPUTE_KIND_APPEAL, ruled.dispute_id)
    assert appeal.evidence["former"]["winner_id"] == "li"
    scene.approve("liu", appeal.case_id, winner_id="wang")
    assert scene.credits() == {"wang": 100_00}
    assert sum(row["amount_cents"] for row in scene.rows("credit")) == 100_00
    assert len(scene.rows("credit")) == 3
    assert scene.dispute(appeal.dispute_id).ruling.outcome == "overturned"
    assert refused(scene.appeal, "li", ruled.dispute_id).reason == "APPEAL_FINAL"
    assert refused(scene.appeal, "li", appeal.dispute_id).reason == "APPEAL_FINAL"


def test_an_appeal_that_confirms_changes_nothing(scene: Disputing) -> None:
    ruled = ruled_for_li(scene)
    appeal = scene.appeal("wang", ruled.dispute_id)
    scene.approve("liu", appeal.case_id, winner_id="li")
    assert scene.dispute(appeal.dispute_id).ruling.outcome == "confirmed"
    assert [row["amount_cents"] for row in scene.rows("credit")] == [100_00]


def test_an_appeal_has_its_time_and_its_people(scene: Disputing) -> None:
    ruled = ruled_for_li(scene)
    assert refused(scene.appeal, "zhao", ruled.dispute_id).code == "PERMISSION_DENIED"
    scene.at("2026-03-17", "00:00")
    told = refused(scene.appeal, "wang", ruled.dispute_id)
    assert (told.reason, told.figures["until"]) == ("APPEAL_LATE", "2026-03-16")
    scene.at("2026-03-16", "23:59")
    assert scene.appeal("wang", ruled.dispute_id).state == d.DISPUTE_STATE_PROPOSED


def test_credits_are_read_by_their_owner_and_by_managers(scene: Disputing) -> None:
    ruled_for_li(scene)
    assert scene.credits("li", "me") == {"li": 100_00}
    assert scene.credits("wang", "me") == {}
    assert refused(scene.credits, "wang", "li").code == "PERMISSION_DENIED"
    assert refused(scene.credits, "wang", "").code == "PERMISSION_DENIED"
    assert scene.credits("liu", "", "2026-03") == {"li": 100_00}
    assert scene.credits("liu", "", "2026-02") == {}
