"""A repeated request has its effect once and the same answer, whatever went wrong between.

Only answers are kept, never refusals: a refused request had no effect, and what refused it may
have changed.
"""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from crm.customers.v1 import customers_pb2 as c
from crm.ownership.v1 import ownership_pb2 as h
from crm.review.v1 import review_pb2 as r

from chassis.call import Call
from chassis.relay import REQUESTS_KEPT, Relay
from tests.acceptance.actions import Company, rows, table
from tests.builders import BLUE_SEA, form, variant
from tests.platform import Platform, haixin
from tests.refusals import refused


def person(name: str = "马丽", request_id: str = "one") -> h.CreateStaffRequest:
    staff = h.Staff(display_name=name, hire_date="2026-01-01", department="sales", roles=["hr"])
    return h.CreateStaffRequest(staff=staff, request_id=request_id)


def create(platform: Platform, request: Any, who: str = "admin") -> str:
    answer = platform.call(platform.staff.CreateStaff, request, who)
    return str(answer.staff.staff_id)


def people(platform: Platform) -> list[str]:
    return [row["display_name"] for row in table(platform, "ownership", "staff")]


def test_1_a_repetition_gets_the_first_answer(platform: Platform) -> None:
    first = create(platform, person())
    before = rows(platform, ())
    assert create(platform, person()) == first
    assert rows(platform, ()) == before


def test_1_also_when_the_world_has_moved_on(company: Company) -> None:
    case_id = company.submit("li", form()).case.case_id
    take = r.TakeCaseRequest(case_id=case_id, request_id="one")
    answer = company.call("zhou", company.platform.review.TakeCase, take)
    company.decide("zhou", case_id, False, "重复", {"not_duplicate": False, "complete": True})
    assert company.call("zhou", company.platform.review.TakeCase, take) == answer
    assert company.case("zhou", case_id).state == r.CASE_STATE_REJECTED


def test_1_a_submission_over_three_services_opens_one_case(company: Company) -> None:
    check_id = company.check("li", BLUE_SEA).check_id
    request = r.SubmitCaseRequest(case_type="new_customer", check_id=check_id, request_id="one")
    request.form.update(form())
    first = company.call("li", company.platform.review.SubmitCase, request)
    before = rows(company.platform, ())
    assert company.call("li", company.platform.review.SubmitCase, request) == first
    assert rows(company.platform, ()) == before
    assert company.quota("li").reserved_count == 1


def test_2_a_malformed_request_is_not_remembered(platform: Platform) -> None:
    assert refused(create, platform, person("")).reason == "STAFF_INVALID"
    assert create(platform, person("马丽"))
    assert people(platform) == ["马丽"]


def test_3_a_refusal_of_the_work_is_not_remembered(company: Company) -> None:
    request = h.ClaimCustomerRequest(customer_id=company.pool_customer(), request_id="one")
    method = company.platform.ownership.ClaimCustomer
    assert refused(company.call, "li", method, request).reason == "REVIEW_REQUIRED"
    company.platform.apply(variant(haixin(), claim__review=False), company.platform.now)
    answer = company.call("li", method, request)
    assert answer.position.holder_id == "li"


