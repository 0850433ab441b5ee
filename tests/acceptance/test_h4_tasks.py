"""Notices: who is told what (H-4.1b, H-4.3b, H-4.4, H-6.2b, H-6.7d-f)."""

from typing import Any

import pytest
from crm.activity.v1 import tasks_pb2 as t

from cli.event_catalogue import example
from tests.acceptance.actions import Company
from tests.acceptance.doing import Doing
from tests.announcing import announce
from tests.builders import BLUE_SEA, form
from tests.refusals import refused

ROUTED = "crm.ownership.lead.routed.v1"
ARMED = "crm.scheduler.clocks.armed.v1"
WARNED = "crm.scheduler.clocks.warned.v1"


def route(company: Company, to: str, route: str, customer_id: str = "") -> str:
    """Announce that a lead was given to somebody, as ownership does."""
    data = {
        "lead_id": "lead-1",
        "kind": "call",
        "route": route,
        "staff_id": to,
        "customer_id": customer_id,
        "full_name": BLUE_SEA,
        "contact": "代春燕",
        "phone": "13800138000",
        "note": "想了解会员",
        "clause": "H-4.2",
        "zh": "",
        "en": "",
        "skipped": [],
    }
    return announce(company.platform, ROUTED, "lead-1", data)


def clock(company: Company, event_type: str, name: str, entries: list[dict[str, Any]]) -> str:
    """Announce that a clock warns or is due, as the scheduler does."""
    data = {
        "clock": name,
        "clause": "H-6.7d",
        "zh": "",
        "en": "",
        "policy_version": 1,
        "calendar_version": "2026",
        "entries": entries,
    }
    return announce(company.platform, event_type, f"{name}/batch", data)


def told(
    company: Company, event_type: str, subject: str, data: dict[str, Any], sequence: int = 1
) -> str:
    """Announce an event that is like its example but for `data`."""
    known = {name: value for name, value in example(event_type)["data"].items() if name != "actor"}
    return announce(company.platform, event_type, subject, known | data, sequence=sequence)


def entry(subject_id: str, party_id: str, **data: str) -> dict[str, Any]:
    return {
        "subject_id": subject_id,
        "party_id": party_id,
        "version": 1,
        "basis_time": "2026-03-02T01:00:00+00:00",
        "due_time": "2026-03-09T16:00:00+00:00",
        "warn_time": "2026-03-06T16:00:00+00:00",
        "data": data,
    }


def test_H_4_1b_the_holder_is_told_to_contact_her_customer(company: Company, doing: Doing) -> None:
    customer = company.acquire("li")
    route(company, "li", "holder", customer)
    (task,) = doing.to_do("li")
    assert (task.kind, task.customer_id, task.subject_id) == ("contact_lead", customer, "lead-1")
    assert doing.to_do("wang") == []
    doing.follow_up("li", customer)
    assert doing.to_do("li") == []
    (done,) = doing.to_do("li", state="done")
    assert (done.task_id, done.closer_id) == (task.task_id, "li")


def test_H_4_3b_the_duty_rep_gets_a_contact_task_with_the_leads_data(
    company: Company, doing: Doing
) -> None:
    customer = company.acquire("wang")
    route(company, "wang", "pool_to_duty", customer)
    (task,) = doing.to_do("wang", "contact_lead")
    for text in (BLUE_SEA, "代春燕", "13800138000", "想了解会员"):
        assert text in task.zh
        assert text in task.en
    assert "H-4.3b" in task.clause


def test_H_4_4_add_the_customer_first_contact_follows_after_approval(
    company: Company, doing: Doing
) -> None:
    route(company, "wang", "new_to_duty")
    (task,) = doing.to_do("wang")
    assert (task.kind, task.clause) == ("add_customer", "H-4.4")
    case_id = company.submit("wang", form()).case.case_id
    assert "H-4.4" in refused(doing.follow_up, "wang", case_id).clause
    assert [one.kind for one in doing.to_do("wang")] == ["add_customer"]
    held = company.approve(case_id).customer_id
    (contact,) = doing.to_do("wang")
    assert (contact.kind, contact.customer_id) == ("contact_lead", held)
    assert "13800138000" in contact.zh
    doing.follow_up("wang", held)
    assert doing.to_do("wang") == []


