"""What violations lead to, and the words of notices."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from chassis.kernel import Sentence
from services.activity.domain.conduct import counting, crossed, standing
from services.activity.domain.conduct_rules import ViolationRules
from services.activity.domain.notices import due_date, fill
from services.activity.domain.policy import ActivityPolicy
from services.activity.domain.task_rules import Notice
from tests.platform import haixin

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def rules() -> ViolationRules:
    section = haixin().sections["activity"].rules
    return ActivityPolicy.model_validate(section).conduct.violations


@pytest.mark.parametrize(
    "count, status, blocked",
    [
        (0, "none", False),
        (1, "none", False),
        (2, "malicious", False),
        (3, "dismissal_proposed", True),
        (4, "dismissal_proposed", True),
    ],
)
def test_where_so_many_violations_lead(count: int, status: str, blocked: bool) -> None:
    found = standing(count, rules().steps)
    assert (found.count, found.status, found.claims_blocked) == (count, status, blocked)


@pytest.mark.parametrize(
    "before, after, at",
    [(0, 1, []), (1, 2, [2]), (2, 3, [3]), (3, 4, []), (3, 1, [2, 3]), (2, 2, []), (0, 3, [2, 3])],
)
def test_which_steps_lie_between(before: int, after: int, at: list[int]) -> None:
    assert [step.at.value for step in crossed(rules().steps, before, after)] == at


@pytest.mark.parametrize("window, count", [(0, 3), (1, 1), (30, 2), (400, 3)])
def test_what_counts_within_the_window(window: int, count: int) -> None:
    moments = [NOW - timedelta(days=days) for days in (365, 10, 0)]
    assert counting(moments, NOW, window) == count


def test_a_violation_leaves_the_window_when_it_has_passed() -> None:
    assert counting([NOW - timedelta(days=30)], NOW, 30) == 0


def test_steps_come_in_order() -> None:
    data = haixin().sections["activity"].rules["conduct"]["violations"]
    with pytest.raises(ValidationError, match="each later"):
        ViolationRules.model_validate(data | {"steps": data["steps"][::-1]})


@pytest.mark.parametrize(
    "changes, says",
    [
        ({"zh": "{salary}"}, "no such figures: salary"),
        ({"to": "named"}, "names it"),
        ({"role": "manager"}, "names it"),
    ],
)
def test_a_notice_that_cannot_be_given(changes: dict[str, str], says: str) -> None:
    notice = {"clauses": ["H-4.4"], "zh": "一", "en": "One", "kind": "told"}
    assert Notice.model_validate(notice)
    with pytest.raises(ValidationError, match=says):
        Notice.model_validate(notice | changes)


def test_what_an_event_does_not_state_is_left_empty() -> None:
    said = fill(Sentence("“{full_name}”{note}", "'{full_name}' {note}"), {"full_name": "蓝海"})
    assert said == Sentence("“蓝海”", "'蓝海' ")


@pytest.mark.parametrize(
    "moment, text",
    [
        ("2026-03-09T16:00:00+00:00", "2026-03-09 24:00"),
        ("2026-03-09T15:59:00+00:00", "2026-03-09 23:59"),
        ("2026-03-10T04:00:00+00:00", "2026-03-10 12:00"),
    ],
)
def test_a_deadline_at_midnight_is_the_end_of_the_day_before(moment: str, text: str) -> None:
    assert due_date(datetime.fromisoformat(moment), "Asia/Shanghai") == text
