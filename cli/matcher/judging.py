"""What the index and the evidence say to each question."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cli.matcher.postings import Postings
from cli.matcher.questions import REAL, Question
from services.customers.domain.evidence import Evidence, Profile, profile, region_relation, weigh
from services.customers.domain.names import parse

CANDIDATES = 40
NEARNESS = {"equal": 3, "within": 2, "one": 1, "": 1, "differs": 0}


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its candidates' numbers and evidence.

    `meant` is the place of the name that is meant among them, or -1; `rivals` the places of
    those that nobody could tell from it by what was asked.
    """

    question: Question
    numbers: tuple[int, ...]
    evidence: tuple[Evidence, ...]
    meant: int
    rivals: frozenset[int]


def judge(questions: Iterable[Question], names: Sequence[str], index: Postings) -> Iterator[Judged]:
    """Look every question up and weigh what is found."""
    for question in questions:
        asked = profile(parse(question.asked))
        meant = profile(parse(question.meant))
        numbers = index.nearest(asked.name, CANDIDATES)
        found = [profile(parse(names[number])) for number in numbers]
        yield Judged(
            question,
            tuple(numbers),
            tuple(weigh(asked, other) for other in found),
            next((at for at, n in enumerate(numbers) if names[n] == question.meant), -1),
            frozenset(
                at
                for at, other in enumerate(found)
                if names[numbers[at]] != question.meant
                and question.kind not in REAL
                and _rival(asked, meant, other)
            ),
        )


def _rival(asked: Profile, meant: Profile, other: Profile) -> bool:
    """Whether another name fits what was asked no less than the one that is meant."""
    same_core = other.core in {asked.core, meant.core}
    begins = other.core.startswith(asked.core) and meant.core.startswith(asked.core)
    nearness = NEARNESS[region_relation(asked.name, other.name)]
    return (
        (same_core or begins)
        and other.place == meant.place
        and nearness >= NEARNESS[region_relation(asked.name, meant.name)]
    )
