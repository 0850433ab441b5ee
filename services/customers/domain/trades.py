"""Where the brand of a name ends and its trade begins, and how much each character says.

A core is a brand, which tells one company from another, and words of the trade (科技,
餐饮服务), which thousands share. The words, with how common each is, are a table.
"""

import re
from functools import lru_cache
from math import log

from services.customers.domain import tables
from services.customers.domain.words import COMPANY_FORMS

NUMERAL = re.compile("[〇零一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾]+")
NUMERALS = str.maketrans("〇零一二两三四五六七八九壹贰叁肆伍陆柒捌玖拾", "001223456789123456789十")
FORMS = frozenset(COMPANY_FORMS)
SIGNS = re.compile("[\x00-\x7f]")
BRAND = 2
"""The least characters that are left to the brand."""

LONGEST = 4
NAMES = 10_000
"""The table counts names out of so many."""

FORM_WEIGHT = 0.1
"""A legal form inside a core: 国家电投集团远达环保."""

SIGN_WEIGHT = 0.4
"""Letters and signs in a Chinese name are often marks that are not its own: *ST全新, 南玻A."""


def split_trade(core: str) -> tuple[str, str]:
    """Split a core into brand and trade; the brand keeps at least two characters."""
    end = len(core)
    while length := _word(core, end):
        end -= length
    return core[:end], core[end:]


def only_trade(core: str) -> bool:
    """Whether a core has no brand: it consists of words of trades."""
    end = len(core)
    while end > 0 and (length := _word(core, end, 0)):
        end -= length
    return bool(core) and not end


@lru_cache(maxsize=65_536)
def figures(text: str) -> str:
    """Return a text with its numerals in digits: 第二十三, 第贰拾叁 and 第23 are one number."""
    return NUMERAL.sub(_in_digits, text)


def _in_digits(found: re.Match[str]) -> str:
    number = found[0].translate(NUMERALS)
    if "十" not in number:
        return number
    tens, _, ones = number.partition("十")
    return (tens or "1") + (ones or "0")


@lru_cache(maxsize=65_536)
def weights(core: str) -> tuple[float, ...]:
    """Return how much each character of a core says, from 0 to 1.

    1 in a brand; in a word of a trade less, the less the more common the word is.
    """
    found = [_alone(ch, core) for ch in core] if SIGNS.search(core) else [1.0] * len(core)
    end = len(core)
    while end > 0:
        length = _word(core, end)
        if length:
            found[end - length : end] = [_worth(core[end - length : end])] * length
        end -= length or 1
    start = core[:BRAND]
    if start in tables.trades() and len(core) >= 2 * BRAND:
        found[:BRAND] = [_worth(start)] * BRAND
    return tuple(found)


def _word(core: str, end: int, brand: int = BRAND) -> int:
    """Return the length of the longest word that ends here and leaves a brand, or 0."""
    words = tables.trades()
    for length in range(min(LONGEST, end - brand), 1, -1):
        word = core[end - length : end]
        if word in words or word in FORMS:
            return length
    return 0


def _worth(word: str) -> float:
    if word in FORMS:
        return FORM_WEIGHT
    return log(NAMES / tables.trades()[word]) / log(NAMES)


def _alone(ch: str, core: str) -> float:
    return SIGN_WEIGHT if ch.isascii() and not ch.isdigit() and not core.isascii() else 1.0
