"""The release mark in the mnemonic."""

from datetime import date

import pytest

from chassis.kernel import Refused
from services.customers.domain.release_mark import ReleaseMark, read_mark
from tests.unit.customers.policy_example import haixin

TODAY = date(2009, 4, 13)
RULE = haixin().release_mark.mnemonic_format


@pytest.mark.parametrize("text", ["20090413删除", " 20090413 删除 ", "２００９０４１３刪除"])
def test_todays_mark_asks_for_release(text: str) -> None:
    assert read_mark(text, TODAY, RULE) == ReleaseMark(TODAY, "20090413删除")


@pytest.mark.parametrize("text", ["", "老客户", "删除", "待删除客户", "20090413", "重点2009"])
def test_an_ordinary_mnemonic_is_none(text: str) -> None:
    assert read_mark(text, TODAY, RULE) is None


@pytest.mark.parametrize(
    "text",
    [
        "20091332删除",
        "20090412删除",
        "20090414删除",
        "2009-04-13删除",
        "0413删除",
        "2009年4月13日删除",
    ],
)
def test_another_date_is_refused_as_a_release_mark(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_mark(text, TODAY, RULE)
    assert refused.value.clause == "H-6.7b"
    assert refused.value.figures["expected"] == "20090413删除"
