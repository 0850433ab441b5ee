"""Each event has its effect once; what fails is tried again, then set aside for a person."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from crm.operations.v1 import operations_pb2 as o

from chassis.inbox import PAUSES, Inbox
from chassis.kernel import Received
from chassis.unit import UnitOfWork
from tests.acceptance.actions import table
from tests.platform import Platform
from tests.refusals import refused

TYPE = "crm.customers.thing.happened.v1"


class Counting:
    """A handler that writes something, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.failing = False
        self.refused: set[str] = set()

    def __call__(self, uow: UnitOfWork, event: Received) -> None:
        uow.execute(
            sa.text("INSERT INTO effect (id) VALUES (:id)"),
            {"id": event.id},
        )
        if self.failing or event.id in self.refused:
            raise RuntimeError("not now")


@pytest.fixture
def handler() -> Counting:
    return Counting()


@pytest.fixture
def box(platform: Platform, handler: Counting) -> Inbox:
    parts = platform.parts["review"]
    parts.database.run(lambda c: c.exec_driver_sql("CREATE TABLE effect (id TEXT)"))
    return Inbox(
        "review", parts.database, parts.clock, parts.new_id, parts.policies, {TYPE: handler}
    )


def event(event_id: str = "e1", **changes: Any) -> str:
    envelope = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/crm/customers",
        "type": TYPE,
        "subject": "s1",
        "time": "2026-03-02T01:00:00Z",
        "correlationid": "c1",
        "sequence": "000000000001",
        "data": {},
    }
    return json.dumps({name: v for name, v in (envelope | changes).items() if v is not None})


def effects(box: Inbox) -> int:
    with box.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM effect").scalar_one())


def row(platform: Platform) -> Any:
    (found,) = table(platform, "review", "inbox")
    return found


def test_a_duplicate_has_no_second_effect(box: Inbox) -> None:
    for _ in range(3):
        box.receive(event())
    box.receive(event().encode())
    assert effects(box) == 1
    box.receive(event("e2"))
    assert effects(box) == 2


def test_a_failure_leaves_no_effect_and_is_tried_again(
    platform: Platform, box: Inbox, handler: Counting
) -> None:
    handler.failing = True
    box.receive(event())
    assert effects(box) == 0
    assert (row(platform).attempts, row(platform).done_at) == (1, None)
    handler.failing = False
    assert box.retry_due() == 0
    platform.now += timedelta(seconds=PAUSES[0])
    assert box.retry_due() == 1
    assert effects(box) == 1
    assert row(platform).done_at == platform.now
    box.receive(event())
    assert effects(box) == 1


def test_pauses_grow_and_the_message_is_parked_after_the_last(
    platform: Platform, box: Inbox, handler: Counting
) -> None:
    handler.failing = True
    box.receive(event())
    for attempt, pause in enumerate(PAUSES, 1):
        assert row(platform).attempts == attempt
        platform.now += timedelta(seconds=pause) - timedelta(microseconds=1)
        assert box.retry_due() == 0
        platform.now += timedelta(microseconds=1)
        assert box.retry_due() == 1
    parked = row(platform)
    assert (parked.attempts, parked.next_at) == (len(PAUSES) + 1, None)
    assert parked.parked_at == platform.now
    assert "not now" in parked.last_error
    platform.now += timedelta(days=7)
    assert box.retry_due() == 0


def test_a_failing_message_holds_up_no_other(box: Inbox, handler: Counting) -> None:
    handler.failing = True
    box.receive(event("bad"))
    handler.failing = False
    box.receive(event("good"))
    assert effects(box) == 1


def test_a_second_delivery_of_a_failed_message_heals_it(
    platform: Platform, box: Inbox, handler: Counting
) -> None:
    handler.failing = True
    box.receive(event())
    handler.failing = False
    box.receive(event())
    assert effects(box) == 1
    assert row(platform).next_at is None


def test_an_unknown_type_is_left_aside(platform: Platform, box: Inbox) -> None:
    box.receive(event(type="crm.customers.thing.vanished.v1"))
    assert table(platform, "review", "inbox") == []


