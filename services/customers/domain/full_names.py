"""Whether a name is the full name of an organisation, as registered, or a short one."""

from services.customers.domain import tables
from services.customers.domain.folding import bare, fold
from services.customers.domain.names import contact_of
from services.customers.domain.policy import NameEndings

UNITS = "省市县区旗州盟"
SHORTEST_DIVISION = 3


def is_full(name: str, rules: NameEndings) -> bool:
    """Say whether a name is a full one by its ending, or by the division it begins with.

    A contact in brackets at its end is left aside. Individual businesses, hospitals,
    schools and associations have full names too.
    """
    folded, contact = fold(name), contact_of(name)
    text = bare(folded.removesuffix(f"({contact})") if contact else folded)
    ending = max(
        _fitting(text, rules.any_length),
        _fitting(text, rules.long_only) if len(text) >= rules.long_from else 0,
    )
    if ending > _fitting(text, rules.short):
        return True
    division = _leading_division(text)
    return bool(division) and len(text) - division >= rules.after_region


def _fitting(text: str, endings: tuple[str, ...]) -> int:
    return max((len(e) for e in endings if text.endswith(e)), default=0)


def _leading_division(text: str) -> int:
    for length in tables.region_lengths().get(text[:2], ()):
        if (
            SHORTEST_DIVISION <= length <= len(text)
            and text[length - 1] in UNITS
            and text[:length] in tables.regions()
        ):
            return length
    return 0
