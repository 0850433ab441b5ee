"""The index of a population in memory, with the features and the budget of the service."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.customers.domain.features import BUDGET, features, near_enough, rarest_first, worth
from services.customers.domain.names import ParsedName, parse

BLOCK = 1_000_000
"""Pieces that are kept as Python numbers before they are packed."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Feature -> the numbers of the names that have it."""

    size: int
    features: NDArray[np.int64]
    starts: NDArray[np.int64]
    numbers: NDArray[np.int32]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Postings":
        """Index names; a name's number is its place."""
        pieces: list[int] = []
        lengths = np.empty(len(names), dtype=np.int32)
        blocks = []
        for number, name in enumerate(names):
            found = features(parse(name))
            lengths[number] = len(found)
            pieces += found
            if len(pieces) > BLOCK:
                blocks.append(np.array(pieces, dtype=np.int64))
                pieces = []
        blocks.append(np.array(pieces, dtype=np.int64))
        joined = np.concatenate(blocks)
        numbers = np.repeat(np.arange(len(names), dtype=np.int32), lengths)
        order = np.argsort(joined, kind="stable")
        unique, starts = np.unique(joined[order], return_index=True)
        return cls(len(names), unique, np.append(starts, len(joined)), numbers[order])

    def nearest(self, name: ParsedName, most: int) -> list[int]:
        """Return the numbers of the names that share most with a name, by worth, best first."""
        asked = sorted(features(name))
        places = np.searchsorted(self.features, asked)
        sizes: dict[int, int] = {}
        where: dict[int, slice] = {}
        for piece, place in zip(asked, places, strict=True):
            if place < len(self.features) and self.features[place] == piece:
                where[piece] = slice(int(self.starts[place]), int(self.starts[place + 1]))
                sizes[piece] = where[piece].stop - where[piece].start
        chosen = rarest_first(sizes, BUDGET)
        if not chosen:
            return []
        found = [self.numbers[where[piece]] for piece in chosen]
        weights = [np.full(len(f), worth(sizes[p])) for f, p in zip(found, chosen, strict=True)]
        numbers, places = np.unique(np.concatenate(found), return_inverse=True)
        totals = np.bincount(places, weights=np.concatenate(weights))
        best = np.lexsort((numbers, -totals))[:most]
        best = best[: near_enough(totals[best].tolist())]
        return [int(number) for number in numbers[best]]
