"""Learn the weights of the evidence: a logistic model whose signs are what the words say."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from cli.matcher.judging import Judged
from cli.matcher.look_alikes import LOOK_ALIKES
from cli.matcher.questions import LABELLED, SHORT, Question
from services.customers.domain.evidence import AGAINST, EVIDENCE, FOR

WEIGHTS_FILE = Path(__file__).parents[2] / "services/customers/domain/tables/weights.json"
SHARES = {LABELLED: 3.0, SHORT: 0.3}
"""What a real pair counts beside a made one; short names are many, and many cannot be known."""

OTHERS = 3.0
"""What all other candidates of a question count together, beside the one that is meant."""

PENALTY = 0.5
"""Times half the square of the weights: a small one keeps them from following single names."""

LOOK_ALIKES_LIKELY = 0.001
"""At most so many of the made look-alikes may be likely; real ones were labelled for being hard."""

VARIATIONS_SIMILAR = 0.998
"""At least so many of the variations must be similar, and ..."""

NAMESAKES, NAMESAKES_SIMILAR = "other city", 0.9
"""... so many namesakes in other cities: whoever asks should see them."""

DIGITS = 2

Rows = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def learn(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return base, weights and thresholds, rounded, learnt from questions with their candidates."""
    evidence, same, share = _rows(judged)
    fitted = _fit(evidence, same, share)
    base, weights = round(float(fitted[0]), DIGITS), np.round(fitted[1:], DIGITS)
    sums = [(question, float(base + np.dot(weights, found))) for question, found in _meant(judged)]
    alike = [total for question, total in sums if question.kind in LOOK_ALIKES]
    varied = [total for question, total in sums if question.same]
    namesakes = [total for question, total in sums if question.kind == NAMESAKES]
    similar = min(_reached(varied, VARIATIONS_SIMILAR), _reached(namesakes, NAMESAKES_SIMILAR))
    return {
        "base": base,
        "weights": {name: float(w) for name, w in zip(EVIDENCE, weights, strict=True)},
        "thresholds": {"likely": _reached(alike, LOOK_ALIKES_LIKELY), "similar": similar},
    }


def _reached(sums: Sequence[float], part: float) -> float:
    """Return the threshold that so large a part of the sums reaches."""
    return round(float(np.quantile(sums, 1 - part)), DIGITS)


def write(learnt: dict[str, Any], path: Path = WEIGHTS_FILE) -> None:
    """Write the file that people review: the same bytes for the same content."""
    path.write_text(json.dumps(learnt, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _meant(judged: Iterable[Judged]) -> Iterable[tuple[Question, Sequence[float]]]:
    for one in judged:
        if one.meant >= 0 and one.question.kind != SHORT:
            yield one.question, one.evidence[one.meant]


def _rows(judged: Iterable[Judged]) -> Rows:
    rows: list[Sequence[float]] = []
    same: list[float] = []
    shares: list[float] = []
    for one in judged:
        share = SHARES.get(one.question.kind, 1.0)
        if one.meant >= 0:
            rows.append(one.evidence[one.meant])
            same.append(float(one.question.same))
            shares.append(share)
        elif one.question.same:
            continue
        others = [
            evidence
            for place, evidence in enumerate(one.evidence)
            if place != one.meant and place not in one.rivals
        ]
        rows += others
        same += [0.0] * len(others)
        shares += [share * OTHERS / max(1, len(others))] * len(others)
    return np.array(rows), np.array(same), np.array(shares)


def _fit(
    evidence: NDArray[np.float64], same: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    signs = np.where(same > 0, 1.0, -1.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = signs * (weights[0] + evidence @ weights[1:])
        wrong = -signs * share * expit(-margin)
        penalty = PENALTY * weights[1:]
        value = float(share @ np.logaddexp(0, -margin) + penalty @ weights[1:] / 2)
        return value, np.concatenate(([wrong.sum()], evidence.T @ wrong + penalty))

    bounds = [(None, None), *[(0, None)] * len(FOR), *[(None, 0)] * len(AGAINST)]
    start = np.zeros(1 + len(EVIDENCE))
    found = minimize(
        loss,
        start,
        jac=True,
        bounds=bounds,
        method="L-BFGS-B",
        options={"maxiter": 5000, "ftol": 1e-12, "gtol": 1e-8},
    )
    return np.asarray(found.x, dtype=np.float64)
