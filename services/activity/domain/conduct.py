"""What violations lead to: ordinals, status, and the lines of the ledger (H-6.1b-d)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.activity.domain.conduct_rules import Step

NONE = "none"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands with so many violations; `step` is the rule that says so."""

    count: int
    status: str = NONE
    claims_blocked: bool = False
    step: Step | None = None


def counting(moments: Sequence[datetime], now: datetime, window_days: int) -> int:
    """Return how many violations count now; a window of 0 days is the whole employment."""
    if window_days <= 0:
        return len(moments)
    since = now - timedelta(days=window_days)
    return sum(moment > since for moment in moments)


def standing(count: int, steps: Sequence[Step]) -> Standing:
    """Return where so many violations lead: the status of the last step, every block so far."""
    reached = [step for step in steps if step.at.value <= count]
    if not reached:
        return Standing(count)
    blocked = any(step.blocks_claims for step in reached)
    return Standing(count, reached[-1].status, blocked, reached[-1])


def crossed(steps: Sequence[Step], before: int, after: int) -> list[Step]:
    """Return the steps between two counts: those to take going up, to undo going down."""
    low, high = sorted((before, after))
    return [step for step in steps if low < step.at.value <= high]
