"""A follow-up and the closing of a customer's book on PostgreSQL: seen, or later (I4)."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from crm.activity.v1 import follow_ups_pb2 as a
from crm.activity.v1.follow_ups_pb2_grpc import ActivityServiceStub, FollowUpServiceStub

from chassis.identity import PEER_METADATA, system
from services.activity.store.tables import custody, customer_activity, follow_up
from tests.platform import MONDAY, SERVICES, haixin
from tests.system.plugin import NewDatabase
from tests.system.test_concurrency import OnPostgres, at_once, make_tables

DUE = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
"""The end of Monday 2026-03-09 in Shanghai: the end of the fifth working day."""
MILLISECOND = timedelta(milliseconds=1)
CUSTOMERS = 24


class Running(OnPostgres):
    """A platform whose clock runs from a moment, or stands where a test puts it."""

    standing: datetime | None = MONDAY
    began = 0.0

    @property
    def now(self) -> datetime:
        """What the services' clocks say."""
        if self.standing:
            return self.standing
        return MONDAY + timedelta(seconds=time.monotonic() - self.began)

    @now.setter
    def now(self, moment: datetime) -> None:
        self.standing = moment

    def run_clock(self) -> None:
        """Let the clock run."""
        self.began, self.standing = time.monotonic(), None

    def record(
        self, customer_id: str, content: str = "今天上门拜访了人事经理谈了续约的事情"
    ) -> Any:
        """Record a follow-up by its holder."""
        channel: Any = self.channel("activity")
        request = a.RecordFollowUpRequest(
            customer_id=customer_id, kind=a.FOLLOW_UP_KIND_CALL, title="回访", content=content
        )
        method = FollowUpServiceStub(channel).RecordFollowUp
        return self.call(method, request, "rep0").follow_up

    def settle_until(self, until: datetime, *customer_ids: str) -> dict[str, datetime]:
        """Close books as ownership does."""
        channel: Any = self.channel("activity")
        request = a.SettleFollowUpsRequest()
        for customer_id in customer_ids:
            request.windows.add(customer_id=customer_id).until_time.FromDatetime(until)
        signer = self.peers("ownership").signer
        assert signer
        token = signer.sign(system("ownership"), self.now, timedelta(minutes=1))
        metadata = [("authorization", f"Bearer {token}"), (PEER_METADATA, token)]
        answer = ActivityServiceStub(channel).SettleFollowUps(request, metadata=metadata)
        return {
            one.customer_id: one.last_valid_time.ToDatetime(tzinfo=UTC)
            for one in answer.results
            if one.HasField("last_valid_time")
        }


@pytest.fixture
def platform(postgres_url: NewDatabase) -> Iterator[Running]:
    urls = {service.name: postgres_url(service.name, make_tables) for service in SERVICES}
    platform = Running(urls=urls)
    platform.apply(haixin())
    platform.hire("rep0", "李雷")
    held = {"location": "private_library", "holder_id": "rep0", "sequence": 1}
    rows = [held | {"customer_id": f"c{number}"} for number in range(CUSTOMERS)]
    with platform.parts["activity"].database.engine.begin() as connection:
        connection.execute(custody.insert(), rows)
    yield platform
    for parts in platform.parts.values():
        parts.database.close()


@pytest.mark.parametrize(
    "at, seen",
    [(DUE - MILLISECOND, True), (DUE, False), (DUE + MILLISECOND, False)],
    ids=["1 ms before", "at", "1 ms after"],
)
def test_the_deadline_is_half_open(platform: Running, at: datetime, seen: bool) -> None:
    platform.now = at
    platform.record("c0")
    platform.now = DUE + timedelta(minutes=5)
    assert platform.settle_until(DUE, "c0") == ({"c0": at} if seen else {})


def test_a_follow_up_under_way_is_seen_or_later(platform: Running) -> None:
    platform.run_clock()
    ids = [f"c{number}" for number in range(CUSTOMERS)]
    works = [partial(platform.record, one) for one in ids]
    for first in range(0, CUSTOMERS, 4):
        until = platform.now
        some = ids[first : first + 4]
        settles = [partial(settle_now, platform, some), partial(settle_now, platform, some[::-1])]
        outcomes = at_once([*works[first : first + 4], *settles])
        for recorded in outcomes[:4]:
            when = recorded.record_time.ToDatetime(tzinfo=UTC)
            assert when >= until
            for closed, found in outcomes[4:]:
                assert (when < closed) == (found.get(recorded.customer_id) == when)
    books = platform.rows("activity", sa.select(customer_activity))
    latest = {
        row.customer_id: row.recorded_at for row in platform.rows("activity", sa.select(follow_up))
    }
    assert {row.customer_id: row.last_valid_at for row in books} == latest


def settle_now(platform: Running, customer_ids: list[str]) -> tuple[datetime, dict[str, datetime]]:
    until = platform.now
    return until, platform.settle_until(until, *customer_ids)


def test_two_of_the_same_content_at_once_are_one_valid_follow_up(platform: Running) -> None:
    outcomes = at_once([partial(platform.record, "c0")] * 6)
    assert sorted(found.valid for found in outcomes) == [False] * 5 + [True]


def test_a_closed_book_stays_closed(platform: Running) -> None:
    platform.now = DUE
    assert platform.settle_until(DUE, "c0") == {}
    platform.settle_until(DUE - timedelta(days=3), "c0")
    (book,) = platform.rows("activity", sa.select(customer_activity))
    assert book.settled_until == DUE
