"""Grades of likeness."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.domain.matching import Candidate, Grade, grade, grams, rank
from services.customers.domain.names import parse
from tests.unit.customers.policy_example import haixin

NAMES = st.text("成都蓝海科技有限公司一二建（）北京上海分", max_size=14)


@pytest.mark.parametrize(
    ("one", "other", "expected", "reason"),
    [
        ("成都蓝海科技有限公司", "蓝海（成都）科技有限公司", Grade.LIKELY, "CORE_EQUAL"),
        ("成都蓝海科技有限公司", "成都蓝海科技有限责任公司", Grade.LIKELY, "LEGAL_FORM_IGNORED"),
        ("成都蓝海科技有限公司", "四川蓝海科技有限公司", Grade.LIKELY, "REGION_WITHIN"),
        ("成都蓝海科技有限公司", "蓝海科技有限公司", Grade.LIKELY, "REGION_IGNORED"),
        ("成都蓝海科技有限公司", "绵阳蓝海科技有限公司", Grade.SIMILAR, "REGION_DIFFERS"),
        ("成都蓝海科技有限公司", "成都兰海科技有限公司", Grade.SIMILAR, "CORE_ALIKE"),
        ("成都蓝海科技有限公司", "成都蓝海餐饮有限公司", Grade.NONE, "REGION_EQUAL"),
        ("四川第一建筑公司", "四川第二建筑公司", Grade.SIMILAR, "ORDINAL_DIFFERS"),
        ("华夏证券天仙桥营业部", "华夏证券春熙路营业部", Grade.SIMILAR, "BRANCH_DIFFERS"),
        ("中国建设银行深圳分行", "中国建设银行股份有限公司深圳市分行", Grade.LIKELY, "CORE_EQUAL"),
        ("平安保险公司（代春燕）", "平安保险公司（李四）", Grade.SIMILAR, "CONTACT_OTHER"),
        ("蓝海", "成都蓝海科技有限公司", Grade.SIMILAR, "CORE_CONTAINED"),
    ],
)
def test_grades(one: str, other: str, expected: Grade, reason: str) -> None:
    match = grade(parse(one), parse(other), haixin().duplicates)
    assert match.grade is expected
    assert reason in {ground.code for ground in match.reasons}


def test_same_is_decided_by_the_key_alone() -> None:
    name = parse("成都蓝海科技有限公司")
    policy = haixin().duplicates
    assert grade(name, name, policy).grade is Grade.LIKELY
    assert grade(name, name, policy, same_key=True).grade is Grade.SAME


def test_ranking_is_ordered_limited_and_independent_of_the_order_given() -> None:
    policy = haixin().duplicates
    names = ["绵阳蓝海科技有限公司", "蓝海科技有限公司", "成都红山餐饮有限公司", "成都蓝海科技"]
    found = [Candidate(f"c{n}", f"key {n}", parse(name)) for n, name in enumerate(names)]
    query = Candidate("", "key 0", parse("成都蓝海科技有限公司"))
    ranked = rank(query, found, policy, 3)
    assert [match.ref for match in ranked] == ["c0", "c1", "c3"]
    random.Random(7).shuffle(found)
    assert rank(query, found, policy, 3) == ranked
    assert len(rank(query, found, policy, 1)) == 1


def test_blocking_keys() -> None:
    assert grams(parse("成都蓝海科技有限公司")) == {"^蓝", "蓝海", "海科", "科技"}
    assert grams(parse("蓝")) == {"^蓝", "蓝"}
    assert grams(parse("")) <= {"^"}


@given(NAMES, NAMES)
def test_likeness_is_symmetric(one: str, other: str) -> None:
    policy = haixin().duplicates
    there, back = (grade(parse(a), parse(b), policy) for a, b in ((one, other), (other, one)))
    assert (there.grade, there.score, there.reasons) == (back.grade, back.score, back.reasons)


@given(st.lists(NAMES, max_size=12), NAMES, st.integers(1, 4))
def test_ranking_equals_grading_all_and_sorting(names: list[str], asked: str, limit: int) -> None:
    policy = haixin().duplicates
    query = parse(asked)
    found = [Candidate(f"{at:02}", "", parse(name)) for at, name in enumerate(names)]
    graded = [(grade(query, c.name, policy), c.ref) for c in found]
    alike = [(-m.score, ref) for m, ref in graded if m.grade is not Grade.NONE]
    ranked = rank(Candidate("", "", query), found, policy, limit)
    assert [(-m.score, m.ref) for m in ranked] == sorted(alike)[:limit]
