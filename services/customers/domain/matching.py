"""How alike two names are, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel import Reason, Sentence
from services.customers.domain import likeness_reasons as say
from services.customers.domain.evidence import EVIDENCE, Evidence, Profile, profile, weigh
from services.customers.domain.model import FULL, learnt
from services.customers.domain.names import Ignored, ParsedName
from services.customers.domain.policy import Duplicates

JUST_BELOW = 0.1
"""What a score lacks that may not reach a threshold."""

SAID = ("region", "core", "branch", "contact")
"""What a name says besides its legal form."""


class Grade(StrEnum):
    """How grave a resemblance is: `same` is decided by the identity key alone."""

    SAME = "same"
    LIKELY = "likely"
    SIMILAR = "similar"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name to compare, with the reference and the identity key of its customer.

    `alias` is the name itself where it is not the customer's own; such a one has no key. A
    `short` one says less than a name: others may be called the same, elsewhere or in another trade.
    """

    ref: str
    key: str
    name: ParsedName
    alias: str = ""
    short: bool = False


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
    return _match(asked, _compare(asked, key, Candidate("", key, candidate), policy))


@dataclass(frozen=True, slots=True)
class _Compared:
    """A candidate laid beside the name asked about; `total` tells apart where scores hardly do."""

    candidate: Candidate
    other: Profile
    evidence: Evidence
    total: float
    score: float
    grade: Grade

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
    return [_match(asked, one) for one in best]


def _compare(asked: Profile, key: str, candidate: Candidate, policy: Duplicates) -> _Compared:
    other, model = profile(candidate.name), learnt()
    evidence = weigh(asked, other)
    total = model.sum(evidence)
    if key and candidate.key == key:
        return _Compared(candidate, other, evidence, total, FULL, Grade.SAME)
    score = model.scale(total)
    if candidate.short and not _says_the_same(asked.name, candidate.name):
        score = min(score, policy.likely_at.value - JUST_BELOW)
    return _Compared(candidate, other, evidence, total, score, _grade_of(score, policy))


def _match(asked: Profile, one: _Compared) -> Match:
    grounds = _grounds(asked, one.other, one.evidence, same=one.grade is Grade.SAME)
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


def _ground(reason: Reason, **figures: int) -> Ground:
    return Ground(reason.code, Sentence(reason.zh, reason.en).fill(figures))
