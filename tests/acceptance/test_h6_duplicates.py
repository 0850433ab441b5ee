"""H-6.4, H-6.5: two records of one customer."""

import pytest
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import rulings_pb2 as d
from crm.review.v1 import review_pb2 as r

from tests.acceptance.actions import Company
from tests.acceptance.disputing import Disputing
from tests.builders import BLUE_SEA, form, variant
from tests.platform import haixin
from tests.refusals import refused

COPY = "成都碧海蓝天商贸有限公司"


@pytest.fixture
def scene(company: Company) -> Disputing:
    """Return the people of the dispute cases, in February."""
    scene = Disputing(company)
    scene.at("2026-02-01", "09:00")
    return scene


def both_held(scene: Disputing) -> tuple[str, str]:
    """Let Li protect one record at 09:00 and Wang the other at 09:05."""
    first = scene.company.acquire("li")
    scene.at("2026-02-01", "09:05")
    return first, scene.company.acquire("wang", form(COPY))


def online_and_copy(scene: Disputing) -> tuple[str, str]:
    """Bring an online customer into Li's library, and a copy into the pool."""
    customer = scene.company.acquire("li")
    scene.company.supplement("zhou", customer, "已成为会员", category="online")
    scene.company.settle()
    return customer, scene.company.pool_customer(COPY)


def confirm(scene: Disputing, dispute: d.Dispute, who: str = "zhou") -> d.Dispute:
    scene.approve(who, dispute.case_id)
    scene.platform.tick()
    return scene.dispute(dispute.dispute_id)


def test_H_6_4a_the_pool_copy_of_an_online_customer_is_void(scene: Disputing) -> None:
    online, copy = online_and_copy(scene)
    dispute = scene.report("li", copy, online, "同一家公司")
    assert dispute.proposal.outcome == "kept"
    assert (dispute.proposal.kept_id, dispute.proposal.closed_id) == (online, copy)
    assert dispute.proposal.clause == "H-6.4a"
    ruled = confirm(scene, dispute)
    assert (ruled.state, ruled.ruling.winner_id) == (d.DISPUTE_STATE_RULED, "li")
    assert scene.company.pool("wang") == []
    told = refused(scene.company.claim, "wang", copy)
    assert (told.reason, told.clause) == ("RECORD_CLOSED", "H-6.4a, H-6.5")
    assert scene.company.position(online).holder_id == "li"
    assert scene.company.position(copy).location == h.LOCATION_CLOSED
    assert scene.company.case("zhou", ruled.case_id).state == r.CASE_STATE_DONE
    (closed,) = scene.told("crm.ownership.position.closed.v1")
    assert (closed["customer_id"], closed["duplicate_of"]) == (copy, online)


def test_H_6_4a_the_void_copy_stays_readable_and_refers_to_the_kept_one(scene: Disputing) -> None:
    online, copy = online_and_copy(scene)
    confirm(scene, scene.report("li", online, copy))
    read = scene.company.customer("zhou", copy)
    assert (read.duplicate_of, read.location, read.form.full_name) == (online, "closed", COPY)
    assert refused(scene.company.customer, "wang", copy).code == "PERMISSION_DENIED"
    told = refused(scene.company.supplement, "zhou", copy, "更正", hr_lead="王丽")
    assert (told.reason, told.clause) == ("RECORD_CLOSED", "H-6.4a, H-6.5")


def test_H_6_4a_the_name_of_the_void_copy_still_finds_the_kept_one(scene: Disputing) -> None:
    online, copy = online_and_copy(scene)
    confirm(scene, scene.report("li", online, copy))
    (mine,) = scene.company.check("li", COPY).hits
    assert (mine.customer_id, mine.location) == (online, "private_library")
    assert "CLOSED_COPY" in [reason.code for reason in mine.reasons]
    (others,) = scene.company.check("wang", COPY).hits
    assert (others.customer_id, others.masked) == ("", True)
    assert refused(scene.company.submit, "wang", form(COPY)).code == "ALREADY_EXISTS"


