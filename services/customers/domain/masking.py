"""What somebody may see of a customer found in a duplicate check."""

from dataclasses import dataclass

from services.customers.domain.policy import Visibility

STAR = "*"


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer that a duplicate check found, with all that is known of it."""

    customer_id: str
    full_name: str
    phones: tuple[str, ...]
    location: str
    holder_id: str
    contact: str


@dataclass(frozen=True, slots=True)
class ShownHit:
    """The same as one reader may see it; what is withheld is empty."""

    customer_id: str
    full_name: str
    phones: tuple[str, ...]
    location: str
    masked: bool


def show(hit: Hit, *, readable: bool, rules: Visibility) -> ShownHit:
    """Return what a reader sees: all of it when readable, else only that such a customer exists.

    Masked: the first characters of name and phones; never the contact, the holder, the
    place or the id, by which more could be asked.
    """
    if readable:
        return ShownHit(hit.customer_id, hit.full_name, hit.phones, hit.location, masked=False)
    # A name ends in its contact when individuals are customers: the contact goes first.
    name = hit.full_name.replace(hit.contact, "") if hit.contact else hit.full_name
    return ShownHit(
        customer_id="",
        full_name=mask(name, rules.mask_name_keep.value),
        phones=tuple(mask(phone, rules.mask_phone_keep.value) for phone in hit.phones),
        location="",
        masked=True,
    )


def mask(text: str, keep: int) -> str:
    """Return the first `keep` characters, at most half of them, with a fixed run of stars.

    The run does not tell how long the text is.
    """
    return text[: min(keep, len(text) // 2)] + STAR * 4