def test_H_4_4_another_customer_does_not_do_the_task(company: Company, doing: Doing) -> None:
    route(company, "wang", "new_to_duty")
    company.acquire("wang", form("成都红岩科技有限公司"))
    assert [one.kind for one in doing.to_do("wang")] == ["add_customer"]


def test_H_6_7d_the_holder_is_warned_of_the_deadline(company: Company, doing: Doing) -> None:
    customer = company.acquire("li")
    clock(company, WARNED, "reclaim", [entry(customer, "li"), entry("other", "wang")])
    (task,) = doing.to_do("li")
    assert (task.kind, task.customer_id) == ("follow_up_due", customer)
    assert BLUE_SEA in task.zh
    assert "2026-03-09 24:00" in task.zh
    assert task.due_time.ToJsonString() == "2026-03-09T16:00:00Z"
    doing.follow_up("li", customer, "太短")
    assert len(doing.to_do("li")) == 1
    doing.follow_up("li", customer)
    assert doing.to_do("li") == []
    assert len(doing.to_do("wang")) == 1


def test_H_6_7d_a_warning_ends_with_the_protection(company: Company, doing: Doing) -> None:
    customer = company.acquire("li")
    clock(company, WARNED, "reclaim", [entry(customer, "li")])
    company.release("li", customer)
    assert doing.to_do("li") == []
    assert [one.kind for one in doing.to_do("li", state="dismissed")] == ["follow_up_due"]


def test_H_6_2b_the_supervisor_plans_and_the_manager_hears_of_delay(
    company: Company, doing: Doing
) -> None:
    platform = company.platform
    platform.hire("ma", "马主管", ["supervisor"], team="2")
    platform.hire("jing", "经理", ["manager"])
    departed = {
        "staff_id": "li",
        "display_name": "李雷",
        "department": "sales",
        "team": "1",
        "kind": "left",
        "departure_date": "2026-03-02",
        "customers_count": 7,
        "plan_role": "supervisor",
    }
    announce(platform, "crm.ownership.staff.departed.v1", "li", departed, sequence=9)
    (task,) = doing.to_do("sun", "plan_wanted")
    assert "李雷" in task.zh
    assert "7" in task.zh
    assert doing.to_do("ma") == []
    who = {"display_name": "李雷", "department": "sales", "team": "1"}
    late = entry("li", "li", plan_role="supervisor", **who)
    clock(company, WARNED, "leaver_plan", [late])
    assert [one.kind for one in doing.to_do("sun")] == ["plan_due", "plan_wanted"]
    clock(company, "crm.scheduler.clocks.due.v1", "leaver_plan", [late])
    assert [one.kind for one in doing.to_do("jing")] == ["plan_overdue"]


def test_the_planner_is_told_of_a_run_that_stands_still(company: Company, doing: Doing) -> None:
    company.platform.hire("liu", "刘总", ["general_manager"])
    data = {
        "run_id": "run-1",
        "kind": "distribution",
        "date": "2026-03-03",
        "count": 6,
        "reason": "NO_PLAN",
        "cause": {"zh": "没有分配方案", "en": "There is no plan"},
        "role": "general_manager",
    }
    announce(company.platform, "crm.ownership.run.stopped.v1", "run-1", data)
    (task,) = doing.to_do("liu", "run_stopped")
    assert "没有分配方案" in task.zh
    assert "There is no plan" in task.en


