"""How alike two names are, as a number that explains itself: weights over the evidence.

The weights and the two thresholds are learnt (`crm matcher train`) and kept in
`tables/weights.json`, which says from what they were learnt and how well they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp
from operator import mul
from typing import Any

from services.customers.domain import tables
from services.customers.domain.evidence import EVIDENCE, Evidence

SIMILAR, LIKELY, FULL = 60.0, 90.0, 100.0
"""The scores at the two thresholds: they keep their meaning when the weights are learnt anew."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in the order of `EVIDENCE`, what is added to them, and the two thresholds.

    What speaks for weighs nothing or more, what speaks against nothing or less.
    """

    weights: tuple[float, ...]
    base: float
    similar: float
    likely: float

    @classmethod
    def from_dict(cls, learnt: Mapping[str, Any]) -> "Model":
        """Read what training wrote."""
        return cls(
            tuple(float(learnt["weights"][name]) for name in EVIDENCE),
            float(learnt["base"]),
            float(learnt["thresholds"]["similar"]),
            float(learnt["thresholds"]["likely"]),
        )

    def sum(self, evidence: Evidence) -> float:
        """Return the evidence for, less that against: the logarithm of the odds."""
        total: float = sum(map(mul, self.weights, evidence), start=self.base)
        return total

    def score(self, evidence: Evidence) -> float:
        """Return the likeness from 0 to 100; it grows with the sum, 60 and 90 at the thresholds."""
        return self.scale(self.sum(evidence))

    def scale(self, total: float) -> float:
        """Return the likeness that a sum of evidence stands for."""
        if total < self.similar:
            return SIMILAR * exp(total - self.similar)
        if total < self.likely:
            return SIMILAR + (LIKELY - SIMILAR) * (total - self.similar) / (
                self.likely - self.similar
            )
        return FULL - (FULL - LIKELY) * exp(self.likely - total)


@cache
def learnt() -> Model:
    """Return the model of the reviewed file."""
    return Model.from_dict(tables.weights())
