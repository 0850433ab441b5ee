"""How often one may ask. The clock is the test's."""

from collections.abc import Iterator

import limits.aio.storage.memory
import limits.aio.strategies
import pytest

from services.gateway.rates import network
from tests.service.gateway.running import Gateway, running_gateway


@pytest.fixture
def slow(
    descriptor_set: bytes, echo_address: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Gateway]:
    """A gateway with low limits."""
    with running_gateway(
        descriptor_set,
        {"echo": echo_address},
        request_rate="5/minute",
        sign_in_rate_per_username="3/minute",
        sign_in_rate_per_address="6/hour",
    ) as one:
        monkeypatch.setattr(limits.aio.storage.memory, "time", one.clock)
        monkeypatch.setattr(limits.aio.strategies, "time", one.clock)
        yield one


def test_a_caller_who_asks_too_often_is_told_when_to_come_back(slow: Gateway) -> None:
    def ask(staff_id: str) -> int:
        return slow.http.get("/v1/books/7", headers=slow.bearer(staff_id=staff_id)).status_code

    assert [ask("s1") for _ in range(6)] == [200] * 5 + [429]
    assert ask("s2") == 200
    answer = slow.http.get("/v1/books/7", headers=slow.bearer(staff_id="s1"))
    assert answer.json()["reason"] == "TOO_MANY_REQUESTS"
    seconds = int(answer.headers["retry-after"])
    assert 1 <= seconds <= 60
    assert answer.json()["figures"] == {"retry_seconds": str(seconds)}
    slow.clock.move(seconds=120)
    assert ask("s1") == 200


def test_callers_without_a_token_share_their_address(slow: Gateway) -> None:
    statuses = [slow.http.get("/v1/me").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert slow.http.get("/v1/me", headers=slow.bearer()).status_code == 200
    assert slow.http.get("/healthz/live").status_code == 200


def test_guessing_one_password_is_stopped_even_for_the_right_one(slow: Gateway) -> None:
    slow.add("alice", "s1")
    assert [slow.login("alice", f"guess {n}").status_code for n in range(4)] == [401] * 3 + [429]
    answer = slow.login("ALICE")
    assert (answer.status_code, answer.json()["reason"]) == (429, "TOO_MANY_ATTEMPTS")
    slow.clock.move(minutes=3)
    assert slow.login("alice").status_code == 200


def test_the_right_password_clears_the_count(slow: Gateway) -> None:
    slow.add("alice", "s1")
    assert slow.login("alice", "guess").status_code == 401
    assert slow.login("alice", "guess").status_code == 401
    assert slow.login("alice").status_code == 200
    assert slow.login("alice", "guess").status_code == 401


def test_guessing_many_names_from_one_address_is_stopped(slow: Gateway) -> None:
    statuses = []
    for number in range(7):
        statuses.append(slow.login(f"user{number}").status_code)
        slow.clock.move(seconds=70)
    assert statuses == [401] * 6 + [429]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(address: str, expected: str) -> None:
    assert network(address) == expected
