"""Follow-ups through gRPC: once, by the rightful holder, with files and a place."""

from datetime import timedelta
from typing import Any

import pytest
from crm.activity.v1 import follow_ups_pb2 as a

from chassis.grpc_errors import PEER_UNAVAILABLE
from tests.acceptance.actions import Company, rows, table
from tests.acceptance.doing import GOOD, Doing
from tests.builders import form
from tests.platform import MONDAY
from tests.refusals import refused
from tests.uploads import uploaded, without_receipt


@pytest.fixture
def doing(company: Company) -> Doing:
    return Doing(company)


@pytest.fixture
def customer(company: Company) -> str:
    return company.acquire("li")


def request(customer_id: str, **fields: Any) -> a.RecordFollowUpRequest:
    values = {"kind": a.FOLLOW_UP_KIND_VISIT, "title": "回访", "content": GOOD} | fields
    return a.RecordFollowUpRequest(customer_id=customer_id, **values)


def test_a_repetition_gets_the_first_answer(doing: Doing, customer: str) -> None:
    asked = request(customer, request_id="one")
    first = doing.company.call("li", doing.follow_ups.RecordFollowUp, asked)
    before = rows(doing.platform, ())
    doing.platform.now += timedelta(hours=1)
    assert doing.company.call("li", doing.follow_ups.RecordFollowUp, asked) == first
    assert rows(doing.platform, ()) == before
    asked.title = "别的"
    told = refused(doing.company.call, "li", doing.follow_ups.RecordFollowUp, asked)
    assert told.reason == "REQUEST_ID_REUSED"


def test_a_holder_who_was_not_announced_yet_is_not_refused(company: Company, doing: Doing) -> None:
    case_id = company.submit("li", form()).case.case_id
    company.settle()
    company.take("zhou", case_id)
    company.decide("zhou", case_id, True, "", {"not_duplicate": True, "complete": True})
    deliver_to(company, "customers", "ownership")
    (position,) = company.library("li").values()
    assert table(company.platform, "activity", "customer_custody") == []
    assert doing.follow_up("li", position.customer_id).valid
    assert refused(doing.follow_up, "wang", position.customer_id).reason == "NOT_HELD"
    company.settle()
    assert len(doing.list_follow_ups("li", customer_id=position.customer_id)) == 1


def deliver_to(company: Company, *services: str) -> None:
    """Let events reach only some of the services."""
    platform = company.platform
    others = {name: parts for name, parts in platform.parts.items() if name not in services}
    for name in others:
        if name != "review":
            del platform.parts[name]
    try:
        platform.settle()
    finally:
        platform.parts.update(others)


