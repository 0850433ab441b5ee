"""Which follow-ups are valid (H-6.3e-g): tables of texts."""

import unicodedata

import pytest

from services.activity.domain.policy import ActivityPolicy, FollowUpRules
from services.activity.domain.validity import (
    Other,
    assess,
    count_characters,
    fingerprint,
    most_alike,
    normalise,
)
from tests.platform import haixin

FIFTEEN = "今天上门拜访了人事经理谈了续约"
FOURTEEN = FIFTEEN[:14]


def rules(**changes: object) -> FollowUpRules:
    section = haixin().sections["activity"].rules
    found = ActivityPolicy.model_validate(section).follow_ups
    changed = {
        name: getattr(found, name).model_copy(update={"value": value})
        for name, value in changes.items()
    }
    return found.model_copy(update=changed)


COUNTS = [
    ("", 0),
    (FOURTEEN, 14),
    (FOURTEEN + "，。！？、；", 14),
    (FIFTEEN + "。", 15),
    ("ａｂｃ１２３", 6),
    ("abc def 123", 9),
    ("，。！？…—“”《》（）·", 0),
    ("…!?.,;:'\"()[]{}-_/\\", 0),
    ("😀👍🏽👨‍👩‍👧", 0),
    ("+-=<>$¥€%^~|`", 0),
    ("e\u0301" * 15, 15),
    ("é" * 15, 15),
    ("e" + "\u0301" * 15, 1),
    (unicodedata.normalize("NFD", "한국어회사방문"), 7),
    ("㈱½²ⅷ", 3),
    ("々〇ー", 3),
    ("𠮷野家", 3),
    ("\u200b\u200d\ufeff\u00ad", 0),
    ("\t\n\u3000 ", 0),
    ("١٢٣", 3),
]


@pytest.mark.parametrize("text, count", COUNTS)
def test_letters_and_digits_count(text: str, count: int) -> None:
    assert count_characters(text, "letters_and_digits") == count


def test_another_mode_counts_symbols_too() -> None:
    assert count_characters("涨10%+😀。", "without_punctuation") == 5


def reasons(title: str, content: str, repeats: str = "", **changes: object) -> list[str]:
    return [fault.reason for fault in assess(title, content, repeats, [], rules(**changes)).faults]


@pytest.mark.parametrize(
    "title, content, expected",
    [
        ("续约", FIFTEEN, []),
        ("续约", FOURTEEN + "，。！？、；", ["CONTENT_SHORT"]),
        ("续约", "，".join(FIFTEEN), []),
        ("", FIFTEEN + "五个字五", ["TITLE_MISSING"]),
        (" \u3000", FIFTEEN, ["TITLE_MISSING"]),
        ("续约", "", ["CONTENT_MISSING"]),
        ("续约", " \n", ["CONTENT_MISSING"]),
        ("续约", "。" * 30, ["CONTENT_SHORT"]),
        ("", "", ["TITLE_MISSING", "CONTENT_MISSING"]),
        ("", "太短", ["TITLE_MISSING", "CONTENT_SHORT"]),
    ],
)
def test_a_record_is_judged(title: str, content: str, expected: list[str]) -> None:
    assert reasons(title, content) == expected


def test_every_fault_quotes_its_clause_and_figures() -> None:
    (short,) = assess("题", FOURTEEN, "", [], rules()).faults
    assert (short.clause, short.field) == ("H-6.3f", "content")
    assert "14" in short.say.zh
    assert "15" in short.say.en
    (title,) = assess("", FIFTEEN, "", [], rules()).faults
    assert title.clause == "H-6.3e"


def test_the_parameters_decide() -> None:
    assert reasons("", FOURTEEN, require_title=False, min_chars=14) == []
    assert reasons("题", "", require_content=False, min_chars=0) == []
    assert reasons("题", "太短", min_chars=3, count_mode="without_punctuation") == ["CONTENT_SHORT"]
    assert reasons("题", "太短+", min_chars=3, count_mode="without_punctuation") == []


def test_a_repetition_is_invalid_however_long() -> None:
    found = assess("题", FIFTEEN, "first", [], rules())
    assert [(fault.reason, fault.clause) for fault in found.faults] == [
        ("CONTENT_REPEATED", "H-6.3g")
    ]
    assert found.resembles == "first"


SAME = [
    (FIFTEEN, FIFTEEN + "。"),
    (FIFTEEN, " ".join(FIFTEEN)),
    ("Called ABC Ltd about renewal", "called abc ltd，about RENEWAL!"),
    ("ＡＢＣ１２３", "abc123"),
    (FIFTEEN, FIFTEEN + "😀👍"),
    (FIFTEEN, "\u200b".join(FIFTEEN)),
    ("é", "e\u0301"),
    ("㈱", "(株)"),
    ("Straße", "STRASSE"),
]


@pytest.mark.parametrize("one, other", SAME)
def test_what_is_identical(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other) != ""


@pytest.mark.parametrize("one, other", [(FIFTEEN, FOURTEEN), ("10元", "100元"), ("e", "é")])
def test_what_is_not_identical(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize("text", ["", "。，！", "😀", " \n", "\u200b"])
def test_what_says_nothing_is_identical_to_nothing(text: str) -> None:
    assert fingerprint(text) == ""


def test_normalising_twice_changes_nothing() -> None:
    for text, _ in COUNTS:
        assert normalise(normalise(text)) == normalise(text)


def test_a_resembling_record_stays_valid_and_is_flagged() -> None:
    latest = [Other("far", "li", "客户已经搬家了需要更新地址信息"), Other("near", "li", FIFTEEN)]
    found = assess("题", FIFTEEN + "的", "", latest, rules())
    assert found.valid
    assert [(flag.reason, flag.clause) for flag in found.flags] == [("CONTENT_RESEMBLES", "H-6.3g")]
    assert found.resembles == "near"
    assert assess("题", FIFTEEN + "的", "", latest, rules(near_identical_at=100)).flags == ()
    assert assess("题", FIFTEEN + "的", "", latest, rules(near_identical_at=0)).flags == ()


def test_the_most_alike_is_named() -> None:
    latest = [Other("a", "li", FIFTEEN[:-2]), Other("b", "li", FIFTEEN), Other("c", "li", "其他")]
    assert most_alike(FIFTEEN, latest, 50) == ("b", 100.0)
    assert most_alike("", latest, 50) == ("", 0.0)
