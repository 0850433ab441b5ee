"""Grades of likeness."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.domain.matching import Candidate, Grade, grade, rank
from services.customers.domain.names import parse
from tests.unit.customers.policy_example import haixin

NAMES = st.text("成都蓝海科技有限公司一二建（）北京上海分", max_size=14)
ANY_TEXT = st.text(st.characters(codec=None), max_size=120)


@pytest.mark.parametrize(
    ("one", "other", "expected", "ground"),
    [
        ("成都蓝海科技有限公司", "蓝海（成都）科技有限公司", Grade.LIKELY, "CORE_EQUAL"),
        ("成都蓝海科技有限公司", "成都蓝海科技有限责任公司", Grade.LIKELY, "LEGAL_FORM_IGNORED"),
        ("成都蓝海科技有限公司", "四川蓝海科技有限公司", Grade.SIMILAR, "REGION_WITHIN"),
        ("成都蓝海科技有限公司", "蓝海科技有限公司", Grade.LIKELY, "REGION_IGNORED"),
        ("成都蓝海科技有限公司", "成都兰海科技有限公司", Grade.LIKELY, "SOUND_EQUAL"),
        ("四川第一建筑公司", "四川第1建筑公司", Grade.LIKELY, "CORE_EQUAL"),
        ("中国建设银行深圳分行", "中国建设银行股份有限公司深圳市分行", Grade.LIKELY, "CORE_EQUAL"),
        ("成都蓝海科技有限公司", "成都蓝海科技有限公司（李四）", Grade.LIKELY, "CONTACT_IGNORED"),
        ("成都光大隆科技公司", "成都光大陇科技公司", Grade.LIKELY, "SOUND_EQUAL"),
        ("成都富源达科技公司", "成都富园达科技公司", Grade.LIKELY, "SOUND_EQUAL"),
        ("成都名博科技公司", "成都名缚科技公司", Grade.SIMILAR, "LOOK_ALIKE"),
        ("蓝海", "成都蓝海科技有限公司", Grade.SIMILAR, "CORE_CONTAINED"),
        ("成都蓝海科技有限公司", "绵阳蓝海科技有限公司", Grade.SIMILAR, "REGION_DIFFERS"),
        ("成都蓝海科技有限公司", "成都蓝海餐饮有限公司", Grade.NONE, "TRADE_DIFFERS"),
        ("四川第一建筑公司", "四川第二建筑公司", Grade.NONE, "ORDINAL_DIFFERS"),
        ("华夏证券天仙桥营业部", "华夏证券春熙路营业部", Grade.NONE, "BRANCH_DIFFERS"),
        ("平安保险公司（代春燕）", "平安保险公司（李四）", Grade.SIMILAR, "CONTACT_OTHER"),
        ("成都蓝海科技有限公司", "成都红山餐饮有限公司", Grade.NONE, "REGION_EQUAL"),
    ],
)
def test_grades(one: str, other: str, expected: Grade, ground: str) -> None:
    match = grade(parse(one), parse(other), haixin().duplicates)
    assert match.grade is expected, match.score
    assert ground in {found.code for found in match.grounds}


def test_grounds_give_the_part_that_is_equal() -> None:
    match = grade(parse("成都蓝海科技公司"), parse("成都蓝天科技公司"), haixin().duplicates)
    (alike,) = (ground for ground in match.grounds if ground.code == "CORE_ALIKE")
    assert alike.say.zh == "字号和行业有 60% 相同。"


def test_same_is_decided_by_the_key_alone() -> None:
    name = parse("成都蓝海科技有限公司")
    policy = haixin().duplicates
    assert grade(name, name, policy).grade is Grade.LIKELY
    assert grade(name, name, policy, same_key=True).grade is Grade.SAME
    assert grade(name, name, policy, same_key=True).score == 100


def test_ranking_is_ordered_limited_and_independent_of_the_order_given() -> None:
    policy = haixin().duplicates
    names = ["绵阳蓝海科技有限公司", "蓝海科技有限公司", "成都红山餐饮有限公司", "成都蓝海科技"]
    found = [Candidate(f"c{n}", f"key {n}", parse(name)) for n, name in enumerate(names)]
    query = Candidate("", "key 0", parse("成都蓝海科技有限公司"))
    ranked = rank(query, found, policy, 3)
    assert [match.ref for match in ranked] == ["c0", "c3", "c1"]
    random.Random(7).shuffle(found)
    assert rank(query, found, policy, 3) == ranked
    assert len(rank(query, found, policy, 1)) == 1


@given(NAMES, NAMES)
def test_likeness_is_symmetric(one: str, other: str) -> None:
    policy = haixin().duplicates
    there, back = (grade(parse(a), parse(b), policy) for a, b in ((one, other), (other, one)))
    assert (there.grade, there.score, there.grounds) == (back.grade, back.score, back.grounds)


@given(st.lists(NAMES, max_size=12), NAMES, st.integers(1, 4))
def test_ranking_equals_grading_all_and_sorting(names: list[str], asked: str, limit: int) -> None:
    policy = haixin().duplicates
    query = parse(asked)
    found = [Candidate(f"{at:02}", "", parse(name)) for at, name in enumerate(names)]
    graded = [(grade(query, c.name, policy), c.ref) for c in found]
    alike = [(-m.score, ref) for m, ref in graded if m.grade is not Grade.NONE]
    ranked = rank(Candidate("", "", query), found, policy, limit)
    assert [-m.score for m in ranked] == [score for score, _ in sorted(alike)[:limit]]


@given(ANY_TEXT, ANY_TEXT)
def test_every_two_texts_compare(one: str, other: str) -> None:
    match = grade(parse(one), parse(other), haixin().duplicates)
    assert 0 <= match.score <= 100


@pytest.mark.parametrize("ch", ["蓝", "\ud800", "🏢", "\u202e", "\x00", "a", "1", "十", "("])
def test_very_long_texts_cost_little(ch: str) -> None:
    long = parse(ch * 10_000)
    other = parse(ch * 9_999 + "海")
    assert grade(long, other, haixin().duplicates).score >= 0