def test_without_ownership_a_known_holder_still_records(
    company: Company, doing: Doing, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = company.acquire("wang", form("成都红岩科技有限公司"))

    def away(*_: Any, **__: Any) -> Any:
        raise PEER_UNAVAILABLE.refuse()

    monkeypatch.setattr("services.activity.app.peers.call_peer", away)
    assert doing.follow_up("li", customer).valid
    assert refused(doing.follow_up, "li", other).code == "UNAVAILABLE"


def test_files_and_place_are_kept(doing: Doing, customer: str) -> None:
    place = a.Place(latitude=30.6586231, longitude=104.0648519, accuracy_metres=12, address="成都")
    photo = uploaded(
        doing.platform,
        "li",
        camera_time="2026-03-02T10:05:00+08:00",
        camera_place=a.Place(latitude=30.65, longitude=104.06, accuracy_metres=8),
    )
    found = doing.follow_up("li", customer, attachments=[photo], place=place)
    assert list(found.attachments) == [without_receipt(photo)]
    assert (found.place.latitude, found.place.longitude) == (30.658623, 104.064852)
    assert doing.read_follow_up("li", found.follow_up_id) == found


@pytest.mark.parametrize(
    "files, reason",
    [
        ([{"media_type": "text/html"}], "ATTACHMENT_NOT_ALLOWED"),
        ([{"size_bytes": 20_971_521}], "ATTACHMENT_NOT_ALLOWED"),
        ([{"number": number} for number in range(10)], "TOO_MANY_ATTACHMENTS"),
    ],
)
def test_files_that_policy_does_not_take(
    doing: Doing, customer: str, files: list[dict[str, Any]], reason: str
) -> None:
    given = [uploaded(doing.platform, "li", **file) for file in files]
    assert refused(doing.follow_up, "li", customer, attachments=given).reason == reason
    assert doing.list_follow_ups("li") == []


@pytest.mark.parametrize("degrees", [{"latitude": 91.0}, {"longitude": -180.5}])
def test_a_place_lies_on_earth(doing: Doing, customer: str, degrees: dict[str, float]) -> None:
    told = refused(doing.follow_up, "li", customer, place=a.Place(**degrees))
    assert told.reason == "INVALID_REQUEST"


def test_pages_go_through_all_of_them(doing: Doing, customer: str) -> None:
    ids = []
    for number in range(5):
        doing.platform.now += timedelta(minutes=1)
        ids.append(doing.follow_up("li", customer, f"{GOOD}第{number}次").follow_up_id)
    seen, token = [], ""
    while True:
        asked = a.ListFollowUpsRequest(customer_id=customer, page_size=2, page_token=token)
        answer = doing.company.call("zhou", doing.follow_ups.ListFollowUps, asked)
        seen += [one.follow_up_id for one in answer.follow_ups]
        token = answer.next_page_token
        if not token:
            break
    assert seen == ids[::-1]


def test_a_rehearsal_leaves_no_trace(doing: Doing, customer: str) -> None:
    before = rows(doing.platform, ())
    doing.follow_up("li", customer, validate_only=True)
    refused(doing.follow_up, "wang", customer, validate_only=True)
    decisions = {("ownership", "decision"), ("ownership", "decision_concern")}
    after = rows(doing.platform, ())
    assert {key for key in after if after[key] != before[key]} <= decisions


def test_books_are_closed_by_services_only(doing: Doing, customer: str) -> None:
    ask = a.SettleFollowUpsRequest()
    ask.windows.add(customer_id=customer).until_time.FromDatetime(MONDAY)
    for method, message in (
        (doing.peers.SettleFollowUps, ask),
        (doing.peers.GatherEvidence, a.GatherEvidenceRequest(customer_id=customer)),
    ):
        assert refused(doing.company.call, "zhou", method, message).code == "PERMISSION_DENIED"


def test_no_book_is_closed_beyond_now(doing: Doing, customer: str) -> None:
    told = refused(doing.settle, customer, MONDAY + timedelta(seconds=1))
    assert (told.reason, told.code) == ("NOT_YET", "UNAVAILABLE")
    assert doing.settle(customer, MONDAY) is None


def test_a_window_is_open_at_both_ends(doing: Doing, customer: str) -> None:
    doing.follow_up("li", customer)
    doing.platform.now += timedelta(days=1)
    later, second = doing.platform.now, timedelta(seconds=1)
    assert doing.settle(customer, later) == MONDAY
    assert doing.settle(customer, later, MONDAY) is None
    assert doing.settle(customer, later, MONDAY - second) == MONDAY
    assert doing.settle(customer, MONDAY) is None
    assert doing.settle(customer, MONDAY + second) == MONDAY
    doing.follow_up("li", customer, "第二次上门确认了付款时间和开票的信息")
    doing.platform.now += second
    assert doing.settle(customer, later) == MONDAY
    assert doing.settle(customer, later + second) == later


def test_a_customer_is_asked_about_once(doing: Doing, customer: str) -> None:
    ask = a.SettleFollowUpsRequest()
    for _ in range(2):
        ask.windows.add(customer_id=customer).until_time.FromDatetime(MONDAY)
    assert "windows[1].customer_id" in refused(doing.ask, doing.peers.SettleFollowUps, ask).fields
