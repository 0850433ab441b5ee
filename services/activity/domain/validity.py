"""Which follow-ups are valid: they have a title, enough content, and repeat no other (H-6.3e-g)."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from chassis.kernel import Advice, Reason, Violation
from services.activity.domain.policy import CountMode, FollowUpRules
from services.activity.domain.reasons import (
    CONTENT_MISSING,
    CONTENT_REPEATED,
    CONTENT_RESEMBLES,
    CONTENT_SHORT,
    TITLE_MISSING,
)

VARIATION = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


@dataclass(frozen=True, slots=True)
class Other:
    """An earlier record of the same customer."""

    follow_up_id: str
    author_id: str
    content: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is wrong with a record (it is valid without any), and what people should look at."""

    faults: tuple[Violation, ...]
    flags: tuple[Advice, ...]
    resembles: str = ""
    """The id of the record that it resembles most."""

    @property
    def valid(self) -> bool:
        """Whether it counts as a follow-up."""
        return not self.faults


def assess(
    title: str, content: str, repeats: str, latest: Sequence[Other], rules: FollowUpRules
) -> Assessment:
    """Judge a record.

    `repeats` is the id of a record of the customer with the same `fingerprint`, or empty;
    `latest` are the records that it is compared with for likeness.
    """
    count = count_characters(content, rules.count_mode.value)
    faults: list[Violation] = []
    if rules.require_title.value and not title.strip():
        faults.append(_fault(TITLE_MISSING, "title", rules.require_title.clause))
    if rules.require_content.value and not content.strip():
        faults.append(_fault(CONTENT_MISSING, "content", rules.require_content.clause))
    elif count < rules.min_chars.value:
        clause, least = rules.min_chars.clause, rules.min_chars.value
        faults.append(CONTENT_SHORT.violate("content", clause, count=count, least=least))
    if repeats:
        faults.append(_fault(CONTENT_REPEATED, "content", rules.identical_scope.clause))
        return Assessment(tuple(faults), (), repeats)
    found, score = most_alike(content, latest, rules.near_identical_at.value)
    if not found:
        return Assessment(tuple(faults), ())
    clause = rules.near_identical_at.clause
    flag = CONTENT_RESEMBLES.advise("content", clause, score=round(score))
    return Assessment(tuple(faults), (flag,), found)


def count_characters(text: str, mode: CountMode) -> int:
    """Count the characters (字) of a text.

    Composed first (NFC), so that no spelling of a character counts twice. `letters_and_digits`:
    the Unicode categories L and N count one each; marks, punctuation, symbols, spaces and
    controls count nothing. `without_punctuation`: symbols count too.
    """
    counted = "LN" if mode == "letters_and_digits" else "LNS"
    category = unicodedata.category
    return sum(category(ch)[0] in counted for ch in unicodedata.normalize("NFC", text))


def normalise(text: str) -> str:
    """Return the form in which contents are compared.

    NFKC, case-folded, without spaces, punctuation, symbols, controls and invisible characters:
    what is added to make a copy look new.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    category = unicodedata.category
    return "".join(ch for ch in folded if category(ch)[0] in "LNM" and ch not in VARIATION)


def fingerprint(content: str) -> str:
    """Return the SHA-256 of the comparison form; empty for content that says nothing."""
    form = normalise(content)
    return hashlib.sha256(form.encode("utf-8", "surrogatepass")).hexdigest() if form else ""


def most_alike(content: str, latest: Sequence[Other], least: float) -> tuple[str, float]:
    """Return the id and the likeness (0-100) of the most alike record, from `least` on."""
    form, best, best_score = normalise(content), "", 0.0
    if not form or not least:
        return best, best_score
    for other in latest:
        cutoff = max(least, best_score)
        score = fuzz.ratio(form, normalise(other.content), score_cutoff=cutoff)
        if score > best_score and score >= least:
            best, best_score = other.follow_up_id, score
    return best, best_score


def _fault(reason: Reason, field: str, clause: str) -> Violation:
    return reason.violate(field, clause)
