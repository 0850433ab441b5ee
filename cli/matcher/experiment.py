"""A population with its index, and the questions of both halves looked up in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cli.matcher.data import Data
from cli.matcher.judging import Judged, judge
from cli.matcher.population import populate
from cli.matcher.postings import Postings
from cli.matcher.questions import questions
from cli.pack_file import load_pack
from services.customers.domain.policy import CustomersPolicy, Identity

PACK = Path(__file__).parents[2] / "policies" / "haixin-pool.yaml"


@dataclass(slots=True)
class Experiment:
    """What is measured: names, their index, and the questions that were looked up so far."""

    data: Data
    names: list[str]
    index: Postings
    each: int
    seed: int
    identity: Identity
    note: Callable[[str], None]
    _judged: dict[str, list[Judged]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, data: Data, size: int, each: int, seed: int, note: Callable[[str], None]
    ) -> "Experiment":
        """Make a population of a size and index it; `note` is told what goes on."""
        note(f"making and indexing {size} names ...")
        names = populate(data, size, seed)
        rules = CustomersPolicy.model_validate(load_pack(PACK).sections["customers"].rules)
        return cls(data, names, Postings.of(names), each, seed, rules.identity, note)

    def judged(self, half: str) -> list[Judged]:
        """Return the questions of a half with their candidates and evidence."""
        if half not in self._judged:
            self.note(f"looking up the questions of the {half} half ...")
            asked = questions(self.data, self.names, half, self.each, self.seed)
            self._judged[half] = list(judge(asked, self.names, self.index))
        return self._judged[half]
