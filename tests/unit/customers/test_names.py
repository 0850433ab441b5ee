"""Folding and parsing of names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.domain import tables
from services.customers.domain.folding import fold
from services.customers.domain.names import contact_of, parse

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)
NOISE = st.sampled_from(["", " ", "\u3000", "\t", "\u200b", "\ufeff", "\x00", "\n"])


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("成都蓝海科技有限公司", "成都蓝海科技有限公司"),
        (" 成都 蓝海\u3000科技\u200b有限公司\n", "成都蓝海科技有限公司"),
        ("蓝海（成都）科技", "蓝海(成都)科技"),
        ("蓝海【成都】科技", "蓝海(成都)科技"),
        ("萬方實業〔香港〕有限公司", "万方实业(香港)有限公司"),
        ("ＡＢＣ Ltd", "abcltd"),
        ("华夏证劵", "华夏证券"),
        ("乾坤科技", "乾坤科技"),
        ("\ud800蓝\udfff海", "蓝海"),
        ("", ""),
    ],
)
def test_folding(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("name", "region", "core", "form", "branch", "contact"),
    [
        ("成都蓝海科技有限公司", ("成都",), "蓝海科技", "有限公司", "", ""),
        ("蓝海（成都）科技有限公司", ("成都",), "蓝海科技", "有限公司", "", ""),
        ("四川省成都市蓝海科技有限责任公司", ("四川", "成都"), "蓝海科技", "有限责任公司", "", ""),
        ("漯河市郾城区方葵百货商行", ("漯河", "郾城"), "方葵百货", "商行", "", ""),
        ("深圳市大鹏新区海言悦舍民宿", ("深圳", "大鹏新区"), "海言悦舍民宿", "", "", ""),
        ("中国人民保险集团有限公司（代春燕）", (), "中国人民保险", "集团有限公司", "", "代春燕"),
        ("华夏证券天仙桥营业部", (), "华夏证券", "", "天仙桥营业部", ""),
        ("中国工商银行诸暨支行", (), "中国工商银行", "", "诸暨支行", ""),
        (
            "中国农业银行股份有限公司深圳市罗湖支行",
            (),
            "中国农业银行",
            "股份有限公司",
            "深圳罗湖支行",
            "",
        ),
        ("濮阳市鑫达经纪有限公司登月分公司", ("濮阳",), "鑫达经纪", "有限公司", "登月分公司", ""),
        ("宁波博远投资合伙企业(有限合伙)", ("宁波",), "博远投资", "合伙企业有限合伙", "", ""),
        ("Example Trading Co., Ltd.", (), "exampletrading", "co.,ltd.", "", ""),
        ("恩施州蓝海茶业有限公司", ("恩施",), "蓝海茶业", "有限公司", "", ""),
        ("成都", (), "成都", "", "", ""),
        ("公司", (), "公司", "", "", ""),
        ("（）", (), "", "", "", ""),
    ],
)
def test_parts(
    name: str, region: tuple[str, ...], core: str, form: str, branch: str, contact: str
) -> None:
    parsed = parse(name)
    assert (parsed.region, parsed.core, parsed.legal_form, parsed.branch, parsed.contact) == (
        region,
        core,
        form,
        branch,
        contact,
    )


def test_what_was_left_aside_is_told() -> None:
    ignored = parse("四川省成都市蓝海科技有限公司").ignored
    assert [(piece.part, piece.text) for piece in ignored] == [
        ("region", "四川成都"),
        ("legal_form", "有限公司"),
    ]


@pytest.mark.parametrize("name", ["蓝海（成都）", "蓝海（有限合伙）", "蓝海（天府店）", "（李四）"])
def test_not_every_bracket_holds_a_contact(name: str) -> None:
    assert contact_of(name) == ""


def test_tables_are_whole() -> None:
    assert len(tables.regions()) > 6000
    assert len(tables.simplified()) > 4000
    assert tables.regions()["成都"] == tables.regions()["成都市"] == {"5101"}
    assert not tables.simplified().keys() & set(map(ord, tables.simplified().values()))


@given(ANY_TEXT)
def test_folding_twice_equals_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_every_text_has_parts(text: str) -> None:
    parsed = parse(text)
    assert bool(parsed.core) == bool(fold(text).replace("(", "").replace(")", ""))


@given(st.lists(NOISE, min_size=11, max_size=11))
def test_noise_does_not_change_the_comparison_form(noise: list[str]) -> None:
    name = "蓝海（成都）科技集团"
    noisy = "".join(f"{gap}{ch}" for gap, ch in zip(noise, name, strict=False))
    assert fold(noisy) == fold(name)


def test_heaps_of_combining_marks_are_cut_before_they_cost_anything() -> None:
    heap = "a" + "\u0327\u0301" * 50_000
    folded = fold(heap)
    assert sum(map(bool, map(unicodedata.combining, folded))) < 10
    assert fold(folded) == folded
