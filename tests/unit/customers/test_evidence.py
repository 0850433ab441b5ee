"""What speaks for and against two names being one organisation's."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.customers.domain.evidence import AGAINST, EVIDENCE, FOR, profile, weigh
from services.customers.domain.model import LIKELY, SIMILAR, Model, learnt
from services.customers.domain.names import parse

ANY_TEXT = st.text(st.characters(codec=None), max_size=80)
PARTS = st.floats(0, 1)


def found(one: str, other: str) -> dict[str, float]:
    pair = zip(EVIDENCE, weigh(profile(parse(one)), profile(parse(other))), strict=True)
    return {name: round(value, 2) for name, value in pair if value}


@pytest.mark.parametrize(
    ("one", "other", "name", "value"),
    [
        ("成都蓝海科技有限公司", "蓝海科技（成都）公司", "core", 1),
        ("四川第一建筑", "四川第1建筑", "core", 1),
        ("蓝海科技", "蓝天科技", "core", 0.6),
        ("蓝海科技", "蓝海餐饮", "trade_differs", 1),
        ("蓝海科技", "蓝海投资科技", "trade_differs", 0),
        ("蓝海", "蓝海科技", "core_contained", 0.11),
        ("蓝海科技", "兰海科技", "sound", 0.4),
        ("名博科技", "名缚科技", "look", 0.4),
        ("蓝海科技", "蓝博科技", "look", 0),
        ("国农科技", "中国农大科技", "abbreviation", 1),
        ("深康佳A", "康佳药业", "abbreviation", 0.5),
        ("成都蓝海科技", "四川蓝海科技", "region_within", 1),
        ("成都蓝海科技", "蓝海科技", "region_one", 1),
        ("成都蓝海科技", "绵阳蓝海科技", "region_differs", 1),
        ("深圳市龙华区民治街道蓝海餐饮店", "深圳市龙华区龙华街道蓝海餐饮店", "zone_differs", 1),
        ("四川第一建筑", "四川第二建筑", "ordinal_differs", 1),
        ("蓝海公司第三分公司", "蓝海公司第四分公司", "ordinal_differs", 1),
        ("百合百货", "百合超市百货", "ordinal_differs", 0),
        ("中国银行诸暨支行", "中国银行", "branch_one", 1),
        ("中国银行诸暨支行", "中国银行义乌支行", "branch_differs", 1),
        ("中国银行甘家口支行", "中国银行北京甘家口支行", "branch_differs", 0),
        ("蓝海科技有限公司", "蓝海科技股份有限公司", "form_differs", 1),
        ("蓝海科技有限公司", "蓝海科技经营部", "shop_differs", 1),
        ("平安保险公司（代春燕）", "平安保险公司（李四）", "contact_differs", 1),
        ("平安保险公司（代春燕）", "平安保险公司", "contact_one", 1),
    ],
)
def test_evidence(one: str, other: str, name: str, value: float) -> None:
    assert found(one, other).get(name, 0) == value
    assert found(other, one).get(name, 0) == value


def test_equal_names_have_nothing_against_them() -> None:
    told = found("成都蓝海科技有限公司天府分公司（李四）", "成都蓝海科技有限公司天府分公司（李四）")
    assert not told.keys() & set(AGAINST)
    assert told == {"core": 1, "brand": 1, "whole": 1, "abbreviation": 1, "branch": 1}


@given(ANY_TEXT, ANY_TEXT)
@example("00000000000::¡", "000000000:::::::¡")
def test_evidence_is_symmetric_and_between_0_and_1(one: str, other: str) -> None:
    a, b = profile(parse(one)), profile(parse(other))
    assert weigh(a, b) == weigh(b, a)
    assert all(0 <= value <= 1 + 1e-9 for value in weigh(a, b))


def test_the_reviewed_weights_have_the_signs_of_their_names() -> None:
    weights = dict(zip(EVIDENCE, learnt().weights, strict=True))
    assert all(weights[name] >= 0 for name in FOR)
    assert all(weights[name] <= 0 for name in AGAINST)


@given(st.lists(PARTS, min_size=len(EVIDENCE), max_size=len(EVIDENCE)), st.data())
def test_more_that_speaks_for_never_lowers_a_score(parts: list[float], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(FOR) - 1))
    more = [*parts]
    more[place] = data.draw(st.floats(parts[place], 1))
    assert learnt().score(tuple(more)) >= learnt().score(tuple(parts))


def test_the_scale_is_anchored_at_the_thresholds() -> None:
    model = Model((1.0,), 0.0, similar=-2.0, likely=3.0)
    assert model.score((-2.0,)) == SIMILAR
    assert model.score((3.0,)) == LIKELY
    assert model.score((0.5,)) == (SIMILAR + LIKELY) / 2
    assert 0 < model.score((-50.0,)) < 1e-9
    assert 99.99 < model.score((50.0,)) <= 100