def test_H_6_7f_customer_service_is_told_of_what_was_not_distributed(
    company: Company, doing: Doing
) -> None:
    data = {"date": "2026-03-03", "count": 2, "role": "customer_service"}
    announce(company.platform, "crm.ownership.run.overdue.v1", "2026-03-03", data)
    for who in ("zhou", "chen"):
        (task,) = doing.to_do(who, "distribution_overdue")
        assert "2026-03-03" in task.zh
    assert doing.to_do("li") == []


def test_H_3_2a_the_role_that_decides_is_told_of_a_case_that_waits(
    company: Company, doing: Doing
) -> None:
    company.platform.hire("ma", "马主管", ["supervisor"], team="2")
    data = {
        "case_id": "case-1",
        "case_type": "new_customer",
        "role": "customer_service",
        "scope": "company",
        "department": "sales",
        "team": "1",
        "full_name": BLUE_SEA,
        "due_time": "2026-03-02T05:00:00+00:00",
    }
    announce(company.platform, "crm.review.case.overdue.v1", "case-1", data)
    (task,) = doing.to_do("zhou", "case_overdue")
    assert BLUE_SEA in task.zh
    assert "13:00" in task.zh
    data |= {"case_id": "case-2", "role": "supervisor", "scope": "team"}
    announce(company.platform, "crm.review.case.overdue.v1", "case-2", data)
    assert [one.subject_id for one in doing.to_do("sun", "case_overdue")] == ["case-2"]
    assert doing.to_do("ma") == []


def test_H_6_7d_no_online_member_is_threatened_with_being_reclaimed(
    company: Company, doing: Doing
) -> None:
    customer = company.acquire("li")
    described = {"full_name": BLUE_SEA, "category": "online"}
    told(company, "crm.customers.customer.supplemented.v1", customer, described, sequence=99)
    clock(company, WARNED, "reclaim", [entry(customer, "li"), entry("other", "li")])
    assert [one.subject_id for one in doing.to_do("li")] == ["other"]


def test_H_6_7d_a_warning_of_a_deadline_that_moved_is_dismissed(
    company: Company, doing: Doing
) -> None:
    customer = company.acquire("li")
    warned = entry(customer, "li")
    clock(company, WARNED, "reclaim", [warned])
    clock(company, ARMED, "reclaim", [warned])
    assert len(doing.to_do("li", "follow_up_due")) == 1, "armed again with the same deadline"
    clock(company, ARMED, "reclaim", [warned | {"due_time": "2026-03-16T16:00:00+00:00"}])
    assert doing.to_do("li") == []
    (gone,) = doing.to_do("li", state="dismissed")
    assert gone.closer_id == "activity"
    clock(company, WARNED, "reclaim", [warned | {"due_time": "2026-03-16T16:00:00+00:00"}])
    (task,) = doing.to_do("li", "follow_up_due")
    assert "2026-03-16 24:00" in task.zh


def test_H_6_2b_a_proposed_plan_settles_what_asked_for_it(company: Company, doing: Doing) -> None:
    company.platform.hire("jing", "经理", ["manager"])
    for person in ("li", "wang"):
        departed = {
            "staff_id": person,
            "display_name": person,
            "department": "sales",
            "team": "1",
            "kind": "left",
            "departure_date": "2026-03-02",
            "customers_count": 7,
            "plan_role": "supervisor",
        }
        announce(company.platform, "crm.ownership.staff.departed.v1", person, departed, sequence=9)
        late = entry(person, person, plan_role="supervisor", department="sales", team="1")
        clock(company, WARNED, "leaver_plan", [late])
        clock(company, "crm.scheduler.clocks.due.v1", "leaver_plan", [late])
    assert len(doing.to_do("sun")) == 4
    proposed = {"case_type": "reallocation", "reference_id": "plan-1", "staff_id": "li"}
    told(company, "crm.ownership.reallocation.proposed.v1", "plan-1", proposed)
    assert [one.subject_id for one in doing.to_do("sun")] == ["wang", "wang"]
    assert [one.subject_id for one in doing.to_do("jing", "plan_overdue")] == ["wang"]


