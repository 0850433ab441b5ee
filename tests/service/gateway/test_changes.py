"""Hints that something changed: who gets which, and what happens when somebody was away."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.db import Database
from chassis.events import encode
from chassis.identity import system
from chassis.kernel import Event
from services.gateway.api import build_app
from services.gateway.app import changes
from services.gateway.domain.topics import TOPICS
from services.gateway.parts import GATEWAY
from tests.service.gateway.running import Gateway, assemble_over, running_gateway, serving

GRANTED = "crm.ownership.holding.granted.v1"
QUICK = {"change_poll_seconds": 0.01, "stream_keep_alive_seconds": 0.05}


class Stream:
    """A client that reads the stream as browsers do."""

    def __init__(self, answer: httpx.Response, last_id: str) -> None:
        self._lines = answer.iter_lines()
        self.last_id = last_id
        self.first: list[tuple[str, str]] = []
        """What was told at once."""

    def events(self) -> Iterator[tuple[str, str]]:
        data = ""
        for line in self._lines:
            name, _, value = line.partition(": ")
            if name == "data":
                data = value
            elif name == "id":
                self.last_id = value
            elif not line and data:
                hint = json.loads(data)
                assert hint.keys() == {"topic", "subject_id"}
                yield hint["topic"], hint["subject_id"]
                data = ""

    def until(self, *wanted: tuple[str, str]) -> list[tuple[str, str]]:
        """Return the hints up to the first time that all of these have come."""
        told, self.first = self.first, []
        if set(wanted) <= set(told):
            return told
        for hint in self.events():
            told.append(hint)
            if set(wanted) <= set(told):
                break
        return told

    def kept_alive(self) -> bool:
        return any(line.startswith(":") for line in self._lines)

    def ended(self) -> bool:
        return list(self.events()) == []


@contextmanager
def stream(
    gateway: Gateway, staff_id: str, *roles: str, since: str = "", url: str = "", **headers: str
) -> Iterator[Stream]:
    """Open a stream and wait until it has begun."""
    given = {**gateway.bearer(*roles, staff_id=staff_id), **headers}
    given |= {"last-event-id": since} if since else {}
    with gateway.http.stream("GET", f"{url}/v1/changes", headers=given) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        one = Stream(answer, since)
        one.first = one.until(("", ""))[:-1]
        yield one


def happen(gateway: Gateway, event_type: str, subject: str, **data: Any) -> bytes:
    """Hand an event to the gateway's worker."""
    body = encode(
        Event(event_type, subject, data),
        event_id=str(uuid4()),
        service=event_type.split(".")[1],
        sequence=1,
        time=gateway.clock(),
        correlation_id="x",
        causation_id="x",
        trace_parent="",
        actor=system("test"),
    ).encode()
    assemble_over(gateway.database, gateway.clock).inbox().receive(body)
    return body


def grant(gateway: Gateway, customer_id: str, holder_id: str, from_holder_id: str = "") -> bytes:
    data = {"customer_id": customer_id, "holder_id": holder_id, "from_holder_id": from_holder_id}
    return happen(gateway, GRANTED, customer_id, **data)


@pytest.fixture
def live(descriptor_set: bytes) -> Iterator[Gateway]:
    with running_gateway(descriptor_set, {}, **QUICK) as one:
        yield one


def test_whom_an_event_names_is_told_and_nobody_else(live: Gateway) -> None:
    with stream(live, "li") as li, stream(live, "wang") as wang, stream(live, "wu") as wu:
        grant(live, "c1", "li", "wang")
        grant(live, "c2", "wu")
        assert li.until(("holdings", "c1"), ("tasks", "")) == [("holdings", "c1"), ("tasks", "")]
        assert wang.until(("holdings", "c1")) == [("holdings", "c1")]
        assert ("holdings", "c1") not in wu.until(("holdings", "c2"))


def test_who_reads_a_topic_is_told_without_an_id(live: Gateway) -> None:
    live.permissions.of["sun"] = {"library.readers", "pool.list"}
    with stream(live, "sun") as sun, stream(live, "wu") as wu:
        grant(live, "c1", "li")
        assert sorted(sun.until(("holdings", ""), ("pool", ""))) == [("holdings", ""), ("pool", "")]
        grant(live, "c2", "wu")
        own = [("holdings", "c2"), ("tasks", "")]
        assert sorted(wu.until(*own)) == own


def test_reviewers_are_told_by_the_role_that_the_event_names(live: Gateway) -> None:
    case = {"case_id": "k1", "applicant_id": "li", "role": "customer_service"}
    with (
        stream(live, "zhou", "customer_service") as zhou,
        stream(live, "li", "sales_rep") as li,
        stream(live, "wu", "sales_rep") as wu,
    ):
        happen(live, "crm.review.case.opened.v1", "k1", **case)
        grant(live, "c9", "wu")
        assert zhou.until(("cases", "")) == [("cases", "")]
        assert li.until(("cases", "k1")) == [("cases", "k1")]
        assert "cases" not in {topic for topic, _ in wu.until(("holdings", "c9"))}


def test_a_hint_carries_no_data(live: Gateway) -> None:
    case = {"case_id": "k1", "applicant_id": "li", "full_name": "成都蓝海"}
    happen(live, "crm.review.case.opened.v1", "k1", **case, form={"phone": "13800138000"})
    (row,) = changes.after(live.database, 0, 10)
    assert "蓝海" not in str(row)
    assert "138001" not in str(row)


