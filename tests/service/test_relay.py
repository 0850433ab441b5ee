"""Events leave in order for each subject, at least once, whatever happens to the broker."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis import tables
from chassis.db import forbid_io
from chassis.grpc_client import call_peer
from chassis.kernel import Event
from chassis.relay import ATTEMPTS, LEASE, OUTBOX_KEPT, Outgoing, Relay
from chassis.unit import UnitOfWork
from tests.acceptance.actions import table
from tests.platform import Platform

TYPE = "crm.review.thing.happened.v1"


class Bus:
    """A broker that refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.refusing: set[str] = set()
        self.down = False

    def publish(self, batch: Sequence[Outgoing]) -> dict[str, str]:
        if self.down:
            raise ConnectionError("no broker")
        refused = {row.event_id: "no queue" for row in batch if row.subject in self.refusing}
        self.sent += [(row.subject, row.event_id) for row in batch if row.event_id not in refused]
        return refused


@pytest.fixture
def platform(platform: Platform) -> Platform:
    """One whose review has announced nothing yet."""
    platform.parts["review"].database.run(lambda c: c.execute(tables.outbox.delete()))
    return platform


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def relay(platform: Platform, bus: Bus) -> Relay:
    parts = platform.parts["review"]
    return Relay(parts.database, parts.clock, bus, "first")


def announce(platform: Platform, *subjects: str) -> None:
    def work(uow: UnitOfWork) -> None:
        for subject in subjects:
            uow.emit(Event(TYPE, subject, {}))

    platform.parts["review"].tick(work)


def outbox(platform: Platform) -> list[Any]:
    return table(platform, "review", "outbox")


def drain(relay: Relay) -> None:
    while relay.run_once():
        pass


def test_each_subject_counts_its_events_without_gaps(platform: Platform) -> None:
    announce(platform, "a", "b", "a")
    announce(platform, "a", "b")
    sequences = [(row.subject, row.sequence) for row in outbox(platform)]
    assert sequences == [("a", 1), ("b", 1), ("a", 2), ("a", 3), ("b", 2)]


def test_an_event_leaves_only_with_its_transaction(platform: Platform, relay: Relay) -> None:
    def work(uow: UnitOfWork) -> None:
        uow.emit(Event(TYPE, "a", {}))
        raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError):
        platform.parts["review"].tick(work)
    assert outbox(platform) == []
    assert relay.run_once() == 0
    announce(platform, "a")
    assert outbox(platform)[0].sequence == 1


def test_subjects_are_sent_in_order(platform: Platform, relay: Relay, bus: Bus) -> None:
    announce(platform, "a", "b", "a", "b", "a")
    drain(relay)
    written = [(row.subject, row.event_id) for row in outbox(platform)]
    assert bus.sent == written
    assert relay.run_once() == 0


def test_a_failing_row_holds_back_its_own_subject_only(
    platform: Platform, relay: Relay, bus: Bus
) -> None:
    announce(platform, "a", "b")
    bus.refusing = {"a"}
    drain(relay)
    announce(platform, "a", "b")
    bus.refusing = set()
    drain(relay)
    assert [subject for subject, _ in bus.sent] == ["b", "b"]
    platform.now += timedelta(seconds=1)
    drain(relay)
    assert [subject for subject, _ in bus.sent] == ["b", "b", "a", "a"]
    ids = [row.event_id for row in outbox(platform) if row.subject == "a"]
    assert [event_id for subject, event_id in bus.sent if subject == "a"] == ids


def test_rows_of_one_batch_keep_their_order_when_the_first_fails(
    platform: Platform, relay: Relay, bus: Bus
) -> None:
    announce(platform, "a", "a")
    first = outbox(platform)[0].event_id

    class Picky(Bus):
        def publish(self, batch: Sequence[Outgoing]) -> dict[str, str]:
            self.sent += [(row.subject, row.event_id) for row in batch if row.event_id != first]
            return {first: "refused"}

    parts = platform.parts["review"]
    picky = Picky()
    Relay(parts.database, parts.clock, picky, "first").run_once()
    platform.now += timedelta(seconds=1)
    drain(relay)
    order = [event_id for _, event_id in picky.sent + bus.sent]
    assert order == [row.event_id for row in outbox(platform)]


def test_a_row_is_set_aside_after_the_last_attempt(
    platform: Platform, relay: Relay, bus: Bus
) -> None:
    announce(platform, "a")
    bus.refusing = {"a"}
    for _ in range(ATTEMPTS):
        assert relay.run_once() == 0
        platform.now += timedelta(minutes=5)
    (row,) = outbox(platform)
    assert (row.attempts, row.published_at, row.last_error) == (ATTEMPTS, None, "no queue")
    assert row.parked_at is not None
    announce(platform, "a", "b")
    bus.refusing = set()
    drain(relay)
    assert [subject for subject, _ in bus.sent] == ["b"]


def test_a_broker_that_is_away_loses_nothing(platform: Platform, relay: Relay, bus: Bus) -> None:
    announce(platform, "a")
    bus.down = True
    with pytest.raises(ConnectionError):
        relay.run_once()
    assert outbox(platform)[0].attempts == 0
    bus.down = False
    drain(relay)
    assert len(bus.sent) == 1


def test_one_relay_at_a_time(platform: Platform, relay: Relay, bus: Bus) -> None:
    parts = platform.parts["review"]
    second = Relay(parts.database, parts.clock, bus, "second")
    announce(platform, "a")
    assert relay.run_once() == 1
    announce(platform, "b")
    assert second.run_once() == 0
    platform.now += LEASE - timedelta(seconds=1)
    assert relay.run_once() == 1
    announce(platform, "c")
    platform.now += LEASE
    assert second.run_once() == 1
    announce(platform, "d")
    assert relay.run_once() == 0


def test_a_replay_sends_again_under_the_same_ids(
    platform: Platform, relay: Relay, bus: Bus
) -> None:
    announce(platform, "a")
    drain(relay)
    platform.now += timedelta(hours=1)
    announce(platform, "b")
    drain(relay)
    assert relay.replay(platform.now) == 1
    drain(relay)
    assert [subject for subject, _ in bus.sent] == ["a", "b", "b"]
    assert len(set(bus.sent)) == 2


def test_pruning_never_removes_what_was_not_sent(
    platform: Platform, relay: Relay, bus: Bus
) -> None:
    announce(platform, "sent", "refused")
    bus.refusing = {"refused"}
    drain(relay)
    platform.now += OUTBOX_KEPT
    relay.prune()
    assert [row.subject for row in outbox(platform)] == ["sent", "refused"]
    platform.now += timedelta(seconds=1)
    relay.prune()
    assert [row.subject for row in outbox(platform)] == ["refused"]
    announce(platform, "sent")
    assert outbox(platform)[-1].sequence == 2


def test_publishing_and_peers_are_not_called_inside_a_transaction(
    platform: Platform, relay: Relay
) -> None:
    def publish(_: sa.Connection) -> None:
        relay.run_once()

    def call(_: sa.Connection) -> None:
        call_peer(None, None, metadata=(), timeout=1.0)  # type: ignore[arg-type]

    database = platform.parts["review"].database
    for work in (publish, call, lambda _: database.run(lambda _: None)):
        with pytest.raises(RuntimeError, match="inside a"):
            database.run(work)
    with database.read(), pytest.raises(RuntimeError, match="inside a"):
        forbid_io("a call")
    forbid_io("a call")
