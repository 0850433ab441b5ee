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


class Grade(StrEnum):
    """How grave a resemblance is: `same` is decided by the identity key alone."""

    SAME = "same"
    LIKELY = "likely"
    SIMILAR = "similar"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name to compare, with the reference and the identity key of its customer.

    `alias` is the name itself where the customer is called otherwise now; such a one has no key.
    """

    ref: str
    key: str
    name: ParsedName
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why names count as alike, or what speaks against it: a stable code and a sentence."""

    code: str
    say: Sentence


@dataclass(frozen=True, slots=True)
class Match:
    """How alike a candidate is to the name asked about.

    `score` runs from 0 to 100; `grounds` come from the catalogue and quote nothing of the
    candidate; `ignored` is what was left aside in the candidate's name; `alias` is the candidate's.
    """

    ref: str
    grade: Grade
    score: float
    grounds: tuple[Ground, ...]
    ignored: tuple[Ignored, ...]
    alias: str = ""


def grade(
    query: ParsedName, candidate: ParsedName, policy: Duplicates, *, same_key: bool = False
) -> Match:
    """Compare two names. `same_key` says that their customers share the identity key.

    Symmetric in the names, except for `ignored`.
    """
    asked, other = profile(query), profile(candidate)
    return _match("", asked, other, weigh(asked, other), policy, same=same_key)


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
        place = (not same, -model.sum(evidence), candidate.ref, candidate.alias)
        found.append((place, other, evidence))
    found.sort(key=lambda entry: entry[0], reverse=True)
    # The last of a customer's names is kept, which is the most alike.
    once = {place[2]: (place, other, evidence) for place, other, evidence in found}
    first = sorted(once.values(), key=lambda entry: entry[0])[:limit]
    best = (
        _match(ref, asked, other, evidence, policy, same=not different, alias=alias)
        for (different, _, ref, alias), other, evidence in first
    )
    return [match for match in best if match.grade is not Grade.NONE]


def _match(
    ref: str,
    asked: Profile,
    other: Profile,
    evidence: Evidence,
    policy: Duplicates,
    *,
    same: bool,
    alias: str = "",
) -> Match:
    score = FULL if same else learnt().score(evidence)
    degree = Grade.SAME if same else _grade_of(score, policy)
    grounds = tuple(_grounds(asked, other, evidence, same=same))
    return Match(ref, degree, score, grounds, other.name.ignored, alias)


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
