"""Which customer a lead is about, as its duplicate check tells."""

from typing import Any

import pytest

from chassis.kernel import Refused
from chassis.rules import Rule
from services.ownership.domain.lead_choice import Check, Hit, choose

RULE = Rule(clauses=("H-4.1a",), zh="先查重。", en="Check first.")
SAME, LIKELY, SIMILAR = Hit("s", "same"), Hit("l", "likely"), Hit("m", "similar")
UNDER_REVIEW = Hit("", "same")

TABLE: list[tuple[str, list[Hit], dict[str, Any], str]] = [
    ("nothing found", [], {}, ""),
    ("similar is nothing", [SIMILAR], {}, ""),
    ("a similar one chosen", [SIMILAR], {"customer_id": "m"}, "m"),
    ("the same", [LIKELY, SAME], {}, "s"),
    ("the same, and said so", [SAME], {"customer_id": "s"}, "s"),
    ("the same, but another said", [LIKELY, SAME], {"customer_id": "l"}, "LEAD_NOT_A_HIT"),
    ("the same, but denied", [SAME], {"not_listed": True}, "LEAD_NOT_A_HIT"),
    ("likely, undecided", [LIKELY], {}, "LEAD_HIT_OPEN"),
    ("likely, decided", [LIKELY], {"customer_id": "l"}, "l"),
    ("likely, but none of them", [LIKELY], {"not_listed": True}, ""),
    ("chosen and none at once", [LIKELY], {"customer_id": "l", "not_listed": True},
     "LEAD_NOT_A_HIT"),
    ("not a hit", [LIKELY], {"customer_id": "x"}, "LEAD_NOT_A_HIT"),
    ("new and under review", [UNDER_REVIEW], {}, "CUSTOMER_IN_CASE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("hits", "said", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_which_customer(hits: list[Hit], said: dict[str, Any], wanted: str) -> None:
    check = Check("zhou", "成都蓝海科技有限公司", hits)
    arguments = {"customer_id": "", "not_listed": False} | said
    try:
        found = choose("成都蓝海科技有限公司 ", "zhou", check, rule=RULE, **arguments)
    except Refused as refused:
        found = refused.reason
    assert found == wanted
