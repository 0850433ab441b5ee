"""Article 6.2: people who leave or move, and the reallocation of their customers."""

from datetime import UTC, timedelta

import pytest
from crm.ownership.v1 import leads_pb2 as leads
from crm.ownership.v1 import ownership_pb2 as h
from crm.ownership.v1 import reallocations_pb2 as pb
from crm.review.v1 import review_pb2 as r

from tests.acceptance.actions import Company, table
from tests.acceptance.doing import Doing
from tests.acceptance.inbound import route
from tests.acceptance.leaving import case_of, consent, depart, execute, item, propose, read
from tests.acceptance.test_h6_deadlines import at, clocks, local, overdue
from tests.builders import BLUE_SEA, company_name, form, variant
from tests.platform import haixin
from tests.refusals import refused

CONSENTS = ("ma", "qian", "liu")


def _hire(company: Company) -> Company:
    p = company.platform
    p.hire("ma", "马经理", ["manager"])
    p.hire("qian", "钱销售经理", ["sales_manager"])
    p.hire("liu", "刘总", ["general_manager"], department="company")
    p.hire("hao", "郝人事", ["hr"], department="hr")
    p.settle()
    return company


@pytest.fixture
def staffed(company: Company) -> Company:
    return _hire(company)


def told(company: Company, name: str) -> list[str]:
    kind = f"crm.ownership.{name}.v1"
    return [event.body for event in company.platform.events if event.type == kind]


def two(company: Company, who: str = "li") -> list[str]:
    return [company.acquire(who, form(company_name(number))) for number in (11, 222)]


def test_H_6_2a_who_moves_within_the_department_keeps_every_customer(staffed: Company) -> None:
    mine = two(staffed)
    person = h.Staff(staff_id="li", team="2")
    request = h.UpdateStaffRequest(staff=person, fields=["team"])
    assert staffed.call("hao", staffed.platform.staff.UpdateStaff, request).staff.team == "2"
    staffed.settle()
    assert [staffed.position(one).holder_id for one in mine] == ["li", "li"]
    assert staffed.quota("li").used_count == 2
    (decision, *_) = staffed.decisions("ownership", "li")
    assert (decision.clause, decision.reason) == ("H-6.2a", "KEEPS_LIBRARY")
    assert told(staffed, "holding.frozen") == []


@pytest.mark.parametrize("kind", [h.DEPARTURE_KIND_LEFT, h.DEPARTURE_KIND_MOVED_OUT])
def test_H_6_2b_a_leavers_customers_are_frozen(
    staffed: Company, kind: h.DepartureKind.ValueType
) -> None:
    mine = two(staffed)
    answer = depart(staffed, "li", kind=kind)
    assert answer.customers_count == 2
    assert len(told(staffed, "holding.frozen")) == 2
    (body,) = told(staffed, "staff.departed")
    for part in ('"plan_role":"supervisor"', '"customers_count":2', '"team":"1"'):
        assert part in body
    assert '"departure_time":"2026-03-01T16:00:00+00:00"' in body
    for one in mine:
        assert staffed.position(one).holder_id == "li"
    found = staffed.call("hao", staffed.platform.staff.GetStaff, h.GetStaffRequest(staff_id="li"))
    left = kind == h.DEPARTURE_KIND_LEFT
    assert found.staff.state == (h.STAFF_STATE_DEPARTED if left else h.STAFF_STATE_MOVED_OUT)
    assert refused(depart, staffed, "li").reason == "STAFF_DEPARTED"


def test_H_6_2b_the_plan_is_due_within_a_week(staffed: Company) -> None:
    one, other = two(staffed)
    depart(staffed, "li")
    (clock,) = clocks(staffed, "liu", subject_id="li", clock="leaver_plan")
    assert (clock.subject_id, clock.clause) == ("li", "H-6.2b")
    assert local(clock.due_time.ToDatetime(tzinfo=UTC)) == "2026-03-10 00:00"
    assert overdue(at(staffed, "2026-03-09 23:59"), "leaver_plan") == []
    assert [task.kind for task in Doing(staffed).to_do("sun")][-1] == "plan_wanted"
    assert Doing(staffed).to_do("ma") == []
    assert overdue(at(staffed, "2026-03-10 00:00"), "leaver_plan") == ["li"]
    assert [task.kind for task in Doing(staffed).to_do("ma")] == ["plan_overdue"]
    assert staffed.position(one).holder_id == staffed.position(other).holder_id == "li"


def test_H_6_2b_a_plan_in_time_stops_the_clock(staffed: Company) -> None:
    one, other = two(staffed)
    depart(staffed, "li")
    at(staffed, "2026-03-09 17:00")
    propose(staffed, "li", item(one), item(other))
    assert overdue(at(staffed, "2026-03-10 00:00"), "leaver_plan") == []


