"""What a person may do, by name: as the policy in force says, and as the services enforce it."""

from typing import Any

from crm.operations.v1 import operations_pb2 as o
from crm.ownership.v1 import ownership_pb2 as h
from crm.review.v1 import review_pb2 as r

from chassis.permissions import named_permissions
from cli.permission_list import PACK, page
from tests.acceptance.actions import Company
from tests.architecture.coverage import ROOT
from tests.builders import variant
from tests.platform import SERVICES, Platform, haixin
from tests.refusals import refused

TEAM, COMPANY = o.PERMISSION_SCOPE_TEAM, o.PERMISSION_SCOPE_COMPANY


def granted(platform: Platform, service: str, who: Any) -> dict[str, o.GrantedPermission]:
    request = o.GetPermissionsRequest(service=service)
    answer = platform.call(platform.operations(service).GetPermissions, request, who)
    return {one.name: one for one in answer.permissions}


def test_each_has_what_the_pack_grants_the_own_roles(company: Company) -> None:
    rep = granted(company.platform, "ownership", "li")
    assert "claim.permission" in rep
    assert not {"staff.manage", "staff.read", "distribution.planner"} & set(rep)
    assert (rep["claim.permission"].clause, rep["claim.permission"].scope) == ("H-2.1b", COMPANY)
    assert "销售" in rep["claim.permission"].zh
    assert set(granted(company.platform, "customers", "zhou")) >= {
        "access.import_into_pool",
        "form.address_override",
        "operations.read_decisions",
    }
    assert "access.import_into_pool" not in granted(company.platform, "customers", "li")


def test_the_widest_reach_is_told(company: Company) -> None:
    assert granted(company.platform, "scheduler", "sun")["leave.read"].scope == TEAM
    assert granted(company.platform, "scheduler", "zhou")["leave.read"].scope == COMPANY
    company.platform.hire("both", "兼任", ["supervisor", "manager"])
    assert granted(company.platform, "scheduler", "both")["leave.read"].scope == COMPANY
    company.platform.hire("alone", "独自", ["supervisor"], team="")
    assert "leave.read" not in granted(company.platform, "scheduler", "alone")


def test_what_is_told_is_what_is_enforced(company: Company) -> None:
    platform = company.platform
    lists: dict[str, tuple[Any, Any]] = {
        "staff.read": (platform.staff.ListStaff, h.ListStaffRequest()),
        "pool.list": (platform.ownership.ListPool, h.ListPoolRequest()),
        "release.statistics": (
            platform.ownership.ListReleasedCustomers,
            h.ListReleasedCustomersRequest(),
        ),
    }
    for who in ("li", "sun", "zhou", "admin"):
        names = granted(platform, "ownership", who)
        for name, (method, request) in lists.items():
            if name in names:
                platform.call(method, request, who)
            else:
                told = refused(platform.call, method, request, who)
                assert told.code == "PERMISSION_DENIED", (who, name)


def test_the_administrator_has_the_platforms_permissions_even_without_a_policy() -> None:
    empty = Platform()
    assert set(granted(empty, "review", "admin")) == {
        "operations.apply_policy",
        "operations.operate",
    }
    empty.apply(haixin())
    assert set(granted(empty, "ownership", "admin")) >= {
        "operations.apply_policy",
        "staff.manage",
        "departure.record",
    }


def test_a_new_version_gives_and_takes(company: Company) -> None:
    platform = company.platform
    assert "reallocation.executor" not in granted(platform, "ownership", "li")
    platform.apply(variant(haixin(), reallocation__executor="sales_rep"), platform.now)
    assert "reallocation.executor" in granted(platform, "ownership", "li")


def test_names_are_written_down() -> None:
    assert (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8") == page(haixin())
    assert PACK.name == "haixin-pool.yaml"
    for service in SERVICES:
        rules = service.policy.model_validate(haixin().sections[service.name].rules)
        names = [name for name, _ in named_permissions(rules)]
        assert len(names) == len(set(names)) > 1


def case_types(company: Company, who: str) -> dict[str, r.CaseType]:
    answer = company.call(who, company.platform.review.ListCaseTypes, r.ListCaseTypesRequest())
    return {one.case_type: one for one in answer.case_types}


def test_case_types_say_what_is_ones_own_to_submit_and_decide(company: Company) -> None:
    rep, service, chief = (case_types(company, who) for who in ("li", "zhou", "sun"))
    assert {name for name, one in rep.items() if one.may_submit} == {"new_customer", "pool_claim"}
    assert {name for name, one in rep.items() if one.may_decide} == set()
    assert not any(one.may_submit for one in service.values())
    assert service["new_customer"].may_decide
    dispute = service["performance_dispute"]
    assert [step.may_decide for step in dispute.steps] == [True, False, False]
    assert [ask.name for ask in dispute.steps[2].asks] == ["reward_project", "winner_id"]
    assert {name for name, one in chief.items() if one.may_decide} == {"release"}
    check = service["new_customer"].required_checks[0]
    assert (check.name, check.evidence, check.contradicted) == (
        "not_duplicate",
        "duplicate",
        "reason",
    )
    assert check.en.startswith("The data")
    assert (service["new_customer"].deadline_hours, service["reallocation"].deadline_hours) == (
        4,
        0,
    )
