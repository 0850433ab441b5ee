"""The vocabulary of a policy pack: rules, and parameters that are rules with a value.

Pure types, shared by the services' policy models (`services/*/domain/policy.py`)
and by the loader (`chassis/pack.py`).
"""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.kernel import Sentence

ClauseId = Annotated[str, StringConstraints(pattern=r"^[A-Z]-\d+(\.[A-Za-z0-9]+)*[a-z0-9]*$")]
Value = TypeVar("Value")


class Strict(BaseModel):
    """A part of a pack. An unknown key is an error; nothing can be changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Strict):
    """A statement of the rule book: its clause ids and one sentence of ours in two languages."""

    clauses: tuple[ClauseId, ...] = Field(min_length=1)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def clause(self) -> str:
        """The clause ids as decisions quote them, e.g. `H-2.2a, H-2.2b`."""
        return ", ".join(self.clauses)

    @property
    def say(self) -> Sentence:
        """The rule's sentence."""
        return Sentence(self.zh, self.en)


class Parameter(Rule, Generic[Value]):
    """A rule with a tunable value. `ours` marks a reading that the source does not state."""

    name: str
    value: Value
    unit: str
    ours: bool = False
