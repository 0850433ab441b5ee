"""The names of a customer besides its own: those that it had, and short ones that people use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel import Violation
from services.customers.domain import reasons as say
from services.customers.domain.completeness import is_printable
from services.customers.domain.folding import bare, fold

LEAST, MOST = 2, 100
"""A short name of one character would be found by everything."""

MOST_OF_ONE = 20
"""A customer with more names would be found by whatever is asked."""


class NameKind(StrEnum):
    """What a name is to its customer: the one it has, one that it had, or a short one."""

    OWN = "own"
    FORMER = "former"
    SHORT = "short"

    @property
    def field(self) -> str:
        """The field of the facts that tell the other names of this kind."""
        return f"{self.value}_names"


@dataclass(frozen=True, slots=True)
class OtherName:
    """A name that a customer is known by besides its own."""

    name: str
    kind: NameKind


def check(name: str, own: str, others: Sequence[OtherName], clause: str) -> Iterator[Violation]:
    """Find what forbids to record a trimmed name of a customer besides those that it has.

    Names are the same when only their spelling differs.
    """
    if len(bare(fold(name))) < LEAST or len(name) > MOST:
        yield say.OTHER_NAME_LENGTH.violate("name", clause, least=LEAST, most=MOST)
    elif not is_printable(name):
        yield say.OTHER_NAME_UNPRINTABLE.violate("name", clause)
    elif bare(fold(name)) in {bare(fold(known)) for known in (own, *(o.name for o in others))}:
        yield say.OTHER_NAME_KNOWN.violate("name", clause, name=name)
    if len(others) >= MOST_OF_ONE:
        yield say.OTHER_NAMES_TOO_MANY.violate("name", clause, limit=MOST_OF_ONE)


def renamed(others: Sequence[OtherName], old: str, new: str) -> tuple[OtherName, ...]:
    """Return the other names of a customer once it is called `new` instead of `old`."""
    left = tuple(other for other in others if other.name != new)
    return (*left, OtherName(old, NameKind.FORMER))


def told(before: Sequence[OtherName], after: Sequence[OtherName]) -> dict[str, tuple[str, ...]]:
    """Return the names of each kind of which there are others now, by the field of their facts."""
    kinds = (NameKind.FORMER, NameKind.SHORT)
    return {kind.field: _of(kind, after) for kind in kinds if _of(kind, before) != _of(kind, after)}


def _of(kind: NameKind, others: Sequence[OtherName]) -> tuple[str, ...]:
    return tuple(other.name for other in others if other.kind is kind)
