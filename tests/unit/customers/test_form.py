"""Whether a record is complete and well-formed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.domain.completeness import check, refusal
from services.customers.domain.form import AddressOverride, CustomerForm, Door, tidy
from tests.unit.customers.policy_example import haixin

GOOD = CustomerForm(
    full_name="成都蓝海科技有限公司",
    business_address="成都市永丰路47号丰尚玉林商务港801室",
    hr_lead="王芳",
    phones=("028-85123456", "13800138000"),
    category="intended",
)
PICC = "中国人民保险集团有限公司"
INSURANCE = replace(GOOD, full_name=f"{PICC}（代春燕）", industry_kind="insurance_individual")
SECURITIES = replace(GOOD, full_name="华夏证券天仙桥营业部", industry_kind="securities")
TEXT = st.text(st.characters(codec=None), max_size=40)


@pytest.mark.parametrize("form", [GOOD, INSURANCE, SECURITIES])
def test_a_good_record_passes_without_advice(form: CustomerForm) -> None:
    assert check(form, haixin()) == ([], [])


@pytest.mark.parametrize(
    ("form", "field", "reason", "clause"),
    [
        (replace(GOOD, full_name=""), "full_name", "FIELD_MISSING", "H-3.1e"),
        (replace(GOOD, full_name="蓝海"), "full_name", "NAME_LENGTH", "H-3.1e"),
        (replace(GOOD, full_name="蓝海科技"), "full_name", "NAME_NOT_FULL", "H-3.1e"),
        (replace(GOOD, full_name="蓝" * 101), "full_name", "NAME_LENGTH", "H-3.1e"),
        (replace(GOOD, full_name="蓝" * 9999), "full_name", "TEXT_TOO_LONG", "H-3.1e"),
        (replace(GOOD, full_name="成都蓝海\x07公司"), "full_name", "TEXT_UNPRINTABLE", "H-3.1e"),
        (replace(GOOD, business_address=" "), "business_address", "FIELD_MISSING", "H-3.1f"),
        (
            replace(GOOD, business_address="成都市高新区"),
            "business_address",
            "ADDRESS_INCOMPLETE",
            "H-3.1.n3",
        ),
        (replace(GOOD, hr_lead=""), "hr_lead", "FIELD_MISSING", "H-3.1g"),
        (replace(GOOD, hr_lead="7"), "hr_lead", "PERSON_NAME", "H-3.1g"),
        (replace(GOOD, phones=()), "phones", "FIELD_MISSING", "H-3.1h"),
        (replace(GOOD, phones=("12345",)), "phones", "PHONE_FORMAT", "H-3.1.n4"),
        (replace(GOOD, phones=("1" * 11,)), "phones", "PHONE_FORMAT", "H-3.1.n4"),
        (replace(GOOD, category=""), "category", "CATEGORY_NOT_ALLOWED", "H-2.2e"),
        (replace(GOOD, category="lost"), "category", "CATEGORY_NOT_ALLOWED", "H-2.2e"),
        (replace(GOOD, industry_kind="zoo"), "industry_kind", "KIND_UNKNOWN", "H-3.1d"),
        (
            replace(GOOD, unified_credit_code="91110000600037341M"),
            "unified_credit_code",
            "CREDIT_CODE",
            "H-3.1d",
        ),
        (replace(INSURANCE, full_name=PICC), "contact", "CONTACT_REQUIRED", "H-3.1.n1"),
        (replace(INSURANCE, contact="李四"), "contact", "CONTACT_DIFFERS", "H-3.1.n1"),
        (replace(INSURANCE, phones=("028-85123456",)), "phones", "MOBILE_REQUIRED", "H-3.1.n6"),
        (
            replace(SECURITIES, full_name="华夏证券股份有限公司"),
            "full_name",
            "BRANCH_REQUIRED",
            "H-3.1.n2",
        ),
    ],
)
def test_a_fault_names_field_reason_and_clause(
    form: CustomerForm, field: str, reason: str, clause: str
) -> None:
    violations, _ = check(form, haixin())
    assert [(v.field, v.reason) for v in violations] == [(field, reason)]
    assert clause in violations[0].clause
    assert clause in refusal(violations).clause


def test_all_faults_come_at_once() -> None:
    violations, _ = check(CustomerForm(full_name="蓝海", phones=("12345",)), haixin())
    assert {v.field for v in violations} == {
        "full_name",
        "business_address",
        "hr_lead",
        "phones",
        "category",
    }


@pytest.mark.parametrize(
    "name",
    [
        "漯河市郾城区方葵百货商行",
        "四川大学华西医院",
        "成都市实验小学",
        "北京大学",
        "四川省软件行业协会",
        "深圳市宝安区沙井街道大兄弟装饰广告店",
        "Example Trading Co., Ltd.",
        "中国工商银行股份有限公司成都支行",
    ],
)
def test_full_names_of_every_sort_are_accepted(name: str) -> None:
    assert check(replace(GOOD, full_name=name), haixin())[0] == []


@pytest.mark.parametrize("name", ["招商银行", "长安汽车", "海澜之家", "小米集团", "华夏证券"])
def test_short_names_are_refused(name: str) -> None:
    assert [v.reason for v in check(replace(GOOD, full_name=name), haixin())[0]] == [
        "NAME_NOT_FULL"
    ]


@pytest.mark.parametrize(
    "phone", ["028-85123456", "02885123456", "13800138000", "１３８００１３８０００"]
)
def test_one_number_is_enough_and_a_second_is_advised(phone: str) -> None:
    violations, advice = check(replace(GOOD, phones=(phone,)), haixin())
    assert violations == []
    assert [(a.reason, a.clause) for a in advice] == [("SECOND_NUMBER", "H-3.1.n5")]


@pytest.mark.parametrize(
    ("override", "violations", "advice"),
    [
        (None, ["ADDRESS_INCOMPLETE"], []),
        (AddressOverride("sales_rep", "乡村无路名"), ["ADDRESS_INCOMPLETE"], []),
        (AddressOverride("customer_service", "  "), ["OVERRIDE_REASON"], []),
        (AddressOverride("customer_service", "乡村无路名"), [], ["ADDRESS_OVERRIDDEN"]),
    ],
)
def test_only_customer_service_accepts_another_address_with_a_reason(
    override: AddressOverride | None, violations: list[str], advice: list[str]
) -> None:
    found = check(replace(GOOD, business_address="青羊村3组"), haixin(), override=override)
    assert ([v.reason for v in found[0]], [a.reason for a in found[1]]) == (violations, advice)


def test_the_pool_asks_for_the_name_only_but_for_well_formed_data() -> None:
    policy = haixin()
    assert check(CustomerForm(full_name="成都蓝海科技有限公司"), policy, Door.POOL) == ([], [])
    assert check(CustomerForm(full_name="蓝海科技"), policy, Door.POOL)[0]
    assert check(CustomerForm(full_name=GOOD.full_name, phones=("1",)), policy, Door.POOL)[0]


@pytest.mark.parametrize(
    ("name", "contact"),
    [(PICC, "代春燕"), (f"{PICC}(代春燕)", ""), (f" {PICC}（代春燕） ", " 代春燕 ")],
)
def test_an_individual_is_written_with_the_contact_in_full_width_brackets(
    name: str, contact: str
) -> None:
    form = tidy(replace(INSURANCE, full_name=name, contact=contact), haixin())
    assert (form.full_name, form.contact) == (f"{PICC}（代春燕）", "代春燕")
    assert tidy(form, haixin()) == form


def test_a_name_that_sounds_like_another_kind_gets_advice() -> None:
    advice = check(replace(GOOD, full_name="华夏证券天仙桥营业部"), haixin())[1]
    assert [a.reason for a in advice] == ["KIND_DOUBTFUL"]


@given(
    st.builds(
        CustomerForm,
        full_name=TEXT,
        business_address=TEXT,
        hr_lead=TEXT,
        phones=st.lists(TEXT, max_size=3).map(tuple),
        industry_kind=st.sampled_from(["general", "insurance_individual", "securities", ""]) | TEXT,
        category=TEXT,
        contact=TEXT,
        unified_credit_code=TEXT,
    )
)
def test_no_text_raises(form: CustomerForm) -> None:
    check(form, haixin())