def test_H_6_4a_a_claim_of_the_copy_under_way_fails_visibly(scene: Disputing) -> None:
    online, copy = online_and_copy(scene)
    claim = scene.company.claim("wang", copy)
    scene.company.settle()
    confirm(scene, scene.report("li", online, copy))
    assert scene.company.approve(claim.case_id).state == r.CASE_STATE_FAILED
    assert scene.company.library("wang") == {}
    assert scene.company.quota("wang").reserved_count == 0


def test_H_6_4b_a_reported_duplicate_opens_a_case_at_customer_service(scene: Disputing) -> None:
    online, copy = online_and_copy(scene)
    dispute = scene.report("li", copy, online, "查重时发现")
    (case,) = scene.company.queue("zhou")
    assert (case.case_id, case.case_type) == (dispute.case_id, "duplicate_dispute")
    assert (case.role, case.remarks) == ("customer_service", "查重时发现")
    assert case.applicant_id == "li"
    assert [one["customer_id"] for one in case.evidence["records"]] == [copy, online]
    assert refused(scene.report, "li", online, copy).reason == "DISPUTE_UNDER_WAY"


def test_H_6_4b_only_who_holds_one_reports_it(scene: Disputing) -> None:
    online, copy = online_and_copy(scene)
    unknown = refused(scene.report, "wang", "no-such", "neither-this")
    assert refused(scene.report, "wang", copy, online).undecided == unknown.undecided
    assert (unknown.code, unknown.clause) == ("PERMISSION_DENIED", "H-6.4b")
    assert refused(scene.report, "li", online, online).reason == "SAME_RECORD"


def test_H_6_4b_a_party_learns_of_the_other_side_by_the_ruling(scene: Disputing) -> None:
    first, second = both_held(scene)
    dispute = scene.report("zhou", second, first)
    seen = scene.dispute(dispute.dispute_id, "li")
    assert (seen.full_name, seen.holder_id, list(seen.parties)) == ("", "", [])
    assert not seen.HasField("proposal")
    confirm(scene, dispute, "chen")
    ruled = scene.dispute(dispute.dispute_id, "li")
    assert list(ruled.parties) == ["li", "wang", "zhou"]
    assert ruled.proposal.grounds
    assert not ruled.evidence


def test_H_6_4b_a_known_and_unreported_duplicate_is_a_violation(scene: Disputing) -> None:
    scene.violate("li", "H-6.4b")
    assert scene.standing("li").violation_count == 1


def test_H_6_4b_customer_service_reports_and_a_colleague_confirms(scene: Disputing) -> None:
    first, second = both_held(scene)
    dispute = scene.report("zhou", first, second)
    assert refused(scene.approve, "zhou", dispute.case_id).reason == "OWN_CASE"
    assert confirm(scene, dispute, "chen").ruling.winner_id == "li"


def test_H_6_4b_what_is_no_duplicate_stays_as_it_is(scene: Disputing) -> None:
    first, second = both_held(scene)
    dispute = scene.report("chen", first, second)
    assert {one["customer_id"] for one in scene.told("crm.ownership.holding.frozen.v1")} == {
        first,
        second,
    }
    scene.company.reject(dispute.case_id, "不是同一家公司")
    assert scene.dispute(dispute.dispute_id).state == d.DISPUTE_STATE_DROPPED
    assert len(scene.told("crm.ownership.holding.thawed.v1")) == 2
    assert list(scene.company.library("wang")) == [second]
    assert scene.report("chen", first, second).state == d.DISPUTE_STATE_PROPOSED