def test_H_6_2b_only_hr_records_it_and_not_before_the_day(staffed: Company) -> None:
    assert refused(depart, staffed, "li", who="sun").clause == "H-6.2b"
    late = refused(depart, staffed, "li", day="2026-03-03")
    assert late.fields == {"departure_date": ["DEPARTURE_DATE_INVALID"]}
    assert refused(depart, staffed, "nobody").reason == "STAFF_UNKNOWN"


def test_H_6_2b_who_left_gets_no_customer_any_more(staffed: Company) -> None:
    pool = staffed.pool_customer(company_name(5))
    claim = staffed.claim("li", pool).case_id
    new = staffed.submit("li", form(company_name(77))).case.case_id
    depart(staffed, "li")
    assert staffed.quota("li").reserved_count == 2
    assert refused(staffed.claim, "li", pool).reason == "STAFF_DEPARTED"
    assert staffed.approve(claim).state != r.CASE_STATE_DONE
    assert staffed.pool("zhou") == [pool]
    staffed.approve(new)
    assert staffed.library("zhou", "li") == {}
    assert staffed.quota("li").reserved_count == 0
    (other,) = set(staffed.pool("zhou")) - {pool}
    assert staffed.customer("wang", other).form.full_name == company_name(77)


def test_H_6_2b_the_supervisor_plans_every_customer_once(staffed: Company) -> None:
    one, two_ = two(staffed)
    depart(staffed, "li")
    told_ = refused(propose, staffed, "li", item(one, "wang"))
    assert (told_.reason, told_.clause) == ("REALLOCATION_INCOMPLETE", "H-6.2b")
    assert told_.figures["missing"] == "1"
    twice = refused(propose, staffed, "li", item(one, "wang"), item(one), item(two_))
    assert twice.fields["items[0]"] == ["ITEM_NAMED_TWICE"]
    strange = refused(propose, staffed, "li", item(one), item(two_), item("other", "wang"))
    assert strange.fields == {"items[2]": ["ITEM_NOT_HELD"]}
    for target in ("li", "zhou", "nobody"):
        wrong = refused(propose, staffed, "li", item(one, target), item(two_))
        assert wrong.fields == {"items[0]": ["ITEM_TARGET_NOT_ALLOWED"]}
    plan = propose(staffed, "li", item(one, "wang"), item(two_))
    assert (plan.state, plan.departed) == (pb.REALLOCATION_STATE_PROPOSED, True)
    assert refused(propose, staffed, "li", item(one), item(two_)).reason == "REALLOCATION_OPEN"


def test_H_6_2b_only_the_supervisor_of_the_group_plans(staffed: Company) -> None:
    (one, other) = two(staffed)
    depart(staffed, "li")
    staffed.platform.hire("bai", "白主管", ["supervisor"], team="2")
    for who in ("bai", "li", "qian", "zhou"):
        assert refused(propose, staffed, "li", item(one), item(other), who=who).clause


def test_H_6_2b_a_call_from_a_leavers_customer_goes_to_the_supervisor(staffed: Company) -> None:
    staffed.acquire("li", form())
    depart(staffed, "li")
    lead = route(staffed, BLUE_SEA)
    assert (lead.route, lead.staff_id) == (leads.LEAD_ROUTE_HOLDER, "sun")
    assert [(i.staff_id, i.reason) for i in lead.skipped] == [("li", "DEPARTED")]


def test_H_6_2c_the_plan_waits_for_the_manager(staffed: Company) -> None:
    one, other = two(staffed)
    depart(staffed, "li")
    plan = propose(staffed, "li", item(one, "wang"), item(other, "zhao"))
    (waiting,) = staffed.queue("ma")
    assert (waiting.role, waiting.reference_id) == ("manager", plan.reallocation_id)
    assert read(staffed, plan).case_id == waiting.case_id
    assert refused(staffed.take, "sun", waiting.case_id).code == "PERMISSION_DENIED"
    (row,) = [r for r in table(staffed.platform, "review", "review_case") if r["reference_id"]]
    evidence = row["evidence"]
    assert [(t["staff_id"], t["count"]) for t in evidence["targets"]] == [("wang", 1), ("zhao", 1)]
    assert evidence["targets"][0]["free"] == 250


