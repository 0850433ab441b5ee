"""H-6.3, H-6.6c: whose the performance of a signing is."""

from datetime import timedelta

import pytest
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import rulings_pb2 as d
from crm.review.v1 import review_pb2 as r

from tests.acceptance.actions import Company
from tests.acceptance.disputing import Disputing, held, the_dispute
from tests.builders import variant
from tests.platform import haixin
from tests.refusals import refused

SHORT = "电话无人接听再约"


@pytest.fixture
def scene(company: Company) -> Disputing:
    """Return the people of the dispute cases, in February."""
    scene = Disputing(company)
    scene.at("2026-02-02")
    return scene


def online(scene: Disputing) -> str:
    """Bring a customer into Li's library that is an online member."""
    customer = held(scene)
    scene.company.supplement("zhou", customer, "已成为会员", category="online")
    scene.company.settle()
    return customer


def test_H_6_3a_the_last_follow_up_is_the_first_ground(scene: Disputing) -> None:
    customer = held(scene)
    scene.visit("li", customer, "2026-02-27")
    scene.visit("li", customer, "2026-03-02")
    scene.sign_on("wang", customer, "2026-03-04")
    ruled = scene.confirm(the_dispute(scene))
    first = ruled.proposal.grounds[0]
    assert first.clause == "H-6.3a, H-6.3b"
    assert first.figures["staff_id"] == "li"
    assert first.figures["last_follow_up"] == "2026-03-02T10:00:00+08:00"
    assert "2026-03-02T10:00:00+08:00" in first.zh
    assert "2026-03-02T10:00:00+08:00" in first.en


def test_H_6_3a_signed_by_the_holder_it_is_his_at_once(scene: Disputing) -> None:
    customer = held(scene)
    scene.sign_on("li", customer, "2026-03-04", 300_00)
    assert scene.disputes() == []
    assert scene.credits() == {"li": 300_00}
    (credit,) = scene.told("crm.ownership.credit.assigned.v1")
    assert (credit["month"], credit["clause"]) == ("2026-03", "H-6.3a")


def test_H_6_3a_of_what_nobody_holds_it_is_the_signers_at_once(scene: Disputing) -> None:
    customer = scene.company.pool_customer()
    scene.sign_on("wang", customer, "2026-03-04")
    assert scene.disputes() == []
    assert scene.credits() == {"wang": 100_00}


def test_H_6_3a_the_customer_stands_still_until_the_ruling(scene: Disputing) -> None:
    customer = held(scene)
    scene.visit("li", customer, "2026-03-02")
    scene.sign_on("wang", customer, "2026-03-04")
    (frozen,) = scene.told("crm.ownership.holding.frozen.v1")
    assert (frozen["customer_id"], frozen["cause"]) == (customer, "dispute")
    assert scene.told("crm.ownership.holding.thawed.v1") == []
    scene.confirm(the_dispute(scene))
    assert len(scene.told("crm.ownership.holding.thawed.v1")) == 1
    assert scene.company.position(customer).holder_id == "li"


def test_H_6_3a_nobody_rules_who_is_party_to_it(scene: Disputing) -> None:
    customer = held(scene)
    scene.platform.hire("zhao2", "赵客服", ["sales_rep", "customer_service"])
    scene.visit("li", customer, "2026-03-02")
    scene.sign_on("zhao2", customer, "2026-03-04")
    told = refused(scene.company.take, "zhao2", the_dispute(scene).case_id)
    assert told.reason in ("OWN_CASE", "PARTY_TO_CASE")


def test_H_6_3b_records_of_the_signing_day_do_not_count(scene: Disputing) -> None:
    customer = held(scene)
    scene.visit("li", customer, "2026-02-20")
    scene.visit("li", customer, "2026-03-04")
    scene.sign_on("wang", customer, "2026-03-04")
    first = the_dispute(scene).proposal.grounds[0]
    assert first.figures["last_follow_up"] == "2026-02-20T10:00:00+08:00"
    assert first.figures["signing_day_excluded"]


def test_H_6_3b_policy_may_let_the_signing_day_count(scene: Disputing) -> None:
    scene.platform.apply(variant(haixin(), dispute__exclude_signing_day=False), scene.platform.now)
    customer = held(scene)
    scene.visit("li", customer, "2026-03-04")
    scene.sign_on("wang", customer, "2026-03-04")
    assert the_dispute(scene).proposal.winner_id == "li"


def test_H_6_3c_followed_up_on_the_fifth_working_day_it_is_the_original_reps(
    scene: Disputing,
) -> None:
    customer = held(scene)
    scene.visit("li", customer, "2026-03-02")
    scene.sign_on("wang", customer, "2026-03-09", 888_00)
    proposed = the_dispute(scene)
    assert (proposed.proposal.outcome, proposed.proposal.winner_id) == ("holder", "li")
    ground = next(one for one in proposed.proposal.grounds if "H-6.3c" in one.clause)
    assert ground.figures["count"] == 5
    assert ground.figures["counted"] == (
        "2026-03-03, 2026-03-04, 2026-03-05, 2026-03-06, 2026-03-09"
    )
    assert ground.figures["skipped"] == "2026-03-07, 2026-03-08"
    assert scene.credits() == {}
    ruled = scene.confirm(proposed)
    assert (ruled.state, ruled.ruling.winner_id) == (d.DISPUTE_STATE_RULED, "li")
    assert "H-6.3c" in ruled.ruling.clause
    assert scene.credits() == {"li": 888_00}
    assert scene.company.case("zhou", ruled.case_id).state == r.CASE_STATE_DONE


