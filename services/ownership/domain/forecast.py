"""What a reclaim run would take, by holder, under the policy in force and under a draft of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.ownership.domain.reclaim import trips
from services.ownership.domain.run_policy import ReclaimRules


@dataclass(frozen=True, slots=True)
class Tally:
    """The customers in a person's library, and how many of them would be taken.

    `newly` are taken under the draft only, `spared` under the policy in force only.
    """

    holdings: int = 0
    in_force: int = 0
    draft: int = 0
    newly: int = 0
    spared: int = 0

    def corrected(self, *, in_force: bool, draft: bool) -> "Tally":
        """Return it for a customer of which the draft was thought to say otherwise than `draft`."""
        step = 1 if draft else -1
        newly, spared = (0, -step) if in_force else (step, 0)
        return replace(
            self,
            draft=self.draft + step,
            newly=self.newly + newly,
            spared=self.spared + spared,
        )


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would take under one of the two."""

    count: int
    holders: int
    share_percent: int
    stops: bool


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum over all holders."""
    every = list(tallies)
    return Tally(*(sum(getattr(one, name) for one in every) for name in Tally.__slots__))


def forecast(tallies: Mapping[str, Tally], which: str, rules: ReclaimRules) -> Forecast:
    """Return what a run would take: `which` is `in_force` or `draft`; `rules` have its breaker."""
    counts = [getattr(one, which) for one in tallies.values()]
    holdings, count = total(tallies.values()).holdings, sum(counts)
    return Forecast(
        count=count,
        holders=sum(1 for one in counts if one),
        share_percent=count * 100 // holdings if holdings else 0,
        stops=trips(count, holdings, 0, rules),
    )


def hit_hardest(tallies: Mapping[str, Tally], most: int) -> list[tuple[str, Tally]]:
    """Return the holders with most to lose under either, the hardest hit first."""
    losing = [(who, one) for who, one in tallies.items() if one.in_force or one.draft]
    return sorted(losing, key=lambda item: (-item[1].draft, -item[1].in_force, item[0]))[:most]
