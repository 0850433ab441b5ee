"""Questions to a population with the answers known: which name is meant, or that none is."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.matcher.data import Data, half
from cli.matcher.look_alikes import LOOK_ALIKES
from cli.matcher.variations import VARIATIONS, Vary
from services.customers.domain.names import parse

LABELLED, UNLIKE, SHORT = "labelled pairs", "labelled as others", "listed short names"
REAL = frozenset({LABELLED, UNLIKE, SHORT})


@dataclass(frozen=True, slots=True)
class Question:
    """A name as somebody writes it, of a kind; `meant` is in the population.

    `same` says whether it is the name's organisation, or only looks like it.
    """

    kind: str
    asked: str
    meant: str
    same: bool


def questions(
    data: Data, names: Sequence[str], part: str, each: int, seed: int
) -> Iterator[Question]:
    """Yield the questions of one half: `each` of every kind, and all real ones."""
    yield from real(data, part)
    choose = random.Random(f"{seed} {part}")  # noqa: S311 - names, no secrets
    own = [name for name in names if half(name) == part]
    for kind, vary in VARIATIONS.items():
        yield from _varied(kind, vary, own, each, choose, same=True)
    for kind, vary in LOOK_ALIKES.items():
        yield from _varied(kind, vary, own, each, choose, same=False)


def real(data: Data, part: str) -> Iterator[Question]:
    """Yield the labelled pairs and listed names whose full name is of one half."""
    for pair in data.pairs:
        if half(pair.other) == part:
            yield Question(LABELLED if pair.same else UNLIKE, pair.one, pair.other, pair.same)
    for short, full in data.listed:
        if half(full) == part:
            yield Question(SHORT, short, full, same=True)


def _varied(
    kind: str, vary: Vary, names: Sequence[str], each: int, choose: random.Random, *, same: bool
) -> Iterator[Question]:
    found = 0
    for name in choose.sample(names, len(names)):
        written = vary(name, parse(name), choose)
        if not written or written == name:
            continue
        yield Question(kind, written, name, same)
        found += 1
        if found == each:
            return