def test_H_6_3c_two_confirm_it_and_policy_names_them(scene: Disputing) -> None:
    customer = held(scene)
    scene.visit("li", customer, "2026-03-02")
    scene.sign_on("wang", customer, "2026-03-09")
    case_id = the_dispute(scene).case_id
    assert refused(scene.company.take, "qian", case_id).code == "PERMISSION_DENIED"
    assert scene.approve("zhou", case_id).role == "sales_manager"
    assert scene.credits() == {}
    scene.approve("qian", case_id)
    assert scene.credits() == {"li": 100_00}


def unfollowed(scene: Disputing) -> d.Dispute:
    customer = held(scene)
    scene.visit("li", customer, "2026-03-02")
    scene.sign_on("wang", customer, "2026-03-10", 500_00)
    return the_dispute(scene)


def test_H_6_3d_unfollowed_it_waits_for_the_general_manager(scene: Disputing) -> None:
    dispute = unfollowed(scene)
    assert (dispute.proposal.outcome, dispute.proposal.winner_id) == ("unfollowed", "")
    assert dispute.proposal.clause == "H-6.3d"
    (case,) = scene.company.queue("liu")
    assert (case.case_id, case.role) == (dispute.case_id, "general_manager")
    assert [ask.name for ask in case.asks] == ["reward_project", "winner_id"]
    assert scene.company.queue("zhou") == []
    scene.approve("liu", dispute.case_id, reward_project="春季冲刺奖", winner_id="zhao")
    ruled = scene.dispute(dispute.dispute_id)
    assert ruled.ruling.winner_id == "zhao"
    assert ruled.ruling.answers["reward_project"] == "春季冲刺奖"
    assert scene.credits() == {"zhao": 500_00}


def test_H_6_3d_taking_it_away_does_not_make_it_somebody_elses(scene: Disputing) -> None:
    customer = held(scene)
    scene.visit("li", customer, "2026-03-02")
    scene.at("2026-03-09", "23:30")
    scene.platform.tick()
    scene.platform.pass_to(scene.platform.now + timedelta(hours=1))
    assert scene.company.position(customer).location == h.LOCATION_AWAITING_DISTRIBUTION
    scene.sign_on("wang", customer, "2026-03-10")
    dispute = the_dispute(scene)
    assert (dispute.holder_id, dispute.proposal.outcome) == ("li", "unfollowed")
    scene.approve("liu", dispute.case_id, reward_project="春季冲刺奖", winner_id="wang")
    assert scene.credits() == {"wang": 100_00}


@pytest.mark.parametrize("answers", [{}, {"reward_project": "春季冲刺奖"}, {"winner_id": "zhao"}])
def test_H_6_3d_the_project_and_the_winner_must_be_named(
    scene: Disputing, answers: dict[str, str]
) -> None:
    case_id = unfollowed(scene).case_id
    told = refused(scene.approve, "liu", case_id, **answers)
    assert (told.reason, told.clause) == ("ANSWERS_MISSING", "H-6.3d")


def test_H_6_3d_a_winner_nobody_knows_is_not_credited(scene: Disputing) -> None:
    dispute = unfollowed(scene)
    scene.approve("liu", dispute.case_id, reward_project="春季冲刺奖", winner_id="nobody")
    assert scene.company.case("liu", dispute.case_id).state == r.CASE_STATE_FAILED
    dropped = scene.dispute(dispute.dispute_id)
    assert dropped.state == d.DISPUTE_STATE_DROPPED
    assert "nobody" in dropped.reason
    assert scene.credits() == {}


def test_H_6_3h_a_record_below_the_standard_is_no_follow_up(scene: Disputing) -> None:
    customer = held(scene)
    scene.visit("li", customer, "2026-02-05")
    scene.visit("li", customer, "2026-03-06", SHORT)
    scene.sign_on("wang", customer, "2026-03-09")
    proposal = the_dispute(scene).proposal
    assert proposal.outcome == "unfollowed"
    ignored = next(one for one in proposal.grounds if one.clause == "H-6.3h")
    assert (ignored.figures["valid"], ignored.figures["invalid"]) == (1, 1)


def test_H_6_3h_without_any_valid_record_he_did_not_follow_up(scene: Disputing) -> None:
    customer = held(scene)
    scene.visit("li", customer, "2026-03-06", SHORT)
    scene.sign_on("wang", customer, "2026-03-09")
    proposal = the_dispute(scene).proposal
    assert (proposal.outcome, proposal.grounds[0].figures["last_follow_up"]) == ("unfollowed", "")


@pytest.mark.parametrize("maintained", [True, False])
def test_H_6_6c_an_online_customer_left_for_a_month_is_the_developers(
    scene: Disputing, maintained: bool
) -> None:
    customer = online(scene)
    scene.visit("li", customer, "2026-02-10")
    if maintained:
        scene.visit("li", customer, "2026-03-11")
    scene.at("2026-04-01", "00:30")
    scene.end_of("2026-03-31")
    scene.sign_on("wang", customer, "2026-04-08")
    ruled = scene.confirm(the_dispute(scene))
    assert ruled.ruling.clause == "H-6.6c"
    assert scene.credits() == ({"li": 100_00} if maintained else {"wang": 100_00})


def test_H_6_6c_a_valid_record_since_heals_the_month(scene: Disputing) -> None:
    customer = online(scene)
    scene.visit("li", customer, "2026-02-10")
    scene.at("2026-04-01", "00:30")
    scene.end_of("2026-03-31")
    scene.visit("li", customer, "2026-04-02")
    scene.sign_on("wang", customer, "2026-04-08")
    assert the_dispute(scene).proposal.winner_id == "li"
