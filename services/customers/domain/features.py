"""By what a name is found among very many: pieces that an alike name shares with it.

Each piece is one number below 2^63 that holds the piece itself, so different pieces never
meet: two characters, two syllables, or four letters, and in the highest bits which kind it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import log

from services.customers.domain.characters import syllables
from services.customers.domain.names import ParsedName
from services.customers.domain.trades import figures

PAIR, START, SKIP, SOUND, LETTERS = 1, 2, 3, 4, 5
KIND_SHIFT = 60
CHARACTER_BITS = 21
LETTER_BITS = 5
SYLLABLE_BITS = 30
ASCII_BITS = 7
NOTHING = "\0"
BEGINNING = 4
"""What stands in the first characters of a core is indexed by sound and over a gap, too."""

WINDOW = 4
BUDGET = 6_000
"""Entries of an index that one search reads, more or less; the rarest pieces say most."""

COMMON = 1_000_000
"""A piece that so many names have says next to nothing."""

ALWAYS = 10
"""So many names are weighed, however little they share."""

SHARE = 0.3
"""More names are weighed that share this part of what the one that shares most does."""

READ = 80
"""Characters of a name that are indexed; longer names are told apart long before."""


def features(name: ParsedName) -> frozenset[int]:
    """Return the pieces of a name. Names that share none need not be compared.

    Pairs of neighbouring characters of the whole name without its legal form; the core's
    start; in the core's beginning also pairs over a gap (one wrong character leaves some
    whole) and pairs of syllables (so do any that sound the same). Of a core in letters, four
    at a time. At most some three pieces for each character.
    """
    core = figures(name.core)[:READ]
    before = figures("".join(name.before))[:READ]
    branch = figures(name.branch)[:READ]
    if core.isascii() and len(core) > WINDOW:
        return frozenset((*_letters(core), *_pairs(before + branch)))
    return frozenset((*_beginning(core), *_pairs(before + core + branch)))


def fragments(name: ParsedName) -> frozenset[int]:
    """Return the pieces that every name has which contains this one, wherever it stands there.

    None for a single character, and for fewer than four letters.
    """
    core = figures(name.core)[:READ]
    if core.isascii():
        return frozenset(_letters(core))
    return frozenset(piece for piece in features(name) if piece >> KIND_SHIFT == PAIR)


def rarest_first(sizes: Mapping[int, int], budget: int) -> list[int]:
    """Choose the pieces to look for, given piece -> entries: the rarest until `budget` is read.

    The rarest always, if it has any entry; none that has no entry.
    """
    chosen: list[int] = []
    read = 0
    for size, piece in sorted((size, piece) for piece, size in sizes.items() if size):
        read += size
        if chosen and read > budget:
            break
        chosen.append(piece)
    return chosen


def near_enough(totals: Sequence[float]) -> int:
    """Return how many names are weighed, given the worths that names share, most first.

    Some always, more only as long as they share enough: of 1,000 names that are meant, one less
    is found than by weighing three times as many.
    """
    enough = SHARE * totals[0] if totals else 0.0
    return sum(at < ALWAYS or total >= enough for at, total in enumerate(totals))


def worth(size: int) -> float:
    """Return how much a shared piece says that `size` names have: the rarer, the more."""
    return log(1 + COMMON / size)


def _pairs(text: str) -> Iterator[int]:
    return (_pack(PAIR, one, other) for one, other in pairwise(text))


def _beginning(core: str) -> Iterator[int]:
    beginning = core[:BEGINNING]
    if beginning:
        yield _pack(START, NOTHING, beginning[0])
    if len(beginning) > 1:
        yield _pack(START, beginning[0], beginning[1])
    yield from (_pack(SKIP, a, b) for a, b in zip(beginning, beginning[2:], strict=False))
    for one, other in pairwise(syllables(beginning)):
        if _spellable(one) and _spellable(other):
            yield (SOUND << KIND_SHIFT) | (_spelt(one) << SYLLABLE_BITS) | _spelt(other)


def _letters(core: str) -> Iterator[int]:
    for at in range(len(core) - WINDOW + 1):
        packed = 0
        for letter in core[at : at + WINDOW]:
            packed = (packed << ASCII_BITS) | ord(letter)
        yield (LETTERS << KIND_SHIFT) | packed


def _pack(kind: int, one: str, other: str) -> int:
    return (kind << KIND_SHIFT) | (ord(one) << CHARACTER_BITS) | ord(other)


def _spellable(syllable: str) -> bool:
    return syllable.isascii() and syllable.isalpha() and syllable.islower()


def _spelt(syllable: str) -> int:
    spelt = 0
    for letter in syllable:
        spelt = (spelt << LETTER_BITS) | (ord(letter) - ord("a") + 1)
    return spelt