BAD: list[str | bytes] = [
    b"\xff\xfe\x00",
    "",
    "null",
    "[]",
    "5",
    "{",
    event(id=None),
    event(data="text"),
    event(sequence="many"),
    event(time="yesterday"),
    "\x00" * 100_000,
    '{"id": "\\ud800"}',
    "\ud800",
]


@pytest.mark.parametrize("body", BAD, ids=range(len(BAD)))
def test_bytes_that_are_no_event_are_parked(
    platform: Platform, box: Inbox, body: str | bytes
) -> None:
    box.receive(body)
    parked = row(platform)
    assert parked.parked_at == platform.now
    assert len(parked.body) <= 65536
    assert "\x00" not in parked.body
    assert effects(box) == 0


def test_a_lone_surrogate_in_the_data_is_a_failure_like_any(platform: Platform, box: Inbox) -> None:
    def store(uow: UnitOfWork, received: Received) -> None:
        uow.execute(sa.text("INSERT INTO effect (id) VALUES (:id)"), {"id": received.data["x"]})

    fragile = Inbox("review", box.database, box.clock, box.new_id, box.policies, {TYPE: store})
    fragile.receive(event(data={"x": "\ud800"}))
    assert row(platform).attempts == 1
    assert effects(box) == 0


def operator(platform: Platform) -> Callable[..., Any]:
    stub = platform.operations("review")

    def retry(message_id: str, who: str = "admin") -> Any:
        request = o.RetryParkedMessageRequest(service="review", message_id=message_id)
        return platform.call(stub.RetryParkedMessage, request, who)

    return retry


def test_an_operator_gives_a_parked_message_another_round(
    platform: Platform, box: Inbox, handler: Counting
) -> None:
    handler.failing = True
    box.receive(event())
    for pause in PAUSES:
        platform.now += timedelta(seconds=pause)
        box.retry_due()
    listed = o.ListParkedMessagesRequest(service="review")
    stub = platform.operations("review")
    (message,) = platform.call(stub.ListParkedMessages, listed).messages
    assert (message.message_id, message.type) == ("e1", TYPE)
    assert message.attempt_count == len(PAUSES) + 1
    handler.failing = False
    operator(platform)("e1")
    assert box.retry_due() == 1
    assert effects(box) == 1
    assert len(platform.call(stub.ListParkedMessages, listed).messages) == 0
    assert refused(operator(platform), "e1").reason == "NOT_PARKED"


def test_what_is_no_event_is_parked_again_and_not_multiplied(
    platform: Platform, box: Inbox
) -> None:
    box.receive(b"\xff")
    message_id = row(platform).event_id
    for _ in range(3):
        operator(platform)(message_id)
        box.retry_due()
        assert box.retry_due() == 0
        assert row(platform).parked_at is not None
    backlog = platform.call(
        platform.operations("review").GetBacklog, o.GetBacklogRequest(service="review")
    )
    assert (backlog.parked_count, backlog.retrying_count) == (1, 0)


def test_only_an_operator_tends_parked_messages(platform: Platform, box: Inbox) -> None:
    box.receive(b"\xff")
    platform.hire("zhou", "周舟", ["customer_service"])
    told = refused(operator(platform), row(platform).event_id, "zhou")
    assert told.code == "PERMISSION_DENIED"


def test_messages_at_hand_have_their_effects_in_one_transaction(box: Inbox) -> None:
    commits: list[None] = []
    sa.event.listen(box.database.engine, "commit", lambda _: commits.append(None))
    box.receive_all([event("e1"), event("e2").encode(), event("e1"), event("e3")])
    assert len(commits) == 1
    assert effects(box) == 3


def test_none_of_the_messages_at_hand_suffers_from_another(
    platform: Platform, box: Inbox, handler: Counting
) -> None:
    handler.refused = {"e2"}
    box.receive_all([event("e1"), event("e2"), b"not an event", event("e3")])
    box.receive_all([event("e4"), event("e2", id="e5"), event("e2", id="e2")])
    assert effects(box) == 4
    waiting = [r["event_id"] for r in table(platform, "review", "inbox") if r["next_at"]]
    assert waiting == ["e2"]