@pytest.mark.parametrize("end", ["resumed", "cancelled", "finished"])
def test_a_run_that_goes_on_or_ended_needs_nobody_any_more(
    company: Company, doing: Doing, end: str
) -> None:
    company.platform.hire("liu", "刘总", ["general_manager"])
    for run_id in ("run-1", "run-2"):
        which = {"run_id": run_id, "kind": "distribution", "date": "2026-03-03"}
        more = {"count": 6, "cause": {}, "role": "general_manager"}
        told(company, "crm.ownership.run.stopped.v1", run_id, which | more)
    assert len(doing.to_do("liu", "run_stopped")) == 2
    which = {"run_id": "run-1", "kind": "distribution", "date": "2026-03-03"}
    told(company, f"crm.ownership.run.{end}.v1", "run-1", which, sequence=2)
    assert [one.subject_id for one in doing.to_do("liu", "run_stopped")] == ["run-2"]


def test_H_6_7f_a_distribution_settles_what_was_late_until_its_day(
    company: Company, doing: Doing
) -> None:
    for day in ("2026-02-27", "2026-03-03", "2026-03-04"):
        data = {"date": day, "count": 2, "role": "customer_service"}
        announce(company.platform, "crm.ownership.run.overdue.v1", f"distribution/{day}", data)
    ended = {"run_id": "run-1", "date": "2026-03-03", "counts": {}}
    reclaimed = ended | {"kind": "reclaim"}
    told(company, "crm.ownership.run.finished.v1", "run-0", reclaimed)
    assert len(doing.to_do("zhou", "distribution_overdue")) == 3
    distributed = ended | {"kind": "distribution"}
    told(company, "crm.ownership.run.finished.v1", "run-1", distributed)
    (left,) = doing.to_do("zhou", "distribution_overdue")
    assert left.subject_id == "distribution/2026-03-04"


@pytest.mark.parametrize("end", ["advanced", "approved", "closed"])
def test_H_3_2a_a_decided_case_reminds_nobody(company: Company, doing: Doing, end: str) -> None:
    for case_id in ("case-1", "case-2"):
        data = {"case_id": case_id, "role": "customer_service", "full_name": BLUE_SEA}
        told(company, "crm.review.case.overdue.v1", case_id, data)
    assert len(doing.to_do("zhou", "case_overdue")) == 2
    ended = {"case_id": "case-1", "case_type": "dispute", "flow": "dispute", "reference_id": "none"}
    told(company, f"crm.review.case.{end}.v1", "case-1", ended, sequence=2)
    (left,) = doing.to_do("zhou", "case_overdue")
    assert left.subject_id == "case-2"
    (done,) = doing.to_do("zhou", "case_overdue", state="done")
    assert (done.subject_id, done.closer_id) == ("case-1", "activity")


def test_H_4_3b_an_event_that_comes_twice_makes_one_task(company: Company, doing: Doing) -> None:
    customer = company.acquire("wang")
    route(company, "wang", "pool_to_duty", customer)
    for event in list(company.platform.events):
        company.platform.deliver(event)
    assert len(doing.to_do("wang")) == 1


def test_H_4_3b_nobody_closes_anothers_task_and_nobody_closes_one_twice(
    company: Company, doing: Doing
) -> None:
    customer = company.acquire("wang")
    route(company, "wang", "pool_to_duty", customer)
    (task,) = doing.to_do("wang")
    method = doing.tasks.CompleteTask

    def complete(who: str) -> Any:
        return company.call(who, method, t.CompleteTaskRequest(task_id=task.task_id)).task

    for who in ("li", "zhou"):
        assert refused(complete, who).code == "PERMISSION_DENIED"
    assert complete("wang").state == t.TASK_STATE_DONE
    assert refused(complete, "wang").reason == "TASK_CLOSED"