def test_4_what_fails_after_the_work_undoes_it(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(platform, ())

    def crash(*_: Any) -> None:
        raise RuntimeError("crashed")

    with monkeypatch.context() as broken:
        broken.setattr(Call, "_remember", crash)
        with pytest.raises(Exception, match="recorded"):
            create(platform, person())
    assert rows(platform, ()) == before
    assert create(platform, person())
    assert people(platform) == ["马丽"]


def test_5_another_body_under_the_same_id_is_refused(platform: Platform) -> None:
    create(platform, person("马丽"))
    told = refused(create, platform, person("马莉"))
    assert (told.code, told.reason) == ("INVALID_ARGUMENT", "REQUEST_ID_REUSED")
    assert people(platform) == ["马丽"]


def test_5_an_id_belongs_to_one_caller_and_one_method(platform: Platform) -> None:
    platform.hire("ren", "任人事", ["hr"])
    assert create(platform, person()) != create(platform, person(), "ren")
    stored = platform.call(platform.staff.ListStaff, h.ListStaffRequest()).staff[0]
    update = h.UpdateStaffRequest(staff=stored, fields=["team"], request_id="one")
    assert platform.call(platform.staff.UpdateStaff, update)


def test_6_what_was_granted_stays_granted_when_the_rules_change(company: Company) -> None:
    company.platform.apply(variant(haixin(), claim__review=False), company.platform.now)
    request = h.ClaimCustomerRequest(customer_id=company.pool_customer(), request_id="one")
    method = company.platform.ownership.ClaimCustomer
    first = company.call("li", method, request)
    company.platform.apply(haixin(), company.platform.now)
    assert company.call("li", method, request) == first


def test_7_a_crash_before_the_end_leaves_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_id = company.check("li", BLUE_SEA).check_id
    request = r.SubmitCaseRequest(case_type="new_customer", check_id=check_id, request_id="one")
    request.form.update(form())

    def crash(*_: Any) -> None:
        raise RuntimeError("crashed")

    with monkeypatch.context() as broken:
        broken.setattr("services.review.app.submission.admit", crash)
        with pytest.raises(Exception, match="recorded"):
            company.call("li", company.platform.review.SubmitCase, request)
    assert company.queue("zhou") == []
    answer = company.call("li", company.platform.review.SubmitCase, request)
    assert answer.case.state == r.CASE_STATE_OPEN
    assert company.quota("li").reserved_count == 1


def test_7_a_submission_that_nobody_repeats_is_undone(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("services.review.app.submission.admit", lambda *_: 1 / 0)
        with pytest.raises(Exception, match="recorded"):
            company.submit("li", form())
    company.platform.now += timedelta(seconds=61)
    review = company.platform.parts["review"]
    for work in review.service.ticks.values():
        review.tick(work)
    company.settle()
    assert company.quota("li").reserved_count == 0
    assert table(company.platform, "customers", "identity") == []
    assert company.submit("wang", form()).case.state == r.CASE_STATE_OPEN


def test_8_an_answer_that_got_lost_is_given_again(platform: Platform) -> None:
    """The caller saw an error although the work was done: it repeats, as in case 1."""
    lost = create(platform, person())
    platform.now += REQUESTS_KEPT - timedelta(seconds=1)
    assert create(platform, person()) == lost
    platform.now += timedelta(seconds=2)
    for parts in platform.parts.values():
        Relay(parts.database, parts.clock, None, "test").prune()  # type: ignore[arg-type]
    assert create(platform, person()) != lost


def test_9_a_concurrent_repetition_waits_for_the_first(tmp_path: Path) -> None:
    names = ("customers", "ownership", "review")
    platform = Platform(urls={name: f"sqlite:///{tmp_path}/{name}.db" for name in names})
    platform.apply(haixin())
    together, answers = threading.Barrier(4), []

    def ask() -> None:
        together.wait()
        answers.append(create(platform, person()))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert people(platform) == ["马丽"]
    for parts in platform.parts.values():
        parts.database.close()


def test_without_an_id_a_required_one_is_asked_for(platform: Platform) -> None:
    platform.new_id = lambda: ""  # type: ignore[method-assign]
    told = refused(platform.call, platform.staff.CreateStaff, person(request_id=""))
    assert told.fields == {"request_id": ["FIELD_REQUIRED"]}


def test_a_rehearsal_is_not_remembered(company: Company) -> None:
    row = c.CustomerForm(full_name=BLUE_SEA)
    request = c.ImportCustomersRequest(rows=[row], validate_only=True, request_id="one")
    method = company.platform.customers.ImportCustomers
    before = rows(company.platform, ())
    assert company.call("zhou", method, request).rows[0].accepted
    assert rows(company.platform, ()) == before
    request.validate_only = False
    assert company.call("zhou", method, request).rows[0].accepted
    assert len(table(company.platform, "customers", "customer")) == 1