def test_H_6_5_the_earlier_protection_wins(scene: Disputing) -> None:
    first, second = both_held(scene)
    used = scene.company.quota("wang").used_count
    ruled = confirm(scene, scene.report("zhou", second, first), "chen")
    assert (ruled.ruling.winner_id, ruled.ruling.clause) == ("li", "H-6.5")
    ground = next(one for one in ruled.proposal.grounds if one.clause == "H-6.5")
    assert ground.figures["kept_protected"] == "2026-02-01T09:00:00+08:00"
    assert ground.figures["closed_protected"] == "2026-02-01T09:05:00+08:00"
    assert list(scene.company.library("li")) == [first]
    assert scene.company.library("wang") == {}
    assert scene.company.quota("wang").used_count == used - 1
    (released,) = scene.told("crm.ownership.holding.released.v1")
    assert (released["manner"], released["location"]) == ("ruled", "closed")
    assert scene.company.customer("zhou", second).duplicate_of == first


def test_H_6_5_what_is_held_goes_before_what_is_not(scene: Disputing) -> None:
    pooled = scene.company.pool_customer(COPY)
    scene.at("2026-02-02")
    held = scene.company.acquire("li")
    ruled = confirm(scene, scene.report("li", pooled, held))
    assert (ruled.proposal.kept_id, ruled.ruling.clause) == (held, "H-6.5")


def test_H_6_5_of_two_in_the_pool_the_older_stays(scene: Disputing) -> None:
    older = scene.company.pool_customer(BLUE_SEA)
    scene.at("2026-02-02")
    newer = scene.company.pool_customer(COPY)
    ruled = confirm(scene, scene.report("zhou", newer, older), "chen")
    assert (ruled.proposal.kept_id, ruled.proposal.closed_id) == (older, newer)
    assert ruled.ruling.winner_id == ""
    assert scene.company.pool("wang") == [older]


def test_H_6_5_policy_may_ask_for_the_last_follow_up_first(scene: Disputing) -> None:
    order = ["follow_up_window", "online_rule", "protection_time"]
    scene.platform.apply(variant(haixin(), ruling__precedence=order), scene.platform.now)
    first, second = both_held(scene)
    scene.visit("li", first, "2026-02-03")
    scene.visit("wang", second, "2026-02-04")
    ruled = confirm(scene, scene.report("zhou", first, second), "chen")
    assert (ruled.ruling.winner_id, ruled.ruling.clause) == ("wang", "H-6.3a")


def test_an_appeal_opens_the_closed_record_again(scene: Disputing) -> None:
    first, second = both_held(scene)
    ruled = confirm(scene, scene.report("zhou", first, second), "chen")
    scene.at("2026-02-03")
    appeal = scene.appeal("wang", ruled.dispute_id, "我先联系的")
    scene.approve("liu", appeal.case_id, winner_id="wang")
    assert scene.dispute(appeal.dispute_id).ruling.outcome == "overturned"
    assert scene.company.library("li") == {}
    assert list(scene.company.library("wang")) == [second]
    position = scene.company.position(second)
    assert position.protect_time.ToJsonString() == "2026-02-01T01:05:00Z"
    granted = scene.told("crm.ownership.holding.granted.v1")[-1]
    assert (granted["manner"], granted["customer_id"]) == ("restored", second)
    assert granted["pause_time"] == "2026-02-01T01:05:00+00:00"
    assert scene.company.customer("wang", second).duplicate_of == ""
    assert scene.company.customer("zhou", first).duplicate_of == second
    scene.company.supplement("wang", second, "更正", hr_lead="王丽")


def test_an_appeal_for_a_stranger_changes_nothing(scene: Disputing) -> None:
    first, second = both_held(scene)
    ruled = confirm(scene, scene.report("zhou", first, second), "chen")
    appeal = scene.appeal("wang", ruled.dispute_id)
    scene.approve("liu", appeal.case_id, winner_id="zhao")
    assert scene.company.case("liu", appeal.case_id).state == r.CASE_STATE_FAILED
    assert scene.dispute(appeal.dispute_id).state == d.DISPUTE_STATE_DROPPED
    assert list(scene.company.library("li")) == [first]
