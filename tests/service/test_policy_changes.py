"""Parameters changed over the API: previewed, compared, applied, never overwritten."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from crm.operations.v1 import operations_pb2 as o
from google.protobuf import json_format

from chassis.whole_numbers import whole_numbers
from tests.acceptance.actions import Company, table
from tests.builders import variant
from tests.platform import MONDAY, Platform, haixin
from tests.refusals import refused

TOMORROW = MONDAY + timedelta(days=1)
LIMIT = "quota.tenure_lt_3m"


def asked(kind: Any, service: str, effective: datetime | None, **wanted: Any) -> Any:
    values = wanted.pop("values", {})
    request = kind(service=service, **wanted)
    for name, value in values.items():
        one = request.changes.add(name=name)
        json_format.ParseDict(value, one.value)
    if effective:
        request.effective_time.FromDatetime(effective)
    return request


def preview(
    platform: Platform,
    service: str = "ownership",
    effective: datetime | None = None,
    who: str = "admin",
    **wanted: Any,
) -> o.PreviewPolicyResponse:
    request = asked(o.PreviewPolicyRequest, service, effective, **wanted)
    answer: o.PreviewPolicyResponse = platform.call(
        platform.operations(service).PreviewPolicy, request, who
    )
    return answer


def apply(
    platform: Platform,
    service: str = "ownership",
    effective: datetime | None = None,
    who: str = "admin",
    **wanted: Any,
) -> o.Policy:
    wanted = {"etag": listed(platform, service).etag} | wanted
    request = asked(o.ApplyPolicyRequest, service, effective, **wanted)
    answer = platform.call(platform.operations(service).ApplyPolicy, request, who)
    assert answer.etag == listed(platform, service).etag
    policy: o.Policy = answer.policy
    return policy


def listed(platform: Platform, service: str = "ownership", **more: Any) -> o.ListPoliciesResponse:
    request = o.ListPoliciesRequest(service=service, **more)
    answer: o.ListPoliciesResponse = platform.call(
        platform.operations(service).ListPolicies, request
    )
    return answer


def got(platform: Platform, version: int, service: str = "ownership") -> o.Policy:
    request = o.GetPolicyRequest(service=service, version=version)
    policy: o.Policy = platform.call(platform.operations(service).GetPolicy, request).policy
    return policy


def compared(platform: Platform, version: int, base: int = 0) -> list[o.PolicyDifference]:
    request = o.ComparePoliciesRequest(service="ownership", version=version, base_version=base)
    method = platform.operations("ownership").ComparePolicies
    return list(platform.call(method, request).differences)


def value_of(policy: o.Policy, name: str) -> Any:
    (found,) = [one for one in policy.parameters if one.name == name]
    return whole_numbers(json_format.MessageToDict(found.value))


def test_a_changed_value_is_enforced_from_its_time_on(company: Company) -> None:
    platform = company.platform
    policy = apply(platform, effective=TOMORROW, values={LIMIT: 7}, reason="旺季")
    assert (policy.version, policy.base_version, policy.reason) == (2, 1, "旺季")
    assert (policy.in_force, policy.applier_id) == (False, "admin")
    assert value_of(policy, LIMIT) == 7
    assert company.quota("li").limit_count == 300
    platform.now = TOMORROW
    assert company.quota("li").limit_count == 7
    assert value_of(got(platform, 1), LIMIT) == 300


def test_a_version_is_announced_once_with_the_time_from_which_it_counts(
    platform: Platform,
) -> None:
    apply(platform, effective=TOMORROW, values={LIMIT: 7}, reason="旺季")
    refused(apply, platform, values={LIMIT: 300})
    kind = "crm.ownership.policy.applied.v1"
    told = [json.loads(one.body) for one in platform.settle() if one.type == kind]
    assert [one["data"]["version"] for one in told] == [1, 2]
    envelope = told[-1]
    assert envelope["subject"] == "policy"
    assert envelope["data"].pop("actor")["staff_id"] == "admin"
    assert envelope["data"] == {
        "version": 2,
        "base_version": 1,
        "pack": "haixin-pool",
        "effective_time": TOMORROW.isoformat(),
        "reason": "旺季",
    }
    platform.now = TOMORROW
    platform.tick()
    assert [one for one in platform.settle() if ".policy." in one.type] == []


def test_a_pack_is_announced_by_every_service_once(platform: Platform) -> None:
    platform.apply(haixin())
    for name in platform.parts:
        types = [row["type"] for row in table(platform, name, "outbox")]
        assert types.count(f"crm.{name}.policy.applied.v1") == 1


def test_the_sentence_states_the_new_number(platform: Platform) -> None:
    apply(platform, values={LIMIT: 7})
    (found,) = [one for one in got(platform, 2).parameters if one.name == LIMIT]
    assert ("7家" in found.zh, "300" in found.zh, "300" in found.en) == (True, False, False)
    request = asked(o.PreviewPolicyRequest, "ownership", None, values={LIMIT: 8})
    request.changes[0].zh, request.changes[0].en = "最多八家。", "Eight at most."
    answer = platform.call(platform.operations("ownership").PreviewPolicy, request)
    (difference,) = answer.differences
    assert (difference.zh, difference.en) == ("最多八家。", "Eight at most.")
    assert list(difference.fields) == ["value", "zh", "en"]


def test_a_preview_tells_what_differs_and_keeps_nothing(platform: Platform) -> None:
    answer = preview(platform, effective=TOMORROW, values={LIMIT: 7, "quota.ka": 9})
    assert [one.key for one in answer.differences] == [
        "parameters.quota.ka",
        f"parameters.{LIMIT}",
    ]
    first = answer.differences[1]
    assert (first.old_parameter.value.number_value, first.new_parameter.value.number_value) == (
        300,
        7,
    )
    assert (first.clause, first.new_parameter.ours) == ("H-2.2a", False)
    assert (answer.policy.version, answer.replaced_version, answer.etag) == (2, 1, "1")
    assert answer.policy.start_time.ToDatetime(UTC) == TOMORROW
    assert len(table(platform, "ownership", "policy_version")) == 1


def test_what_several_rules_hold_is_changed_in_each(platform: Platform) -> None:
    before = table(platform, "scheduler", "policy_version")[0]["section"]
    apply(platform, "scheduler", values={"distribution.days": "every_working_day"})
    after = table(platform, "scheduler", "policy_version")[1]["section"]
    days = after["parameters"]["distribution.days"]
    assert days == before["parameters"]["distribution.days"] | {"value": "every_working_day"}
    for run in ("distribution", "distribution_deadline"):
        assert before["rules"]["runs"][run]["every"]["value"] == "every_calendar_day"
        assert after["rules"]["runs"][run].pop("every") == days
        del before["rules"]["runs"][run]["every"]
    assert after["rules"] == before["rules"]


@pytest.mark.parametrize(
    "service, values, field, clause, zh",
    [
        ("ownership", {LIMIT: "many"}, f"parameters.{LIMIT}.value", "H-2.2a", "须为整数"),
        (
            "ownership",
            {"reclaim.mode": "never"},
            "parameters.reclaim.mode.value",
            "H-6.7c, H-6.7d",
            "须为以下之一",
        ),
        (
            "scheduler",
            {"reclaim.days": 0},
            "parameters.reclaim.days.value",
            "H-6.7d",
            "不得小于 1",
        ),
        (
            "scheduler",
            {"distribution.deadline": "25:00"},
            "parameters.distribution.deadline.value",
            "H-6.7f",
            "须符合格式",
        ),
        (
            "scheduler",
            {"calendar.office_hours": ["12:00-09:00"]},
            "parameters.calendar.office_hours.value.0",
            "H-3.2a",
            "开门晚于关门",
        ),
    ],
)
def test_a_wrong_value_is_told_by_parameter_and_clause(
    platform: Platform, service: str, values: dict[str, Any], field: str, clause: str, zh: str
) -> None:
    for call in (preview, apply):
        told = refused(call, platform, service, values=values)
        assert (told.reason, list(told.fields)) == ("POLICY_INVALID", [field])
        assert (clause in told.text, zh in told.said) == (True, True)
    assert len(table(platform, service, "policy_version")) == 1


def test_a_name_must_be_one(platform: Platform) -> None:
    told = refused(preview, platform, values={"quota.nothing": 1})
    assert told.fields == {"changes[0].name": ["PARAMETER_UNKNOWN"]}
    request = asked(o.PreviewPolicyRequest, "ownership", None, values={LIMIT: 1})
    request.changes.append(request.changes[0])
    told = refused(platform.call, platform.operations("ownership").PreviewPolicy, request)
    assert told.fields == {"changes[1].name": ["PARAMETER_TWICE"]}


def test_two_people_cannot_overwrite_each_other(platform: Platform) -> None:
    etag = listed(platform).etag
    apply(platform, values={LIMIT: 7}, etag=etag)
    told = refused(apply, platform, values={"quota.ka": 9}, etag=etag)
    assert (told.reason, told.code) == ("POLICY_STALE", "ABORTED")
    apply(platform, values={"quota.ka": 9})
    assert (value_of(got(platform, 3), LIMIT), value_of(got(platform, 3), "quota.ka")) == (7, 9)
    told = refused(apply, platform, values={"quota.ka": 10}, etag="")
    assert told.fields == {"etag": ["FIELD_REQUIRED"]}


def test_what_changes_nothing_is_refused(platform: Platform) -> None:
    assert refused(apply, platform, values={LIMIT: 300}).reason == "POLICY_UNCHANGED"
    assert list(preview(platform, values={LIMIT: 300}).differences) == []
    assert refused(preview, platform).fields == {"changes": ["FIELD_REQUIRED"]}


def test_changes_do_not_work_backwards(platform: Platform) -> None:
    early = MONDAY - timedelta(seconds=1)
    told = refused(apply, platform, effective=early, values={LIMIT: 7})
    assert told.reason == "EFFECTIVE_TIME_PASSED"


def test_an_earlier_version_can_be_returned_to(platform: Platform) -> None:
    apply(platform, values={LIMIT: 7})
    platform.now += timedelta(hours=1)
    back = apply(platform, base_version=1, reason="退回")
    assert (back.version, back.base_version, value_of(back, LIMIT)) == (3, 1, 300)
    assert compared(platform, 3, 1) == []
    assert refused(apply, platform, base_version=9).reason == "POLICY_UNKNOWN"


def test_a_change_begins_from_what_is_in_force_at_its_time(platform: Platform) -> None:
    """And tells which planned version takes over without it."""
    next_week = MONDAY + timedelta(days=7)
    apply(platform, effective=next_week, values={"quota.ka": 9})
    answer = preview(platform, effective=TOMORROW, values={LIMIT: 7})
    assert [one.key for one in answer.differences] == [f"parameters.{LIMIT}"]
    assert [one.version for one in answer.later_policies] == [2]
    assert answer.policy.end_time.ToDatetime(UTC) == next_week
    after = preview(platform, effective=next_week, values={LIMIT: 7})
    assert (value_of(after.policy, "quota.ka"), list(after.later_policies)) == (9, [])


def test_versions_tell_from_when_to_when_they_were_in_force(platform: Platform) -> None:
    apply(platform, effective=TOMORROW, values={LIMIT: 7})
    apply(platform, effective=TOMORROW, values={LIMIT: 8})
    answer = listed(platform, brief=True, page_size=2)
    assert (answer.total_size, answer.total_size_capped, answer.etag) == (3, False, "3")
    third, second = answer.policies
    assert not third.parameters
    assert third.start_time.ToDatetime(UTC) == TOMORROW
    assert not second.HasField("start_time")
    rest = listed(platform, brief=True, page_size=2, page_token=answer.next_page_token)
    (first,) = rest.policies
    assert (first.in_force, first.end_time.ToDatetime(UTC)) == (True, TOMORROW)
    assert not rest.next_page_token


def test_versions_are_compared_with_their_rules(platform: Platform) -> None:
    pack = variant(haixin(), quota__ka=9)
    section = pack.sections["ownership"]
    section.rules["pool"]["list"]["grants"].append({"role": "hr"})
    section.rules["quota"]["limits"][0]["when"] = 'department == "KA"'
    section.rules["quota"]["otherwise"] = section.parameters["quota.ka"]
    platform.apply(pack, platform.now)
    found = {one.key: one for one in compared(platform, 2)}
    assert set(found) == {
        "parameters.quota.ka",
        "pool.list.grants",
        "quota.limits.0.when",
        "quota.otherwise",
    }
    grants = found["pool.list.grants"]
    assert "hr" not in str(grants.old_rule)
    assert "hr" in str(grants.new_rule)
    assert (grants.clause, "公共库" in grants.zh) == ("H-2.1a, H-2.1b", True)
    otherwise = found["quota.otherwise"]
    assert otherwise.new_rule.string_value == "!param quota.ka"
    assert otherwise.old_rule.string_value.startswith("!param quota.")


def test_a_parameter_tells_where_it_holds_and_what_it_may_be(platform: Platform) -> None:
    shown = {one.name: one for one in got(platform, 1, "scheduler").parameters}
    days = shown["reclaim.days"]
    assert (list(days.rules), days.in_force) == (["clocks.reclaim.after.amount"], True)
    assert whole_numbers(json_format.MessageToDict(days.value_schema)) == {
        "type": "integer",
        "minimum": 1,
        "maximum": 3650,
    }
    mode = {one.name: one for one in got(platform, 1).parameters}["reclaim.mode"]
    assert list(mode.value_schema["enum"]) == ["automatic_and_spot_check", "spot_check"]


def test_a_section_whose_rules_say_something_else_is_refused(platform: Platform) -> None:
    """What is shown of a policy is what is enforced."""
    pack = haixin()
    request = o.ApplyPolicyRequest(
        service="ownership", pack=pack.meta.name, time_zone=pack.meta.time_zone
    )
    request.section.update(pack.sections["ownership"].to_json())
    request.section["parameters"][LIMIT]["value"] = 1
    told = refused(platform.call, platform.operations("ownership").ApplyPolicy, request)
    assert told.fields == {f"parameters.{LIMIT}": ["PARAMETER_DIFFERS"]}


def test_an_application_is_in_the_decision_log(company: Company) -> None:
    apply(company.platform, values={LIMIT: 7}, reason="旺季")
    (decision,) = company.decisions("ownership", "policy/2", "zhou")
    assert (decision.action, decision.actor_id) == ("apply_policy", "admin")
    assert (decision.facts["reason"], decision.facts["base_version"]) == ("旺季", 1)
