"""Characters that people take for one another, and what a character turns into."""

from collections import defaultdict
from functools import cache

from services.customers.domain import tables
from services.customers.domain.characters import looks_like, sounds_like
from services.customers.domain.folding import fold


@cache
def common() -> tuple[str, ...]:
    """Return the characters of GB 2312's first level: the 3,755 most used."""
    found = []
    for ch in tables.pinyin():
        code = ch.encode("gb2312", "ignore")
        if code and 0xB0 <= code[0] <= 0xD7:
            found.append(ch)
    return tuple(sorted(found))


def unlike(ch: str) -> str:
    """Return the characters that neither sound nor look like one."""
    return "".join(o for o in common() if not sounds_like(ch, o) and not looks_like(ch, o))


@cache
def by_sound() -> dict[str, str]:
    alike: dict[str, str] = defaultdict(str)
    for ch in common():
        alike[tables.pinyin()[ch]] += ch
    return dict(alike)


@cache
def by_look() -> dict[str, str]:
    having: dict[str, str] = defaultdict(str)
    for ch in common():
        for part in tables.components()[ch]:
            having[part] += ch
    made = tables.components()
    return {ch: "".join(sorted(having[part] for part in made[ch])) for ch in common()}


@cache
def traditional() -> dict[int, str]:
    back: dict[int, str] = {}
    for code, simple in sorted(tables.simplified().items()):
        if fold(chr(code)) == simple and len(simple) == 1:
            back.setdefault(ord(simple), chr(code))
    return back
