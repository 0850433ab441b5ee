"""What tells who a customer is besides its name, and what equal marks do to a grade."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.domain.form import CustomerForm
from services.customers.domain.likeness_reasons import CREDIT_CODE_DIFFERS, CREDIT_CODE_EQUAL
from services.customers.domain.marks import LONGEST, MarkKind, kind_of, marks
from services.customers.domain.matching import Candidate, Grade, Match, rank
from services.customers.domain.names import parse
from services.customers.domain.policy import Duplicates
from tests.unit.customers.policy_example import haixin, rules_copy

CODE = "91510100MA61U7JQ48"
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
NAME, BRANCH = "成都蓝海科技有限公司", "成都蓝海科技有限公司绵阳分公司"


@pytest.mark.parametrize(
    ("phone", "mark"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("00861 38 0013 8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("028-85123456", "2885123456"),
        ("(028) 8512 3456", "2885123456"),
        ("+86 28 85123456", "2885123456"),
        ("02885123456", "2885123456"),
        ("028-85123456-801", "2885123456"),
        ("028-85123456转801", "2885123456"),
        ("028-85123456 ext. 801", "2885123456"),
        ("0816-2345678", "8162345678"),
        ("400-123-4567", "4001234567"),
        ("85123456", ""),
        ("无", ""),
        ("", ""),
    ],
)
def test_a_number_is_one_however_it_is_written(phone: str, mark: str) -> None:
    found = marks(CustomerForm(phones=(phone,)))
    assert found == ({f"phone:{mark}"} if mark else set())


@pytest.mark.parametrize(
    ("form", "found"),
    [
        (CustomerForm(unified_credit_code=f" {CODE.lower()} "), {f"credit_code:{CODE}"}),
        (CustomerForm(unified_credit_code=CODE[:-1] + "9"), set()),
        (
            CustomerForm(business_address="成都市永丰路 47 號（尚玉林）801室"),
            {"address:成都市永丰路47号尚玉林801室"},
        ),
        (CustomerForm(business_address="永丰路47号"), set()),
        (CustomerForm(hr_lead="代春燕", contact="代春燕"), {"contact:代春燕"}),
        (CustomerForm(hr_lead="代"), set()),
    ],
)
def test_marks_of_a_form(form: CustomerForm, found: set[str]) -> None:
    assert marks(form) == found


@given(ANY_TEXT, ANY_TEXT, st.lists(ANY_TEXT, max_size=3), ANY_TEXT)
def test_every_form_has_short_marks_of_known_kinds(
    code: str, address: str, phones: list[str], person: str
) -> None:
    form = CustomerForm(
        unified_credit_code=code, business_address=address, phones=tuple(phones), hr_lead=person
    )
    found = marks(form)
    assert all(len(mark) <= LONGEST and kind_of(mark) in MarkKind for mark in found)


def graded(
    asked: str,
    other: str,
    *shared: MarkKind,
    differs: bool = False,
    policy: Duplicates | None = None,
) -> Match | None:
    """Grade a customer that shares marks with what is asked."""
    rules = policy or haixin().duplicates
    candidate = Candidate("c", "", parse(other), shared=frozenset(shared), code_differs=differs)
    return next(iter(rank(Candidate("", "", parse(asked)), [candidate], rules, 5)), None)


def test_an_equal_code_is_the_same_but_for_branches() -> None:
    whole = graded(NAME, "绵阳红山餐饮有限公司", MarkKind.CREDIT_CODE)
    assert whole
    assert (whole.grade, whole.score) == (Grade.SAME, 100)
    assert CREDIT_CODE_EQUAL.code in [ground.code for ground in whole.grounds]
    assert "SAME_IDENTITY" not in [ground.code for ground in whole.grounds]
    branch = graded(NAME, BRANCH, MarkKind.CREDIT_CODE)
    assert branch
    assert branch.grade is Grade.LIKELY


def test_codes_that_differ_make_no_more_than_similar() -> None:
    match = graded(NAME, NAME, MarkKind.PHONE, differs=True)
    assert match
    assert match.grade is Grade.SIMILAR
    assert CREDIT_CODE_DIFFERS.code in [ground.code for ground in match.grounds]


def test_equal_marks_add_what_policy_says_and_tell_it() -> None:
    near = "蓝海科技有限公司"
    plain = graded(NAME, near)
    both = graded(NAME, near, MarkKind.ADDRESS, MarkKind.CONTACT)
    assert plain
    assert both
    assert both.score == pytest.approx(min(99, plain.score + 25))
    assert [ground.code for ground in both.grounds][-2:] == ["ADDRESS_EQUAL", "CONTACT_EQUAL"]
    assert "15" in both.grounds[-2].say.zh
    alike = graded(NAME, "成都蓝海科技公司", *MarkKind)
    assert alike
    assert alike.grade is Grade.SAME
    marked = graded(NAME, "成都蓝海科技公司", MarkKind.PHONE, MarkKind.ADDRESS, MarkKind.CONTACT)
    assert marked
    assert marked.score >= haixin().duplicates.likely_at.value
    assert marked.grade is Grade.LIKELY


def test_an_equal_number_is_shown_whatever_the_name() -> None:
    other = "绵阳红山餐饮有限公司"
    assert graded(NAME, other) is None
    found = graded(NAME, other, MarkKind.PHONE)
    assert found
    assert found.grade is Grade.SIMILAR
    assert graded(NAME, other, MarkKind.CONTACT) is None


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("中国人民保险集团有限公司（代春燕）", "中国人民保险集团有限公司（李红）"),
        ("四川第一建筑工程有限公司", "四川第二建筑工程有限公司"),
        ("华夏证券天仙桥营业部", "华夏证券永丰路营业部"),
        ("成都蓝海科技有限公司", "成都红海科技有限公司"),
        ("成都蓝海科技有限公司", "绵阳蓝海科技有限公司"),
    ],
)
def test_one_office_makes_no_two_likely(asked: str, other: str) -> None:
    match = graded(asked, other, MarkKind.PHONE, MarkKind.ADDRESS, MarkKind.CONTACT)
    plain = graded(asked, other)
    assert match
    assert match.grade is Grade.SIMILAR or (plain and plain.grade is Grade.LIKELY)


def test_a_policy_of_before_gives_no_points() -> None:
    rules = rules_copy()["duplicates"]
    del rules["mark_points"]
    old = Duplicates.model_validate(rules)
    assert graded(NAME, "绵阳红山餐饮有限公司", MarkKind.PHONE, policy=old) is None
