"""Article 4.5, the duty rota: who is on it, and whose turn it is."""

from datetime import timedelta

import pytest
from crm.ownership.v1 import leads_pb2 as pb

from tests.acceptance.actions import Company
from tests.acceptance.inbound import (
    assess,
    back,
    caught,
    left_out,
    members,
    on_leave,
    rota,
    route,
    sold,
)
from tests.builders import company_name, variant
from tests.platform import haixin
from tests.refusals import refused


@pytest.fixture
def company() -> Company:
    """Li is first by performance, then Wang, then Zhao; He is the sales manager."""
    return _company()


def _company(**parameters: object) -> Company:
    company = Company(variant(haixin(), **parameters))
    company.platform.hire("he", "何经理", ["sales_manager"])
    company.settle()
    sold(company, li=300, wang=200, zhao=100)
    return company


def _turns(company: Company, count: int, first: int = 0) -> list[str]:
    return [route(company, company_name(first + n)).staff_id for n in range(count)]


def _reinstate(company: Company, staff_id: str, who: str = "he") -> int:
    request = pb.ReinstateToRotaRequest(staff_id=staff_id, reason="已改正")
    answer = company.call(who, company.platform.leads.ReinstateToRota, request)
    company.settle()
    return int(answer.ended_count)


def test_H_4_5a_the_rota_covers_monday_to_sunday(company: Company) -> None:
    assert _turns(company, 1) == ["li"]
    company.platform.now += timedelta(days=6, hours=1)
    assert _turns(company, 1, 10) == ["wang"]
    assert rota(company).week_start_date == rota(company, "2026-03-02").week_start_date
    company.platform.now += timedelta(days=1)
    sold(company, "2026-01", zhao=900)
    assert _turns(company, 1, 20) == ["li"]
    assert rota(company).week_start_date == "2026-03-09"
    assert refused(rota, company, "2026-02-23").reason == "ROTA_UNKNOWN"


def test_H_4_5a_the_week_begins_with_a_rota(company: Company) -> None:
    assert rota(company).build_number == 0
    company.platform.tick()
    sold(company, "2026-01", zhao=900)
    company.platform.pass_to(company.platform.now + timedelta(days=6, hours=15, minutes=1))
    kept = rota(company)
    assert (kept.build_number, kept.cause) == (1, "first_need")
    assert kept.week_start_date == "2026-03-09"
    assert [item.amount_cents for item in kept.members] == [30_000, 20_000, 10_000]
    (decision,) = company.decisions("ownership", "rota/2026-03-09")
    assert decision.decision_id == kept.decision_id
    assert "H-4.5a" in decision.clause


def test_H_4_5b_who_failed_last_weeks_calls_is_absent(company: Company) -> None:
    assess(company, "li", passed=False)
    assess(company, "wang", passed=True)
    assess(company, "zhao", passed=False, week="2026-02-16")
    assert _turns(company, 3) == ["wang", "zhao", "wang"]
    assert left_out(company) == {"li": "CALLS_FAILED"}


def test_H_4_5b_an_assessment_that_comes_late_changes_the_rota(company: Company) -> None:
    assert _turns(company, 2) == ["li", "wang"]
    assess(company, "wang", passed=False)
    kept = rota(company)
    assert (kept.build_number, kept.cause) == (2, "call_assessment")
    assert _turns(company, 3, 10) == ["zhao", "li", "zhao"]
    assess(company, "wang", passed=True)
    assert members(company) == ["li", "wang", "zhao"]


def test_H_4_5b_without_an_assessment_nobody_is_eligible_where_policy_says_so() -> None:
    company = _company(rota__unassessed="not_eligible")
    assess(company, "wang", passed=True)
    assert members(company) == ["wang"]
    assert left_out(company) == {"li": "CALLS_NOT_ASSESSED", "zhao": "CALLS_NOT_ASSESSED"}


def test_H_4_5c_only_the_top_ten_are_on_it(company: Company) -> None:
    for number in range(11):
        company.platform.hire(f"rep{number:02}", f"销售{number}")
    sold(company, "2026-01", rep10=9000)
    sold(company, **{f"rep{number:02}": 90 - number for number in range(11)})
    wanted = ["li", "wang", "zhao", *(f"rep{number:02}" for number in range(7))]
    assert members(company) == wanted
    assert left_out(company)["rep07"] == "RANKED_BELOW"
    assess(company, "li", passed=False)
    assert members(company) == wanted[1:]


def test_H_4_5c_where_policy_filters_first_the_eleventh_moves_up() -> None:
    company = _company(rota__filter_order="filter_then_rank", rota__size=2)
    assert members(company) == ["li", "wang"]
    assess(company, "li", passed=False)
    assert members(company) == ["wang", "zhao"]


