"""Every event is known to change something that people look at, or nothing, and for whom."""

import json
from typing import Any

import pytest

from chassis.permissions import named_permissions
from cli.event_catalogue import EXAMPLES
from services.gateway.domain.topics import (
    CONCERNS,
    READERS,
    TOPICS,
    UNSEEN,
    hints_of,
    topics_read,
)
from tests.platform import SERVICES, haixin


def data_of(event_type: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((EXAMPLES / f"{event_type}.json").read_text())["data"]
    return data


def test_every_event_is_either_hinted_at_or_known_to_be_unseen() -> None:
    announced = set().union(*(service.emits for service in SERVICES))
    assert CONCERNS.keys() | UNSEEN == announced
    assert not CONCERNS.keys() & UNSEEN


def test_every_topic_is_hinted_at() -> None:
    assert {one.topic for concerns in CONCERNS.values() for one in concerns} == set(TOPICS)


@pytest.mark.parametrize("event_type", sorted(CONCERNS))
def test_a_hint_names_fields_that_the_event_has(event_type: str) -> None:
    data = data_of(event_type)

    def reaches(value: Any, path: str) -> bool:
        if isinstance(value, list):
            return any(reaches(item, path) for item in value)
        name, _, rest = path.partition(".")
        if not path:
            return isinstance(value, str)
        return isinstance(value, dict) and name in value and reaches(value[name], rest)

    for concern in CONCERNS[event_type]:
        for path in (concern.subject, *concern.people, *concern.roles):
            assert not path or reaches(data, path), path


@pytest.mark.parametrize("event_type", sorted(CONCERNS))
def test_a_hint_reaches_somebody(event_type: str) -> None:
    for hint in hints_of(event_type, data_of(event_type)):
        assert hint.people or hint.roles or hint.everyone or READERS.get(hint.topic), hint


def test_permissions_that_open_topics_exist() -> None:
    sections = haixin().sections
    known = {
        (service.name, name)
        for service in SERVICES
        for name, _ in named_permissions(
            service.policy.model_validate(sections[service.name].rules)
        )
    }
    assert set().union(*READERS.values()) <= known


def test_who_is_told_of_a_case() -> None:
    (hint,) = hints_of("crm.review.case.opened.v1", data_of("crm.review.case.opened.v1"))
    assert (hint.topic, hint.people, hint.roles) == ("cases", {"wang"}, {"customer_service"})
    assert hint.subject_id == "9da7270f-971f-5f06-a9ca-f57adf4cb6c8"


def test_holder_old_and_new_are_told_of_a_transfer_and_the_pool_of_nobody() -> None:
    data = {"customer_id": "c1", "holder_id": "li", "from_holder_id": "wang"}
    held, pool, task = hints_of("crm.ownership.holding.granted.v1", data)
    assert (held.subject_id, held.people) == ("c1", {"li", "wang"})
    assert (pool.topic, pool.subject_id, pool.people) == ("pool", "", frozenset())
    assert (task.topic, task.people) == ("tasks", {"li"})


def test_many_deadlines_make_one_hint_of_a_topic_for_all_whom_they_bind() -> None:
    entries = [
        {"subject_id": f"c{n}", "party_id": party} for n, party in enumerate(["li", "", "li", "wu"])
    ]
    hints = hints_of("crm.scheduler.clocks.armed.v1", {"entries": entries})
    assert [hint.topic for hint in hints] == ["holdings", "tasks"]
    for hint in hints:
        assert (hint.subject_id, hint.people) == ("", {"li", "wu"})


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"case_id": None, "applicant_id": 5, "role": ["x", 1, None]},
        {"case_id": "x" * 5000, "applicant_id": {"a": "b"}, "role": ""},
    ],
)
def test_an_event_that_lacks_a_field_does_no_harm(data: dict[str, Any]) -> None:
    (hint,) = hints_of("crm.review.case.opened.v1", data)
    assert hint.people == frozenset()
    assert len(hint.subject_id) <= 64


def test_permissions_open_topics() -> None:
    held = frozenset({("ownership", "pool.list"), ("review", "pool.list")})
    assert topics_read(held) == {"pool"}
    assert topics_read(frozenset()) == frozenset()
