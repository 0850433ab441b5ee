"""The comparison form of names: what is left when only the spelling differs."""

import unicodedata
from functools import lru_cache

from services.customers.domain import tables

BRACKETS = str.maketrans("〔〕【】〖〗〘〙〚〛〈〉《》«»‹›[]{}⟨⟩⟦⟧「」『』", "()" * 15)
MISPRINTS = str.maketrans("劵", "券")
"""The rule book itself prints 证券 as 证劵 (reading no. 6)."""

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
VARIATION = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
MAX_ROUNDS = 8
MAX_MARKS = 8
SHORT = 64
"""Normalising orders combining marks in quadratic time; so short a text cannot hurt."""


@lru_cache(maxsize=8_192)
def fold(name: str) -> str:
    """Return the form in which names are compared.

    NFKC, lower case, simplified characters, brackets of every kind as `( )`, without
    white space, control, format and variation characters and lone surrogates.
    Never raises, for any string; folding twice equals folding once.
    """
    for _ in range(MAX_ROUNDS):
        folded = _fold_once(name)
        if folded == name:
            break
        name = folded
    return name


def bare(folded: str) -> str:
    """Return a folded name without its brackets; their content stays."""
    return folded.replace("(", "").replace(")", "")


def _fold_once(name: str) -> str:
    text = unicodedata.normalize("NFKC", _without_mark_heaps(name)).casefold()
    if not text.isprintable() or " " in text or not VARIATION.isdisjoint(text):
        category = unicodedata.category
        text = "".join(ch for ch in text if category(ch) not in INVISIBLE and ch not in VARIATION)
    return text.translate(tables.simplified()).translate(BRACKETS).translate(MISPRINTS)


def _without_mark_heaps(name: str) -> str:
    if len(name) <= SHORT:
        return name
    kept, marks = [], 0
    for ch in name:
        marks = marks + 1 if unicodedata.combining(ch) else 0
        if marks <= MAX_MARKS:
            kept.append(ch)
    return "".join(kept)
