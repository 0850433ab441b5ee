"""What a dispute's ruling is to be, from the evidence and the rules in force.

Pure: the same evidence gives the same proposal. The rules are asked in the order of
`ruling.precedence`; the first that applies decides, and every ground is quoted with its figures.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from chassis.kernel import Figure, Sentence
from chassis.rules import Rule
from services.ownership.domain.dispute_policy import DisputeRules

Asked = Mapping[str, Callable[[], "Proposal | None"]]
"""Each rule of the precedence; None where it does not apply."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground of a ruling: the rule, and what was found under it."""

    clause: str
    rule: Sentence
    found: Sentence
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed: the outcome, who wins by it, the deciding clause, and every ground.

    `winner_id` is empty where people must name the winner, or where nobody held the kept record.
    Of duplicates `kept_id` and `closed_id` are the records.
    """

    outcome: str
    winner_id: str
    rule: Rule
    grounds: tuple[Ground, ...]
    kept_id: str = ""
    closed_id: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the proposal as it is kept and announced."""
        return {
            "outcome": self.outcome,
            "winner_id": self.winner_id,
            "kept_id": self.kept_id,
            "closed_id": self.closed_id,
            "clause": self.rule.clause,
            "zh": self.rule.zh,
            "en": self.rule.en,
            "grounds": [asdict(ground) for ground in self.grounds],
        }


def decide(asked: Asked, rules: DisputeRules, basis: tuple[Ground, ...]) -> Proposal:
    """Return what the first rule that applies proposes, with `basis` before its own grounds."""
    for name in rules.precedence.value:
        if found := asked[name]():
            order = ", ".join(rules.precedence.value)
            say = Sentence(
                f"依次适用：{order}；由 {name} 决定。", f"Asked {order}; {name} decides."
            )
            how = Ground(
                rules.precedence.clause, rules.precedence.say, say, {"order": order, "by": name}
            )
            return replace(found, grounds=(*basis, *found.grounds, how))
    raise AssertionError("one of the rules always decides")
