"""How alike two names are, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel import Reason, Sentence
from services.customers.domain import likeness_reasons as say
from services.customers.domain.evidence import (
    EVIDENCE,
    Evidence,
    Profile,
    profile,
    same_branch,
    weigh,
)
from services.customers.domain.marks import MarkKind
from services.customers.domain.model import FULL, learnt
from services.customers.domain.names import Ignored, ParsedName
from services.customers.domain.policy import Duplicates

MOST = 99.0
"""Points for marks take no score further."""

TWO = ("region_differs", "branch_differs", "ordinal_differs", "contact_differs")
"""Evidence that tells apart two that share an office: marks do not outweigh it."""

WHOLE = 0.95
"""So much of both cores is equal, sounds or looks alike when nothing of them tells two apart."""

JUST_BELOW = 0.1
"""What a score lacks that may not reach a threshold."""

SAID = ("region", "core", "branch", "contact")
"""What a name says besides its legal form."""


class Grade(StrEnum):
    """How grave a resemblance is: `same` is decided by identity key or credit code alone."""

    SAME = "same"
    LIKELY = "likely"
    SIMILAR = "similar"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name to compare, with the reference and the identity key of its customer.

    `alias` is the name itself where it is not the customer's own; such a one has no key. A
    `short` one says less than a name: others may be called the same, elsewhere or in another trade.
    `shared` are the kinds of marks that its customer shares with the one asked about;
    `code_differs` says that both have a credit code, and not the same.
    """

    ref: str
    key: str
    name: ParsedName
    alias: str = ""
    short: bool = False
    shared: frozenset[MarkKind] = frozenset()
    code_differs: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """Why names count as alike, or what speaks against it: a stable code and a sentence."""

    code: str
    say: Sentence


@dataclass(frozen=True, slots=True)
class Match:
    """How alike a candidate is to the name asked about.

    `score` runs from 0 to 100; `grounds` come from the catalogue and quote nothing of the
    candidate; `ignored` is what was left aside in the candidate's name; `alias` and `short` are
    the candidate's.
    """

    ref: str
    grade: Grade
    score: float
    grounds: tuple[Ground, ...]
    ignored: tuple[Ignored, ...]
    alias: str = ""
    short: bool = False


def grade(
    query: ParsedName, candidate: ParsedName, policy: Duplicates, *, same_key: bool = False
) -> Match:
    """Compare two names. `same_key` says that their customers share the identity key.

    Symmetric in the names, except for `ignored`.
    """
    asked, key = profile(query), "one" if same_key else ""
    compared = _compare(asked, key, Candidate("", key, candidate), policy)
    return _match(asked, compared, policy)


@dataclass(frozen=True, slots=True)
class _Compared:
    """A candidate laid beside the name asked about; `total` tells apart where scores hardly do."""

    candidate: Candidate
    other: Profile
    evidence: Evidence
    total: float
    score: float
    grade: Grade
    same_key: bool = False

    @property
    def place(self) -> tuple[bool, float, float, str, str]:
        candidate = self.candidate
        grave = self.grade is not Grade.SAME
        return grave, -self.score, -self.total, candidate.ref, candidate.alias


def rank(
    query: Candidate, candidates: Sequence[Candidate], policy: Duplicates, limit: int
) -> list[Match]:
    """Return the candidates that are at least similar, gravest and most alike first.

    At most `limit`, each customer once, by the name that is most alike; equal ones in the order
    of their references, so the result does not depend on the order of the candidates.
    """
    asked = profile(query.name)
    alike = [
        one
        for candidate in candidates
        if (one := _compare(asked, query.key, candidate, policy)).grade is not Grade.NONE
    ]
    alike.sort(key=lambda one: one.place, reverse=True)
    # The last of a customer's names is kept, which is the most alike.
    once = {one.candidate.ref: one for one in alike}
    best = sorted(once.values(), key=lambda one: one.place)[:limit]
    return [_match(asked, one, policy) for one in best]


def _compare(asked: Profile, key: str, candidate: Candidate, policy: Duplicates) -> _Compared:
    other, model = profile(candidate.name), learnt()
    evidence = weigh(asked, other)
    total = model.sum(evidence)
    if key and candidate.key == key:
        return _Compared(candidate, other, evidence, total, FULL, Grade.SAME, same_key=True)
    coded = MarkKind.CREDIT_CODE in candidate.shared
    if coded and not candidate.alias and same_branch(asked.name, candidate.name):
        return _Compared(candidate, other, evidence, total, FULL, Grade.SAME)
    score, below = model.scale(total), policy.likely_at.value - JUST_BELOW
    if candidate.short and not _says_the_same(asked.name, candidate.name):
        score = min(score, below)
    if points := mark_points(candidate.shared, policy):
        telling = points.keys() - {MarkKind.CONTACT}
        least = policy.similar_at.value if telling else 0.0
        most = MOST if _may_be_one(asked, other, evidence) else below
        score = max(score, least, min(score + sum(points.values()), most))
    if coded:
        score = max(score, policy.likely_at.value)
    if candidate.code_differs:
        score = min(score, below)
    return _Compared(candidate, other, evidence, total, score, _grade_of(score, policy))


