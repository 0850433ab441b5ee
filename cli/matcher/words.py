"""The words of trades, found in real names: what follows many different brands."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from services.customers.domain.names import NUMBER, ParsedName, parse
from services.customers.domain.words import COMPANY_FORMS, HEADS

TABLE = Path("services/customers/domain/tables/trades.tsv")
LENGTHS = (4, 3, 2)
BRAND = 2
NEIGHBOURS = 15
"""A word follows at least so many different endings of brands (or precedes, in front)."""

EXPLAINED = 0.8
"""An ending that stands in so large a part within one longer word is no word of its own."""

SHARE = 0.2
"""A word that ends in another one stands for at least so large a part of it."""

ROUNDS = 3
FRONT_NEIGHBOURS = 60
OUT_OF = 10_000


def write_trades(names: Iterable[str], table: Path) -> int:
    """Find the words of trades in full names and write the table; return how many there are."""
    cores = sorted({_core(parse(name)) for name in names})
    words = sorted(trades(cores) | fronts(cores) | set(HEADS))
    counts = {word: sum(word in core for core in cores) for word in words}
    lines = [f"{w}\t{max(1, round(counts[w] * OUT_OF / len(cores)))}\n" for w in words]
    table.write_text("".join(lines), encoding="utf-8")
    return len(words)


def trades(cores: Iterable[str]) -> set[str]:
    """Return the words at the ends of cores, then at the ends of what they leave, and again."""
    words: set[str] = set()
    remaining = list(cores)
    for _ in range(ROUNDS):
        words |= _endings(remaining, words)
        remaining = [rest for core in remaining if (rest := _without(core, words))]
    return {word for word in words if not _compound(word, words)}


def fronts(cores: Iterable[str]) -> set[str]:
    """Return the words of two characters that stand before very many different brands: 中国."""
    after: dict[str, set[str]] = defaultdict(set)
    for core in cores:
        if len(core) >= 2 * BRAND:
            after[core[:BRAND]].add(core[BRAND : 2 * BRAND])
    return {word for word, found in after.items() if len(found) >= FRONT_NEIGHBOURS}


def _core(name: ParsedName) -> str:
    """Return the core as it is without any table of trades: the region is never its brand."""
    place = name.region[-1] if name.region else ""
    return name.core.removeprefix(place) or name.core


def _endings(cores: list[str], known: set[str]) -> set[str]:
    before: dict[str, Counter[str]] = defaultdict(Counter)
    for core in cores:
        for length in LENGTHS:
            if len(core) >= length + BRAND:
                before[core[-length:]][core[-length - BRAND : -length]] += 1
    found = {
        word: sum(places.values())
        for word, places in before.items()
        if len(places) >= NEIGHBOURS and not NUMBER.search(word) and word not in COMPANY_FORMS
    }
    return set(_own_words(found)) - known


def _own_words(found: dict[str, int]) -> Iterator[str]:
    for word, count in found.items():
        longer = max((n for w, n in found.items() if w != word and w.endswith(word)), default=0)
        if longer <= EXPLAINED * count and not _brand_with_word(word, found):
            yield word


def _brand_with_word(word: str, found: dict[str, int]) -> bool:
    """Whether a word is a shorter one with the end of a brand before it: 达科技."""
    return any(found[word] < SHARE * found.get(word[at:], 0) for at in range(1, len(word) - 1))


def _without(core: str, words: set[str]) -> str:
    for length in LENGTHS:
        if len(core) >= length + BRAND and core[-length:] in words:
            return core[:-length]
    return ""


def _compound(word: str, words: set[str]) -> bool:
    return len(word) == 2 * BRAND and word[:BRAND] in words and word[BRAND:] in words
