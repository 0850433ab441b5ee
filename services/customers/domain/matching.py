"""How alike two names are, and why."""

import re
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from chassis.kernel import Reason
from services.customers.domain import reasons as say
from services.customers.domain import tables
from services.customers.domain.names import Ignored, ParsedName
from services.customers.domain.policy import Duplicates

START = "^"
DIGITS = "〇一二三四五六七八九"
NUMBER = re.compile(r"[0-9]+|[〇零一二两三四五六七八九十百]+")
CONTAINED_LEAST = 2
FULL = 100.0


class Grade(StrEnum):
    """How grave a resemblance is: `same` is decided by the identity key alone."""

    SAME = "same"
    LIKELY = "likely"
    SIMILAR = "similar"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name to compare, with the reference and the identity key of its customer."""

    ref: str
    key: str
    name: ParsedName


@dataclass(frozen=True, slots=True)
class Match:
    """How alike a candidate is to the name asked about.

    `score` runs from 0 to 100; `reasons` are grounds from the catalogue, which quote
    nothing of the candidate; `ignored` is what was left aside in the candidate's name.
    """

    ref: str
    grade: Grade
    score: float
    reasons: tuple[Reason, ...]
    ignored: tuple[Ignored, ...]


def grams(name: ParsedName) -> frozenset[str]:
    """Return the blocking keys of a name: names that share none need not be compared.

    The character pairs of the core, the first with a start mark; a core of one
    character is its own key too. At most one key per character of the core and one more.
    """
    marked = START + name.core
    pairs = {marked[at : at + 2] for at in range(len(marked) - 1)}
    return frozenset(pairs | {name.core} if len(name.core) == 1 else pairs)


def grade(
    query: ParsedName, candidate: ParsedName, policy: Duplicates, *, same_key: bool = False
) -> Match:
    """Compare two names. `same_key` says that their customers share the identity key.

    The score is the likeness of the cores, capped when regions, branches, numbers or
    contacts differ, and a little less when the legal form does. Symmetric in the names,
    except for `ignored`.
    """
    score = _likeness(query.core, candidate.core, policy)
    return _grade(query, Candidate("", "", candidate), policy, same_key, score)


def rank(
    query: Candidate, candidates: Sequence[Candidate], policy: Duplicates, limit: int
) -> list[Match]:
    """Return the candidates that are at least similar, gravest and most alike first.

    At most `limit`; equal ones in the order of their references, so the result does not
    depend on the order of the candidates.
    """
    least = policy.similar_at.value
    alike = []
    for candidate in candidates:
        same = bool(query.key) and candidate.key == query.key
        likeness = _likeness(query.name.core, candidate.name.core, policy)
        if same or likeness >= least:
            alike.append((not same, -likeness, candidate))
    alike.sort(key=lambda entry: entry[:2])
    found: list[tuple[bool, float, str, Match]] = []
    for other, falling, candidate in alike:
        # Likeness bounds the score: what cannot reach the last place any more need not be graded.
        if len(found) >= limit and (other, falling) > found[limit - 1][:2]:
            break
        match = _grade(query.name, candidate, policy, not other, -falling)
        if match.grade is not Grade.NONE:
            insort(found, (other, -match.score, match.ref, match), key=lambda entry: entry[:3])
    return [match for _, _, _, match in found[:limit]]


def _grade(
    query: ParsedName, other: Candidate, policy: Duplicates, same: bool, score: float
) -> Match:
    name = other.name
    grounds: list[Reason] = [say.SAME_IDENTITY] if same else []
    if query.core == name.core:
        grounds.append(say.CORE_EQUAL)
    elif _contained(query.core, name.core):
        grounds.append(say.CORE_CONTAINED)
    elif score >= policy.similar_at.value:
        grounds.append(say.CORE_ALIKE)
    for reason, cap in (
        (_regions(query, name), policy.region_differs_cap.value),
        (_branches(query.branch, name.branch), policy.branch_differs_cap.value),
        (_ordinals(query, name), policy.ordinal_differs_cap.value),
        (_contacts(query.contact, name.contact), policy.contact_differs_cap.value),
    ):
        if reason:
            grounds.append(reason)
            if reason in CONFLICTS:
                score = min(score, cap)
    if query.legal_form != name.legal_form:
        grounds.append(say.LEGAL_FORM_IGNORED)
        score = max(0.0, score - policy.legal_form_differs_cost.value)
    if same:
        return Match(other.ref, Grade.SAME, FULL, tuple(grounds), name.ignored)
    return Match(other.ref, _grade_of(score, policy), score, tuple(grounds), name.ignored)


CONFLICTS = frozenset(
    {say.REGION_DIFFERS, say.BRANCH_DIFFERS, say.ORDINAL_DIFFERS, say.CONTACT_OTHER}
)


def _grade_of(score: float, policy: Duplicates) -> Grade:
    if score >= policy.likely_at.value:
        return Grade.LIKELY
    return Grade.SIMILAR if score >= policy.similar_at.value else Grade.NONE


def _likeness(a: str, b: str, policy: Duplicates) -> float:
    """Return how alike two cores are; one that begins the other may be its short name."""
    floor = policy.contained_floor.value if _contained(a, b) else 0.0
    return max(floor, fuzz.ratio(a, b))


def _contained(a: str, b: str) -> bool:
    if len(a) > len(b):
        a, b = b, a
    return CONTAINED_LEAST <= len(a) < len(b) and b.startswith(a)


def _regions(a: ParsedName, b: ParsedName) -> Reason | None:
    if not a.places or not b.places:
        return say.REGION_IGNORED if a.places or b.places else None
    if not any(p.startswith(q) or q.startswith(p) for p in a.places for q in b.places):
        return say.REGION_DIFFERS
    if a.region != b.region:
        zones_a, zones_b = _zones(a), _zones(b)
        if zones_a and zones_b and zones_a != zones_b:
            return say.REGION_DIFFERS
    return say.REGION_EQUAL if a.places == b.places else say.REGION_WITHIN


def _zones(name: ParsedName) -> frozenset[str]:
    """Return the places of a name that are no divisions: streets, towns, zones."""
    divisions = tables.regions()
    return frozenset(place for place in name.region if place not in divisions)


def _branches(a: str, b: str) -> Reason | None:
    if a == b or (a and b and (a.endswith(b) or b.endswith(a))):
        return None
    return say.BRANCH_DIFFERS


def _ordinals(a: ParsedName, b: ParsedName) -> Reason | None:
    if a.core == b.core:
        return None
    return say.ORDINAL_DIFFERS if _numbers(a.core) != _numbers(b.core) else None


def _numbers(text: str) -> list[str]:
    return sorted(map(_plain, NUMBER.findall(text)))


def _plain(number: str) -> str:
    """Return a numeral in digits, as far as it has any: 第二十三 and 第23 are one number."""
    text = number.replace("零", "〇").replace("两", "二")
    if text.startswith("十"):
        text = "一" + text
    text = text.replace("十", "" if text[-1] != "十" else "〇")
    return "".join(str(DIGITS.index(ch)) if ch in DIGITS else ch for ch in text)


def _contacts(a: str, b: str) -> Reason | None:
    return say.CONTACT_OTHER if a != b else None
