"""What one may begin to type to find a name: the name, its core, and how either is read."""

import re
from functools import cache, lru_cache

from services.customers.domain import tables
from services.customers.domain.characters import syllables
from services.customers.domain.folding import bare, fold
from services.customers.domain.names import ParsedName, parse
from services.customers.domain.words import COMPANY_FORMS, PLACED_FORMS, SHOP_FORMS

LONGEST = 40
"""Characters of a beginning that are kept and compared."""

APOSTROPHES = str.maketrans("", "", "'’`")
"""They part syllables (xi'an) and mean nothing else."""

LEFT = 2
"""Characters that an unfinished legal form leaves to the name before it."""

_FORMS = frozenset(
    form[:length]
    for form in (*COMPANY_FORMS, *PLACED_FORMS, *SHOP_FORMS)
    for length in range(1, len(form) + 1)
)


def typed(text: str) -> str:
    """Return what somebody typed as it is compared with `starts`; empty for signs alone."""
    return bare(fold(text)).translate(APOSTROPHES)[:LONGEST]


@lru_cache(maxsize=16_384)
def starts(full_name: str) -> frozenset[str]:
    """Return the texts that a name is found by from their first character on.

    The whole name; its core, alone and after its regions' short names; the syllables of these
    two without tones in one word, and the first letter of each.
    """
    name = parse(full_name)
    core, whole = name.core, _whole(name)
    read = [_syllables(text.translate(APOSTROPHES)) for text in (core, whole)]
    spelt = {"".join(one) for one in read} | {"".join(s[0] for s in one) for one in read}
    return frozenset(text[:LONGEST] for text in {typed(full_name), core, whole, *spelt} if text)


def fits(full_name: str, text: str) -> int | None:
    """Say how a typed text fits a name: 0 from a beginning on, 1 inside, None not at all.

    Regions may be written in full or short; a legal form, be it unfinished, is left aside.
    """
    if any(one.startswith(text) for one in starts(full_name)):
        return 0
    written, whole = bare(fold(full_name)).translate(APOSTROPHES), _whole(parse(full_name))
    asked = _whole(parse(without_form(text)))
    return 1 if text in written or text in whole or asked in written or asked in whole else None


def without_form(text: str) -> str:
    """Return what was typed without the legal form that it ends in, be it unfinished.

    The index of pieces leaves legal forms out, so they must not be looked for there.
    """
    for at in range(LEFT, len(text)):
        if text[at:] in _FORMS:
            return text[:at]
    return text


def _whole(name: ParsedName) -> str:
    return "".join(name.before) + name.core


def _syllables(text: str) -> list[str]:
    """Return the syllables as words are read; what has none, a letter or a digit, is its own."""
    read: list[str] = []
    for part in _words().split(text):
        read += tables.readings().get(part) or syllables(part)
    return read


@cache
def _words() -> re.Pattern[str]:
    words = sorted(tables.readings(), key=len, reverse=True)
    return re.compile("(" + "|".join(map(re.escape, words)) + ")")
