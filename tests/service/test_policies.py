"""Policy versions: stored with an effective time, never overwritten; and who reads decisions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from crm.operations.v1 import operations_pb2 as o
from crm.ownership.v1 import ownership_pb2 as h

from tests.acceptance.actions import Company, rows, table
from tests.builders import company_name, variant
from tests.platform import MONDAY, Platform, haixin
from tests.refusals import refused


def application(platform: Platform, **changes: Any) -> Any:
    pack = haixin()
    request = o.ApplyPolicyRequest(
        service="ownership",
        pack=pack.meta.name,
        time_zone=changes.pop("time_zone", pack.meta.time_zone),
        validate_only=changes.pop("validate_only", False),
    )
    request.effective_time.FromDatetime(changes.pop("effective", MONDAY))
    section = variant(pack, **changes).sections["ownership"].to_json()
    request.section.update(section)
    return request


def apply(platform: Platform, request: Any, who: str = "admin") -> o.Policy:
    policy: o.Policy = platform.call(
        platform.operations("ownership").ApplyPolicy, request, who
    ).policy
    return policy


def versions(platform: Platform) -> list[o.Policy]:
    request = o.ListPoliciesRequest(service="ownership")
    return list(platform.call(platform.operations("ownership").ListPolicies, request).policies)


def test_without_a_policy_nothing_goes() -> None:
    platform = Platform()
    told = refused(platform.call, platform.ownership.ListPool, h.ListPoolRequest())
    assert (told.reason, told.code) == ("NO_POLICY", "FAILED_PRECONDITION")
    assert versions(platform) == []


def test_a_version_comes_into_force_at_its_time(company: Company) -> None:
    platform = company.platform
    later = MONDAY + timedelta(days=1)
    policy = apply(platform, application(platform, quota__tenure_lt_3m=2, effective=later))
    assert (policy.version, policy.in_force) == (2, False)
    assert company.quota("li").limit_count == 300
    platform.now = later - timedelta(microseconds=1)
    assert company.quota("li").limit_count == 300
    platform.now = later
    assert company.quota("li").limit_count == 2
    assert [(v.version, v.in_force) for v in versions(platform)] == [(2, True), (1, False)]


def test_decisions_quote_the_version_they_were_made_under(company: Company) -> None:
    first = company.pool_customer(company_name(1))
    company.approve(company.claim("li", first).case_id)
    company.platform.apply(variant(haixin(), quota__tenure_lt_3m=9), company.platform.now)
    second = company.pool_customer(company_name(2))
    company.approve(company.claim("li", second).case_id)
    made = [
        [
            d.policy_version
            for d in company.decisions("ownership", customer)
            if d.action == "claimed"
        ]
        for customer in (first, second)
    ]
    assert made == [[1], [2]]


def test_the_same_section_again_changes_nothing(platform: Platform) -> None:
    request = application(platform, effective=haixin().meta.effective_time)
    assert apply(platform, request).version == 1
    assert len(table(platform, "ownership", "policy_version")) == 1


def test_a_rehearsal_keeps_nothing(platform: Platform) -> None:
    before = rows(platform, ())
    request = application(platform, quota__ka=1, validate_only=True)
    assert apply(platform, request).version == 2
    assert rows(platform, ()) == before


def test_every_wrong_key_is_named(platform: Platform) -> None:
    request = application(platform, effective=MONDAY)
    rules = request.section["rules"]
    del rules["pool"]
    rules["quota"]["limitz"] = []
    rules["quota"]["limits"][1]["when"] = "tenure_month < boundary"
    rules["release"]["route"]["value"] = "anywhere"
    before = rows(platform)
    told = refused(apply, platform, request)
    assert told.reason == "POLICY_INVALID"
    assert set(told.fields) == {
        "pool",
        "quota.limitz",
        "quota.limits.1",
        "release.route.value",
    }
    assert rows(platform) == before


@pytest.mark.parametrize("zone", ["Mars/Phobos", "../etc/passwd", "x" * 60])
def test_an_unknown_time_zone_is_refused(platform: Platform, zone: str) -> None:
    told = refused(apply, platform, application(platform, time_zone=zone))
    assert told.reason == "POLICY_INVALID"
    assert list(told.fields) == ["time_zone"]


def test_a_malformed_parameter_is_refused(platform: Platform) -> None:
    request = application(platform)
    request.section["parameters"]["rota.size"] = "ten"
    del request.section["parameters"]["rota.week"]["zh"]
    told = refused(apply, platform, request)
    assert set(told.fields) == {"parameters.rota.size", "parameters.rota.week.zh"}


def test_only_the_administrator_applies(company: Company) -> None:
    for who in ("li", "zhou", "sun"):
        told = refused(apply, company.platform, application(company.platform), who)
        assert told.code == "PERMISSION_DENIED"


def test_parameters_not_yet_in_force_are_shown_as_such(platform: Platform) -> None:
    request = application(platform)
    size = request.section["parameters"]["rota.size"]
    request.section["parameters"].update({"rota.lunch": size})
    apply(platform, request)
    policy, first = versions(platform)
    shown = {parameter.name: parameter for parameter in policy.parameters}
    assert (shown["quota.ka"].in_force, shown["quota.ka"].value.number_value) == (True, 330)
    assert (shown["rota.size"].in_force, shown["rota.lunch"].in_force) == (True, False)
    assert shown["pool.reclaim_cooldown_days"].ours
    assert first.effective_time.ToDatetime(UTC) == datetime(2025, 12, 31, 16, tzinfo=UTC)


def test_a_refusal_is_in_the_decision_log_with_its_grounds(company: Company) -> None:
    company.holds("li", 300)
    customer = company.pool_customer()
    refused(company.claim, "li", customer)
    (decision,) = company.decisions("ownership", customer, "zhou")[:1]
    assert (decision.outcome, decision.reason, decision.clause) == (
        "refused",
        "QUOTA_FULL",
        "H-2.2a",
    )
    assert (decision.actor_id, decision.policy_version) == ("li", 1)
    assert "300" in decision.zh
    assert "300" in decision.en
    assert dict(decision.facts) == {"limit": 300, "used": 300, "reserved": 0}


def test_people_see_the_decisions_on_their_own_requests_only(company: Company) -> None:
    company.holds("li", 300)
    customer = company.pool_customer()
    refused(company.claim, "li", customer)
    assert [d.actor_id for d in company.decisions("ownership", customer, "li")] == ["li"]
    assert company.decisions("ownership", customer, "wang") == []
    assert {d.actor_id for d in company.decisions("ownership", "", "zhou")} >= {"li", "zhou"}
