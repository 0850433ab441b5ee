"""Two cores laid side by side: what they have in common, weighed by what each character says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from rapidfuzz.distance import Levenshtein

from services.customers.domain.characters import looks_like, sounds_like

Step = tuple[str, int, int, int, int]
NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Alignment:
    """How much of two texts is the same, from 0 to 1, after the fewest changes of characters.

    `common` is the part of both together, `most` the part of the one that has more of itself in
    the other; `sound` is the part of both that is written otherwise and read alike, `look` what
    is read otherwise and looks alike. `ordinal` says that a numeral stands against another one.
    """

    common: float
    most: float
    sound: float
    look: float
    ordinal: bool


WHOLE = Alignment(1.0, 1.0, 0.0, 0.0, ordinal=False)


def align(
    one: str, other: str, weights_one: Sequence[float], weights_other: Sequence[float]
) -> Alignment:
    """Lay two texts side by side; each character has its weight.

    Of several ways with as few changes always the same is taken, whichever text comes first.
    """
    if one == other:
        return WHOLE
    if one > other:
        one, other, weights_one, weights_other = other, one, weights_other, weights_one
    kept_one = kept_other = sound = look = 0.0
    ordinal = False
    steps = cast("list[Step]", Levenshtein.opcodes(one, other).as_list())
    for tag, start, end, there, until in steps:
        if tag == "equal":
            kept_one += sum(weights_one[start:end])
            kept_other += sum(weights_other[there:until])
        elif tag == "replace":
            for at, to in zip(range(start, end), range(there, until), strict=True):
                ordinal = ordinal or (one[at].isdigit() and other[to].isdigit())
                if sounds_like(one[at], other[to]):
                    sound += weights_one[at] + weights_other[to]
                elif looks_like(one[at], other[to]):
                    look += weights_one[at] + weights_other[to]
    all_one, all_other = sum(weights_one), sum(weights_other)
    total = all_one + all_other + NOTHING
    common = (kept_one + kept_other) / total
    return Alignment(
        common,
        # Never less than in both together, however the quotients are rounded.
        max(common, kept_one / (all_one + NOTHING), kept_other / (all_other + NOTHING)),
        sound / total,
        look / total,
        ordinal,
    )
