"""Which steps a case takes, what they ask, and what a case type may not say."""

from typing import Any

import pytest
from pydantic import ValidationError

from chassis.kernel import Refused
from services.review.domain.answers import check_answers
from services.review.domain.policy import CaseType, ReviewPolicy, Step
from tests.platform import haixin

SAY = {"clauses": ("H-6.3d",), "zh": "规则", "en": "rule"}


def policy() -> ReviewPolicy:
    return ReviewPolicy.model_validate(haixin().sections["review"].rules)


@pytest.mark.parametrize(
    ("case_type", "outcome", "roles"),
    [
        ("new_customer", "", ["customer_service"]),
        ("release", "", ["supervisor"]),
        ("reallocation", "", ["manager", "sales_manager", "general_manager"]),
        ("performance_dispute", "holder", ["customer_service", "sales_manager"]),
        ("performance_dispute", "unfollowed", ["general_manager"]),
        ("duplicate_dispute", "holder", ["customer_service"]),
        ("appeal", "overturned", ["general_manager"]),
        ("dismissal", "", ["hr"]),
    ],
)
def test_the_steps_of_the_haixin_rules(case_type: str, outcome: str, roles: list[str]) -> None:
    steps = policy().case_types[case_type].steps_for(outcome)
    assert [step.by.role for step in steps] == roles


def test_the_last_of_a_chain_acts_for_itself() -> None:
    steps = policy().case_types["reallocation"].all_steps
    assert [step.own_act for step in steps] == [False, False, True]


ASKING = Step(role="boss", asks=({**SAY, "name": "winner_id", "most": 5},), **SAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("approve", "answers", "given"),
    [
        (True, {"winner_id": "wang"}, {"winner_id": "wang"}),
        (True, {"winner_id": "  wang "}, {"winner_id": "wang"}),
        (False, {}, {}),
    ],
)
def test_answers_are_kept_trimmed(
    approve: bool, answers: dict[str, str], given: dict[str, str]
) -> None:
    assert check_answers(ASKING, approve, answers) == given


@pytest.mark.parametrize(
    ("approve", "answers", "reason"),
    [
        (True, {}, "ANSWERS_MISSING"),
        (True, {"winner_id": "   "}, "ANSWERS_MISSING"),
        (True, {"winner_id": "wang", "other": "x"}, "ANSWERS_UNKNOWN"),
        (True, {"winner_id": "longer"}, "ANSWER_TOO_LONG"),
        (False, {"other": "x"}, "ANSWERS_UNKNOWN"),
    ],
)
def test_answers_are_held_to_what_is_asked(
    approve: bool, answers: dict[str, str], reason: str
) -> None:
    with pytest.raises(Refused) as told:
        check_answers(ASKING, approve, answers)
    assert (told.value.reason, told.value.clause) == (reason, "H-6.3d")


STEP = {**SAY, "role": "boss"}
NEEDED = {**SAY, "name": "p", "unit": "bool", "value": True}
CHAIN = {**SAY, "name": "p", "unit": "roles", "value": ["a", "b"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"flow": "ruling", "steps": [STEP]},
        {"flow": "register", "steps": [STEP]},
        {
            "flow": "register",
            "opened_by": "crm.ownership.dispute.proposed.v1",
            "steps": [STEP],
        },
        {"flow": "ruling", "opened_by": "crm.unknown.thing.done.v1", "steps": [STEP]},
        {"flow": "ruling", "opened_by": "crm.ownership.dispute.proposed.v1"},
        {
            "flow": "ruling",
            "opened_by": "crm.ownership.dispute.proposed.v1",
            "steps": [STEP],
            "chain": CHAIN,
        },
        {
            "flow": "ruling",
            "opened_by": "crm.ownership.dispute.proposed.v1",
            "steps": [{**STEP, "when": "outcome > 3"}],
        },
    ],
)
def test_a_contradictory_case_type_is_no_policy(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CaseType.model_validate({**SAY, "reason_on_reject": NEEDED, **wrong})