def test_H_4_5d_leads_go_round_from_the_highest_performance(company: Company) -> None:
    assert _turns(company, 4) == ["li", "wang", "zhao", "li"]
    assert [item.rank for item in rota(company).members] == [1, 2, 3]


def test_H_4_5d_who_is_away_loses_the_turn_and_the_reason_is_kept(company: Company) -> None:
    leave = on_leave(company, "li", "2026-03-02", "2026-03-06")
    lead = route(company, company_name(1))
    assert lead.staff_id == "wang"
    assert [(item.staff_id, item.reason) for item in lead.skipped] == [("li", "ON_LEAVE")]
    back(company, leave)
    assert _turns(company, 2, 10) == ["zhao", "li"]


def test_H_4_5d_the_performance_period_is_a_parameter() -> None:
    company = _company(rota__performance_period="previous_three_calendar_months")
    sold(company, "2025-12", zhao=500)
    assert members(company) == ["zhao", "li", "wang"]
    assert list(rota(company).months) == ["2025-12", "2026-01", "2026-02"]


def test_H_4_5e_the_groups_take_turns() -> None:
    company = _company(rota__scheme="groups", rota__groups=3)
    company.platform.hire("ma", "马丽", team="2")
    company.platform.hire("gao", "高山", team="3")
    sold(company, ma=10, gao=20)
    assert list(rota(company).groups) == ["KA/1", "sales/1", "sales/2"]
    assert left_out(company) == {"gao": "NO_TURN"}
    company.platform.apply(
        variant(
            haixin(),
            company.platform.now,
            rota__scheme="groups",
            rota__groups=["sales/1", "sales/2", "sales/3"],
        )
    )
    assert _turns(company, 5) == ["li", "ma", "gao", "wang", "ma"]
    on_leave(company, "ma", "2026-03-02", "2026-03-02")
    assert _turns(company, 2, 10) == ["gao", "li"]
    on_leave(company, "gao", "2026-03-02", "2026-03-02")
    assert _turns(company, 2, 20) == ["wang", "li"]


def test_H_4_5e_another_scheme_holds_from_the_next_lead_and_is_logged(company: Company) -> None:
    assert _turns(company, 2) == ["li", "wang"]
    groups = variant(haixin(), company.platform.now, rota__scheme="groups", rota__groups=2)
    company.platform.apply(groups)
    assert _turns(company, 2, 10) == ["zhao", "li"]
    (decision,) = company.decisions("ownership", "rota")
    assert decision.clause == "H-4.5c, H-4.5d, H-4.5e"
    assert dict(decision.facts) == {"before": "top10", "after": "groups"}
    company.platform.apply(haixin(), company.platform.now)
    assert _turns(company, 1, 20) == ["zhao"]
    assert len(company.decisions("ownership", "rota")) == 2


def test_H_4_5f_a_genuine_call_changes_nothing(company: Company) -> None:
    caught(company, "li", "genuine")
    assert _turns(company, 1) == ["li"]
    request = pb.ListRotaBansRequest()
    assert not company.call("zhou", company.platform.leads.ListRotaBans, request).bans


def test_H_4_5g_who_faked_a_call_is_skipped_until_reinstated(company: Company) -> None:
    assert members(company) == ["li", "wang", "zhao"]
    assert _turns(company, 3) == ["li", "wang", "zhao"]
    company.platform.now += timedelta(days=2)
    caught(company, "li")
    lead = route(company, company_name(5))
    assert lead.staff_id == "wang"
    assert [(item.staff_id, item.reason) for item in lead.skipped] == [("li", "BANNED")]
    company.platform.now += timedelta(days=7)
    assert members(company) == ["wang", "zhao"]
    assert left_out(company) == {"li": "BANNED"}
    assert _turns(company, 1, 10) == ["wang"]
    assert refused(_reinstate, company, "li", "zhou").clause == "H-4.5g"
    assert _reinstate(company, "li") == 1
    assert members(company) == ["li", "wang", "zhao"]
    assert refused(_reinstate, company, "li").reason == "NOT_BANNED"
    (ban,) = company.call("li", company.platform.leads.ListRotaBans, pb.ListRotaBansRequest()).bans
    assert (ban.clause, ban.reinstater_id) == ("H-4.5g", "he")
    assert not ban.HasField("until_time")
    assert not company.call(
        "wang", company.platform.leads.ListRotaBans, pb.ListRotaBansRequest()
    ).bans


def test_H_4_5g_a_ban_may_have_an_end() -> None:
    company = _company(rota__cheat_ban_days=2)
    caught(company, "li")
    assert members(company) == ["wang", "zhao"]
    company.platform.now += timedelta(days=2)
    assert _turns(company, 1) == ["wang"]
    company.platform.now += timedelta(days=5)
    assert members(company) == ["li", "wang", "zhao"]
