"""How characters sound and look: what is heard right and written wrong, or misread."""

from services.customers.domain import tables


def syllables(folded: str) -> tuple[str, ...]:
    """Return the syllable of each character; what has none, a letter or a digit, is its own."""
    table = tables.pinyin()
    return tuple(table.get(ch, ch) for ch in folded)


def sounds_like(one: str, other: str) -> bool:
    """Whether two different characters are read alike, tones aside."""
    syllable = tables.pinyin().get(one)
    return syllable is not None and syllable == tables.pinyin().get(other)


def looks_like(one: str, other: str) -> bool:
    """Whether two different characters have a part in common that few others have (搏, 博)."""
    parts = tables.components().get(one)
    return parts is not None and not parts.isdisjoint(tables.components().get(other, parts - parts))
