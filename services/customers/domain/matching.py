"""How alike two names are, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel import Reason, Sentence
from services.customers.domain import reasons as say
from services.customers.domain.evidence import EVIDENCE, Evidence, Profile, profile, weigh
from services.customers.domain.model import FULL, learnt
from services.customers.domain.names import Ignored, ParsedName
from services.customers.domain.policy import Duplicates

JUST_BELOW = 0.1
"""What a score lacks that may not reach a threshold."""

SAID = ("region", "core", "branch", "contact")


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
    asked, other = profile(query), profile(candidate)
    evidence = weigh(asked, other)
    score = FULL if same_key else learnt().score(evidence)
    return _match(Candidate("", "", candidate), asked, other, evidence, score, policy, same_key)


def rank(
    query: Candidate, candidates: Sequence[Candidate], policy: Duplicates, limit: int
) -> list[Match]:
    """Return the candidates that are at least similar, gravest and most alike first.

    At most `limit`, each customer once, by the name that is most alike; equal ones in the order
    of their references, so the result does not depend on the order of the candidates.
    """
    asked, model = profile(query.name), learnt()
    found = []
    for candidate in candidates:
        other = profile(candidate.name)
        same = bool(query.key) and candidate.key == query.key
        evidence = weigh(asked, other)
        score = FULL if same else model.score(evidence)
        if candidate.short and not _says_the_same(query.name, candidate.name):
            score = min(score, policy.likely_at.value - JUST_BELOW)
        place = (not same, -score, -model.sum(evidence), candidate.ref, candidate.alias)
        found.append((place, candidate, other, evidence))
    found.sort(key=lambda entry: entry[0], reverse=True)
    # The last of a customer's names is kept, which is the most alike.
    once = {entry[1].ref: entry for entry in found}
    first = sorted(once.values(), key=lambda entry: entry[0])[:limit]
    best = (
        _match(candidate, asked, other, evidence, -place[1], policy, not place[0])
        for place, candidate, other, evidence in first
    )
    return [match for match in best if match.grade is not Grade.NONE]


def _says_the_same(one: ParsedName, other: ParsedName) -> bool:
    """Whether two names differ in no more than the legal form."""
    return all(getattr(one, part) == getattr(other, part) for part in SAID)


def _match(
    candidate: Candidate,
    asked: Profile,
    other: Profile,
    evidence: Evidence,
    score: float,
    policy: Duplicates,
    same: bool,
) -> Match:
    return Match(
        candidate.ref,
        Grade.SAME if same else _grade_of(score, policy),
        score,
        tuple(_grounds(asked, other, evidence, same=same)),
        other.name.ignored,
        candidate.alias,
        candidate.short,
    )


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
