"""The pieces that names are found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.domain.features import ALWAYS, features, near_enough, rarest_first, worth
from services.customers.domain.names import parse

ANY_TEXT = st.text(st.characters(codec=None), max_size=200)


def shared(one: str, other: str) -> int:
    return len(features(parse(one)) & features(parse(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("成都蓝海科技有限公司", "蓝海科技"),
        ("成都蓝海有限公司", "成都兰海有限公司"),
        ("成都蓝海科技有限公司", "成都蓝河科技有限公司"),
        ("四川第一建筑公司", "四川第1建筑公司"),
        ("南京银行股份有限公司", "南京银行苏州分行"),
        ("Central Chief Limited", "Chief Central (Hong Kong) Limited"),
        ("蓝", "成都蓝海科技有限公司"),
        ("*ST全新", "深圳市全新好股份有限公司"),
        ("国农科技", "深圳中国农大科技股份有限公司"),
    ],
)
def test_alike_names_share_pieces(one: str, other: str) -> None:
    assert shared(one, other) >= 1


def test_others_share_only_what_is_common() -> None:
    assert shared("成都蓝海科技有限公司", "成都红山餐饮有限公司") == 1
    assert shared("蓝海科技", "红山餐饮") == 0


def test_the_stored_pieces_do_not_change() -> None:
    found = sorted(features(parse("蓝海")))
    pair, start, sound = 1 << 60, 2 << 60, 4 << 60
    lan = (12 << 10) | (1 << 5) | 14
    hai = (8 << 10) | (1 << 5) | 9
    assert found == [
        pair | ord("蓝") << 21 | ord("海"),
        start | ord("蓝"),
        start | ord("蓝") << 21 | ord("海"),
        sound | lan << 30 | hai,
    ]


@given(ANY_TEXT)
def test_every_text_has_pieces_that_fit_a_column(text: str) -> None:
    found = features(parse(text))
    assert all(0 < piece < 1 << 63 for piece in found)
    assert len(found) <= 600


def test_pieces_are_taken_from_the_rarest_on_within_the_budget() -> None:
    assert rarest_first({1: 100, 2: 3, 3: 0, 4: 5}, 100) == [2, 4]
    assert rarest_first({1: 92, 2: 3, 4: 5}, 100) == [2, 4, 1]
    assert rarest_first({1: 101, 2: 102}, 100) == [1]
    assert rarest_first({3: 0}, 100) == []


def test_some_names_are_weighed_always_and_more_when_they_share_enough() -> None:
    assert near_enough([]) == 0
    assert near_enough([100.0] + [1.0] * 20) == ALWAYS
    assert near_enough([100.0] + [40.0] * 20 + [1.0]) == 21


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_rarer_pieces_are_worth_more(one: int, other: int) -> None:
    assert (worth(one) > worth(other)) == (one < other)
    assert worth(one) > 0