def _may_be_one(asked: Profile, other: Profile, evidence: Evidence) -> bool:
    """Whether marks may make names likely: not two people, branches or firms of one office."""
    found = dict(zip(EVIDENCE, evidence, strict=True))
    if any(found[name] for name in TWO):
        return False
    contained = asked.core.startswith(other.core) or other.core.startswith(asked.core)
    return contained or found["core"] + found["sound"] + found["look"] > WHOLE


def mark_points(shared: frozenset[MarkKind], policy: Duplicates) -> dict[MarkKind, float]:
    """Return what policy adds to a score for each of some kinds of marks that are equal."""
    points = policy.mark_points.value if policy.mark_points else {}
    added = {MarkKind(name): value for name, value in points.items() if value}
    return {kind: value for kind, value in added.items() if kind in shared}


def _match(asked: Profile, one: _Compared, policy: Duplicates) -> Match:
    grounds = [
        *_grounds(asked, one.other, one.evidence, same=one.same_key),
        *_mark_grounds(one.candidate, policy),
    ]
    return Match(
        ref=one.candidate.ref,
        grade=one.grade,
        score=one.score,
        grounds=tuple(grounds),
        ignored=one.other.name.ignored,
        alias=one.candidate.alias,
        short=one.candidate.short,
    )


def _says_the_same(one: ParsedName, other: ParsedName) -> bool:
    """Whether two names differ in no more than the legal form."""
    return all(getattr(one, part) == getattr(other, part) for part in SAID)


def _grade_of(score: float, policy: Duplicates) -> Grade:
    if score >= policy.likely_at.value:
        return Grade.LIKELY
    return Grade.SIMILAR if score >= policy.similar_at.value else Grade.NONE


TOLD: tuple[tuple[str, Reason], ...] = (
    ("region_within", say.REGION_WITHIN),
    ("region_one", say.REGION_IGNORED),
    ("region_differs", say.REGION_DIFFERS),
    ("zone_differs", say.STREET_DIFFERS),
    ("branch_one", say.BRANCH_ONE),
    ("branch_differs", say.BRANCH_DIFFERS),
    ("ordinal_differs", say.ORDINAL_DIFFERS),
    ("contact_differs", say.CONTACT_OTHER),
    ("contact_one", say.CONTACT_IGNORED),
)
"""Evidence that is told wherever there is any of it, in this order."""

MARKS_TOLD = {
    MarkKind.PHONE: say.PHONE_EQUAL,
    MarkKind.ADDRESS: say.ADDRESS_EQUAL,
    MarkKind.CONTACT: say.CONTACT_EQUAL,
}

TRADE_TOLD = 0.5
"""The part of a trade from which on it is told that it differs."""


def _grounds(asked: Profile, other: Profile, evidence: Evidence, *, same: bool) -> Iterator[Ground]:
    found = dict(zip(EVIDENCE, evidence, strict=True))
    if same:
        yield _ground(say.SAME_IDENTITY)
    yield from _core_grounds(asked, other, found)
    if asked.name.places and asked.name.places == other.name.places:
        yield _ground(say.REGION_EQUAL)
    yield from (_ground(reason) for name, reason in TOLD if found[name])
    if asked.name.legal_form != other.name.legal_form:
        yield _ground(say.LEGAL_FORM_IGNORED)


def _core_grounds(asked: Profile, other: Profile, found: dict[str, float]) -> Iterator[Ground]:
    if asked.core == other.core:
        yield _ground(say.CORE_EQUAL)
        return
    if asked.core.startswith(other.core) or other.core.startswith(asked.core):
        yield _ground(say.CORE_CONTAINED)
    elif found["core"] > 0:
        yield _ground(say.CORE_ALIKE, percent=round(100 * found["core"]))
    if found["sound"]:
        yield _ground(say.SOUND_EQUAL)
    if found["look"]:
        yield _ground(say.LOOK_ALIKE)
    if found["trade_differs"] > TRADE_TOLD:
        yield _ground(say.TRADE_DIFFERS)


def _mark_grounds(candidate: Candidate, policy: Duplicates) -> Iterator[Ground]:
    if MarkKind.CREDIT_CODE in candidate.shared:
        yield _ground(say.CREDIT_CODE_EQUAL)
    if candidate.code_differs:
        yield _ground(say.CREDIT_CODE_DIFFERS)
    for kind, points in mark_points(candidate.shared, policy).items():
        yield _ground(MARKS_TOLD[kind], points=round(points))


def _ground(reason: Reason, **figures: int) -> Ground:
    return Ground(reason.code, Sentence(reason.zh, reason.en).fill(figures))
