"""Constant tables that names are read with, loaded once at first use.

See `README.md` here for their origin.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def simplified() -> dict[int, str]:
    """Return traditional code point -> simplified character, fit for `str.translate`."""
    return {ord(row[0]): row[1] for row in _rows("simplified.tsv")}


@cache
def regions() -> dict[str, frozenset[str]]:
    """Return region name -> codes; full names and short names alike.

    A code is a GB/T 2260 code without trailing zeros, so a region lies in another
    exactly when its code starts with the other's. A name may have several codes.
    """
    found: dict[str, set[str]] = {}
    for code, name, short in _rows("regions.tsv"):
        found.setdefault(name, set()).add(code)
        if short:
            found.setdefault(short, set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def pinyin() -> dict[str, str]:
    """Return character -> the syllable it is mostly read as, without tone."""
    return {row[0]: row[1] for row in _rows("pinyin.tsv")}


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """Return word -> its syllables, where they are not the usual ones of its characters."""
    return {word: tuple(read.split(" ")) for word, read in _rows("readings.tsv")}


@cache
def components() -> dict[str, frozenset[str]]:
    """Return character -> itself and the parts that it is made of and few others are."""
    return {character: frozenset(parts) for character, parts in _rows("components.tsv")}


@cache
def trades() -> dict[str, int]:
    """Return word of a trade -> in how many of 10,000 names it stands, at least 1."""
    return {word: int(count) for word, count in _rows("trades.tsv")}


@cache
def region_shorts() -> dict[str, str]:
    """Return full region name -> short name; a name that has none stands for itself."""
    return {name: short or name for _, name, short in _rows("regions.tsv")}


@cache
def region_lengths() -> dict[str, tuple[int, ...]]:
    """Return the first two characters of region names -> the lengths to try, longest first."""
    found: dict[str, set[int]] = {}
    for name in regions():
        found.setdefault(name[:2], set()).add(len(name))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}


@cache
def weights() -> dict[str, Any]:
    """Return what was learnt of names: weights, thresholds, where from and how well they do."""
    text = files(__name__).joinpath("weights.json").read_text(encoding="utf-8")
    learnt: dict[str, Any] = json.loads(text)
    return learnt


def _rows(name: str) -> list[list[str]]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]