def test_a_repeated_event_is_hinted_at_once(live: Gateway) -> None:
    body = grant(live, "c1", "li")
    inbox = assemble_over(live.database, live.clock).inbox()
    inbox.receive(body)
    inbox.receive_all([body, body])
    assert [row["seq"] for row in changes.after(live.database, 0, 10)] == [1, 2, 3]


def test_every_process_tells_its_own_listeners(live: Gateway) -> None:
    other = Database(str(live.database.engine.url))
    with (
        serving(build_app(replace(live.parts, database=other))) as url,
        stream(live, "li") as here,
        stream(live, "li", url=url) as there,
    ):
        grant(live, "c1", "li")
        assert here.until(("holdings", "c1"))[-1] == ("holdings", "c1")
        assert there.until(("holdings", "c1"))[-1] == ("holdings", "c1")
    other.close()


def test_who_comes_back_is_told_what_was_missed(live: Gateway) -> None:
    with stream(live, "li") as one:
        grant(live, "c1", "li")
        one.until(("holdings", "c1"), ("tasks", ""))
        since = one.last_id
    grant(live, "c2", "li")
    grant(live, "c3", "wu")
    with stream(live, "li", since=since) as again:
        told = again.until(("holdings", "c2"), ("tasks", ""))
        assert sorted(told) == [("holdings", "c2"), ("tasks", "")]
        last = again.last_id
    with stream(live, "li", since=last) as current:
        assert current.first == []
    with stream(live, "li") as new:
        assert new.first == []


def test_who_was_away_for_too_long_is_told_that_everything_may_have_changed(
    live: Gateway,
) -> None:
    grant(live, "c1", "li")
    live.clock.move(days=1, seconds=1)
    grant(live, "c2", "li")
    parts = assemble_over(live.database, live.clock)
    (forget,) = GATEWAY.ticks.values()
    parts.tick(forget)
    kept = changes.after(live.database, 0, 10)
    assert {row["made_at"] for row in kept} == {live.clock()}
    everything = {(topic, "") for topic in TOPICS}
    for since in ("1", "999999"):
        with stream(live, "wu", since=since) as one:
            assert set(one.first) == everything
    with stream(live, "li", since="3") as one:
        assert one.until(("holdings", "c2"))[0] == ("holdings", "c2")


@pytest.mark.parametrize("since", ["-1", "x", "1' OR 1=1", "9" * 30])
def test_a_position_that_is_none_is_taken_for_now(live: Gateway, since: str) -> None:
    with stream(live, "li", since=since) as one:
        grant(live, "c1", "li")
        assert one.until(("holdings", "c1"))[-1] == ("holdings", "c1")


def test_a_stream_without_news_is_kept_alive(live: Gateway) -> None:
    with stream(live, "li") as one:
        assert one.kept_alive()
        grant(live, "c1", "li")
        assert one.until(("holdings", "c1"))[-1] == ("holdings", "c1")


def test_a_stream_ends_with_the_token(live: Gateway) -> None:
    with stream(live, "li") as one:
        live.clock.move(minutes=15)
        assert one.ended()
    assert live.http.get("/v1/changes").json()["reason"] == "UNAUTHENTICATED"


def test_a_process_that_stops_ends_its_streams(live: Gateway) -> None:
    with serving(build_app(live.parts)) as url:
        began = stream(live, "li", url=url)
        one = began.__enter__()
    assert one.ended()
    began.__exit__(None, None, None)


def test_a_person_has_so_many_streams_and_another_after_one_ends(descriptor_set: bytes) -> None:
    with (
        running_gateway(descriptor_set, {}, streams_per_person=2, **QUICK) as live,
        stream(live, "li"),
    ):
        with stream(live, "li"):
            refused = live.http.get("/v1/changes", headers=live.bearer(staff_id="li"))
            assert (refused.status_code, refused.json()["reason"]) == (429, "TOO_MANY_STREAMS")
            assert refused.headers["retry-after"] == "60"
            with stream(live, "wu"):
                pass
        deadline, status = time.monotonic() + 10, 429
        while status == 429 and time.monotonic() < deadline:
            headers = live.bearer(staff_id="li")
            with live.http.stream("GET", "/v1/changes", headers=headers) as answer:
                status = answer.status_code
        assert status == 200


def test_a_service_that_does_not_answer_takes_nothing_from_the_rest(descriptor_set: bytes) -> None:
    nowhere = {"review": "127.0.0.1:1"}
    with running_gateway(descriptor_set, nowhere, **QUICK) as live:
        live.permissions.of["sun"] = {"pool.list"}
        with stream(live, "sun") as sun:
            grant(live, "c1", "li")
            assert sun.until(("pool", "")) == [("pool", "")]


def test_an_access_token_is_needed(live: Gateway) -> None:
    assert live.http.get("/v1/changes").status_code == 401
    assert live.http.get("/v1/changes?access_token=" + live.token()).status_code == 401
    assert live.http.post("/v1/changes", headers=live.bearer()).status_code == 405
    assert live.http.head("/v1/changes", headers=live.bearer()).status_code == 200


def test_changes_are_numbered_without_gaps(live: Gateway) -> None:
    assert changes.newest(live.database) == 0
    for number in range(3):
        grant(live, f"c{number}", "li")
    rows = changes.after(live.database, 0, 100)
    assert [row["seq"] for row in rows] == list(range(1, 10))
    assert changes.newest(live.database) == 9
    assert changes.missed(live.database, 4, 6) == rows[4:6]
    assert changes.missed(live.database, 0, 2000) is None
