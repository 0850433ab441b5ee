"""How well the matcher finds what is meant, and how seldom it takes one company for another."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cli.matcher.judging import CANDIDATES, Judged
from cli.matcher.questions import SHORT
from services.customers.domain.identity import identity_key
from services.customers.domain.model import LIKELY, SIMILAR, Model
from services.customers.domain.policy import Identity

SHOWN = 10
GOAL, SHORT_GOAL, SAME_GOAL = 0.97, 0.9, 0.001


@dataclass(frozen=True, slots=True)
class Recall:
    """Of a kind of question: how many, how many of them nobody could decide, what was found.

    `first` is the part where what is meant comes first, `shown` where it is among the first
    ten, `likely` and `similar` where it has at least that grade.
    """

    kind: str
    asked: int
    undecidable: int
    first: float
    shown: float
    likely: float
    similar: float
    precision: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """Of a kind of look-alike: how often the other company counts as same, likely, similar."""

    kind: str
    asked: int
    same: float
    likely: float
    similar: float


@dataclass(frozen=True, slots=True)
class Quality:
    """All kinds of questions of one half, and the sums from which the ROC is drawn."""

    recalls: tuple[Recall, ...]
    confusions: tuple[Confusion, ...]
    varied: tuple[float, ...]
    alike: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON-ready data, rounded to four digits."""
        return {
            "found": {r.kind: _rounded(asdict(r)) for r in self.recalls},
            "confused": {c.kind: _rounded(asdict(c)) for c in self.confusions},
        }

    def missed(self) -> list[str]:
        """Name the goals that are not reached."""
        missed = [
            f"{r.kind}: recall@1 {r.first:.3f} < {GOAL}"
            for r in self.recalls
            if r.kind != SHORT and r.first < GOAL
        ]
        missed += [
            f"{r.kind}: recall@10 {r.shown:.3f} < {SHORT_GOAL}"
            for r in self.recalls
            if r.kind == SHORT and r.shown < SHORT_GOAL
        ]
        asked = sum(c.asked for c in self.confusions)
        same = sum(c.same * c.asked for c in self.confusions)
        if asked and same / asked > SAME_GOAL:
            missed.append(f"look-alikes taken for the same: {same / asked:.4f} > {SAME_GOAL}")
        return missed


def measure(judged: Sequence[Judged], model: Model, identity: Identity) -> Quality:
    """Rank the candidates of every question by the model and count."""
    by_kind: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_kind[one.question.kind].append(one)
    recalls = [_recall(k, f, model) for k, f in by_kind.items() if f[0].question.same]
    confusions = [
        _confusion(k, f, model, identity) for k, f in by_kind.items() if not f[0].question.same
    ]
    known = [j for j in judged if j.meant >= 0 and j.question.kind != SHORT]
    sums = [(j.question.same, model.sum(j.evidence[j.meant])) for j in known]
    return Quality(
        tuple(recalls),
        tuple(confusions),
        tuple(sorted(total for same, total in sums if same)),
        tuple(sorted(total for same, total in sums if not same)),
    )


def _recall(kind: str, judged: Sequence[Judged], model: Model) -> Recall:
    decidable = [one for one in judged if not one.rivals]
    places, scores, right, told = [], [], 0, 0
    for one in decidable:
        ranked = ranking(one, model)
        places.append(ranked.index(one.meant) if one.meant >= 0 else CANDIDATES)
        scores.append(model.score(one.evidence[one.meant]) if one.meant >= 0 else 0.0)
        if ranked and model.score(one.evidence[ranked[0]]) >= LIKELY:
            told += 1
            right += ranked[0] == one.meant
    return Recall(
        kind,
        len(judged),
        len(judged) - len(decidable),
        first=_part(place == 0 for place in places),
        shown=_part(place < SHOWN for place in places),
        likely=_part(score >= LIKELY for score in scores),
        similar=_part(score >= SIMILAR for score in scores),
        precision=right / told if told else 1.0,
    )


def ranking(judged: Judged, model: Model) -> list[int]:
    """Return the candidates' places, most alike first; equal ones in the index's order."""
    sums = [model.sum(evidence) for evidence in judged.evidence]
    return sorted(range(len(sums)), key=lambda place: (-sums[place], place))


def _confusion(kind: str, judged: Sequence[Judged], model: Model, identity: Identity) -> Confusion:
    scores = [model.score(j.evidence[j.meant]) if j.meant >= 0 else 0.0 for j in judged]
    keys = [(_key(j.question.asked, identity), _key(j.question.meant, identity)) for j in judged]
    return Confusion(
        kind,
        len(judged),
        same=_part(one == other for one, other in keys),
        likely=_part(score >= LIKELY for score in scores),
        similar=_part(score >= SIMILAR for score in scores),
    )


def _key(name: str, identity: Identity) -> str:
    return identity_key(name, "general", "", identity)


def _part(found: Iterable[bool]) -> float:
    counted = Counter(found)
    return counted[True] / max(1, counted.total())


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items() if k != "kind"
    }