def test_H_6_2c_a_rejected_plan_makes_room_for_another(staffed: Company) -> None:
    one, other = two(staffed)
    depart(staffed, "li")
    plan = propose(staffed, "li", item(one, "wang"), item(other, "wang"))
    staffed.take("ma", case_of(staffed, plan))
    staffed.decide("ma", case_of(staffed, plan), False, "分配不均")
    staffed.settle()
    assert read(staffed, plan).state == pb.REALLOCATION_STATE_REJECTED
    assert refused(execute, staffed, plan).clause == "H-6.2d, H-6.2e"
    again = propose(staffed, "li", item(one, "wang"), item(other, "zhao"))
    assert again.state == pb.REALLOCATION_STATE_PROPOSED


def test_H_6_2d_without_every_consent_it_is_not_executed(staffed: Company) -> None:
    one, other = two(staffed)
    depart(staffed, "li")
    plan = propose(staffed, "li", item(one, "wang"), item(other))
    for who in CONSENTS:
        told_ = refused(execute, staffed, plan)
        assert (told_.reason, told_.clause) == ("REALLOCATION_NOT_CONSENTED", "H-6.2d, H-6.2e")
        consent(staffed, plan, who)
    assert staffed.position(one).holder_id == "li"
    assert execute(staffed, plan).state == pb.REALLOCATION_STATE_EXECUTED
    assert staffed.position(one).holder_id == "wang"
    assert staffed.pool("zhou") == [other]


def test_H_6_2d_a_reallocation_between_people_who_stay_needs_it_too(staffed: Company) -> None:
    one, other = two(staffed)
    plan = propose(staffed, "li", item(one, "wang"))
    assert not plan.departed
    assert refused(execute, staffed, plan).clause == "H-6.2d, H-6.2e"
    consent(staffed, plan, *CONSENTS)
    execute(staffed, plan)
    assert staffed.position(one).holder_id == "wang"
    assert staffed.position(other).holder_id == "li"
    assert (staffed.quota("li").used_count, staffed.quota("wang").used_count) == (1, 1)


def test_H_6_2e_customer_service_executes_and_nobody_else(staffed: Company) -> None:
    one, other = two(staffed)
    depart(staffed, "li")
    plan = propose(staffed, "li", item(one, "wang"), item(other, "zhao"))
    consent(staffed, plan, *CONSENTS)
    for who in ("wang", "sun", "liu"):
        assert refused(execute, staffed, plan, who=who).clause == "H-6.2e"
    staffed.platform.now += timedelta(days=1)
    done = execute(staffed, plan)
    assert [i.state for i in done.items] == [pb.REALLOCATION_ITEM_STATE_MOVED] * 2
    assert done.executor_id == "zhou"
    assert (staffed.position(one).holder_id, staffed.position(other).holder_id) == ("wang", "zhao")
    assert staffed.quota("li").used_count == 0
    (decision,) = [d for d in staffed.decisions("ownership", one) if d.action == "reallocated"]
    assert (decision.facts["executed_by"], decision.clause) == ("zhou", "H-6.2d, H-6.2e")
    assert len(told(staffed, "holding.thawed")) == 2
    assert len(told(staffed, "reallocation.executed")) == 1
    assert staffed.case("ma", done.case_id).state == r.CASE_STATE_DONE
    assert execute(staffed, plan).items == done.items
    assert len(told(staffed, "reallocation.executed")) == 1


def test_H_6_2e_a_full_library_keeps_its_customer_frozen_and_shown() -> None:
    staffed = _hire(Company(variant(haixin(), quota__tenure_ge_3m=1)))
    one, other = two(staffed)
    depart(staffed, "li")
    plan = propose(staffed, "li", item(one, "wang"), item(other, "wang"))
    consent(staffed, plan, *CONSENTS)
    done = execute(staffed, plan)
    states = {i.skip_reason: staffed.position(i.customer_id).holder_id for i in done.items}
    assert states == {"": "wang", "QUOTA_FULL": "li"}
    assert staffed.quota("wang").used_count == 1
    left = next(i.customer_id for i in done.items if i.skip_reason)
    again = propose(staffed, "li", item(left))
    consent(staffed, again, *CONSENTS)
    assert execute(staffed, again).items[0].state == pb.REALLOCATION_ITEM_STATE_MOVED
    assert staffed.pool("zhou") == [left]


def test_H_6_2e_plans_are_shown_to_those_who_decide_and_execute(staffed: Company) -> None:
    one, other = two(staffed)
    plan = propose(staffed, "li", item(one, "wang"), item(other, "wang"))
    method = staffed.platform.reallocations.ListReallocations
    for who in ("sun", "ma", "qian", "liu", "zhou", "hao"):
        (found,) = staffed.call(who, method, pb.ListReallocationsRequest()).reallocations
        assert found.reallocation_id == plan.reallocation_id
    assert not staffed.call("wang", method, pb.ListReallocationsRequest()).reallocations
    assert refused(read, staffed, plan, who="wang").reason == "REALLOCATION_UNKNOWN"
