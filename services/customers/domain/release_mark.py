"""The mnemonic by which a rep asks for the release of a customer."""

import re
from dataclasses import dataclass
from datetime import date

from chassis.rules import Parameter
from services.customers.domain.folding import fold
from services.customers.domain.reasons import RELEASE_MARK_DATE

DATE_WORDS = "YYYYMMDD"
LOOKS_LIKE_A_DATE = r"[0-9](?:[0-9./\-年月日]*[0-9日])?"


@dataclass(frozen=True, slots=True)
class ReleaseMark:
    """A request for release, made on `day`; `text` is the mark as it should be stored."""

    day: date
    text: str


def write_mark(today: date, rule: Parameter[str]) -> str:
    """Return the mnemonic that asks for a customer's release on a local date (H-6.7b)."""
    return today.isoformat().replace("-", "") + rule.value.removeprefix(DATE_WORDS)


def read_mark(mnemonic: str, today: date, rule: Parameter[str]) -> ReleaseMark | None:
    """Tell whether a mnemonic asks for the customer's release (H-6.7b).

    `today` is the local date of the day of entry. Spaces, full-width digits and traditional
    characters make no difference. Returns nothing for an ordinary mnemonic; refuses one
    that looks like the mark (a number with the mark's word behind it) but does not carry
    today's date in the format of the rule.
    """
    folded = fold(mnemonic)
    word = rule.value.removeprefix(DATE_WORDS)
    if not re.fullmatch(LOOKS_LIKE_A_DATE + re.escape(fold(word)), folded):
        return None
    expected = write_mark(today, rule)
    if folded != fold(expected):
        raise RELEASE_MARK_DATE.refuse(
            clause=rule.clause, mnemonic=mnemonic[:40].strip(), expected=expected
        )
    return ReleaseMark(today, expected)
