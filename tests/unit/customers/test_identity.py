"""The identity key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.domain.identity import MAX_KEY, identity_key
from tests.unit.customers.policy_example import haixin

PICC = "中国人民保险集团有限公司"
INSURANCE = "insurance_individual"


def key(name: str, kind: str = "general", contact: str = "") -> str:
    return identity_key(name, kind, contact, haixin().identity)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("蓝海（成都）科技有限公司",), ("蓝海(成都) 科技有限公司",)),
        (("成都藍海科技有限公司",), ("成都蓝海科技有限公司",)),
        (("深圳市纺织（集团）股份有限公司",), ("深圳市纺织集团股份有限公司",)),
        ((f"{PICC}（代春燕）", INSURANCE), (PICC, INSURANCE, "代 春燕")),
        ((f"{PICC}（代春燕）", INSURANCE), (f"{PICC}(代春燕)", INSURANCE, "代春燕")),
        (("华夏证劵天仙桥营业部", "securities"), ("华夏证券天仙桥营业部",)),
    ],
)
def test_same_customer(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert key(*one) == key(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("成都蓝海科技有限公司",), ("成都蓝海科技有限责任公司",)),
        (("成都蓝海科技有限公司",), ("绵阳蓝海科技有限公司",)),
        ((f"{PICC}（代春燕）", INSURANCE), (f"{PICC}（李四）", INSURANCE)),
        (("华夏证券天仙桥营业部", "securities"), ("华夏证券春熙路营业部", "securities")),
    ],
)
def test_other_customer(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert key(*one) != key(*other)


def test_the_stored_form_does_not_change() -> None:
    assert key("成都蓝海科技有限公司") == "name 成都蓝海科技有限公司"
    assert key(f"{PICC}（代春燕）", INSURANCE) == f"organisation+contact {PICC} 代春燕"


@given(st.text(st.characters(codec=None)), st.sampled_from(["general", INSURANCE, "?"]))
def test_every_text_has_a_key_of_bounded_length(name: str, kind: str) -> None:
    assert len(key(name, kind, name)) <= MAX_KEY


def test_long_names_stay_distinct() -> None:
    assert key("蓝" * 900) != key("蓝" * 901)
    assert len(key("蓝" * 900)) == MAX_KEY
