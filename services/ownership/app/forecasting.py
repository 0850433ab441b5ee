"""What the next reclaim run would take under drafts of the policy: read-only, in bounded steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from crm.operations.v1 import operations_pb2 as operations

from chassis.call import Call
from chassis.policies import Proposal, Stake
from chassis.policy_requests import proposed
from chassis.unit import UnitOfWork
from services.ownership.app.foresight import Foreseen, Foresight
from services.ownership.domain.forecast import Tally, total
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.reclaim import reclaimable
from services.ownership.store import forecasts
from services.ownership.store.forecasts import Outlook
from services.ownership.store.positions import Position

MOST_PAGES = 50
"""How many pages of deadlines that leave or pauses make later are looked at one by one."""
SAMPLE = 20
DAY = timedelta(days=1)
DRAWN = 5 * SAMPLE
Draft = operations.PreviewPolicyRequest


@dataclass(frozen=True, slots=True)
class Shown:
    """A customer of the sample, and when it would be due under the drafts."""

    position: Position
    draft_due_at: datetime | None
    named: bool
    """Whether the caller may read its name."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the next run would take."""

    outlook: Outlook
    rules: OwnershipPolicy
    tallies: Mapping[str, Tally]
    sample: tuple[Shown, ...]
    upper_bound: bool


def preview(
    call: Call, foresight: Foresight, ownership: Draft | None, scheduler: Draft | None
) -> Preview:
    """Count what the next run takes by the policy in force and by drafts; nothing is kept.

    Under a draft of the scheduler's policy the libraries are counted once by the basis of their
    deadlines; then those that hang on more are looked at page by page, up to MOST_PAGES: what lies
    beyond is counted as if it hung on its basis alone. Ends early when nobody waits any more.
    """
    rules, proposal = call.read(partial(_rules, ownership))
    after = proposal.effective_at if proposal else call.door.clock()
    seen = foresight.read(call, scheduler, after)
    drafted = proposal.rules if proposal else rules
    assert isinstance(drafted, OwnershipPolicy)
    outlook = Outlook(
        run_at=seen.run_at,
        in_force=rules.reclaim,
        draft=drafted.reclaim,
        by_basis=scheduler is not None,
        basis_before=seen.basis_before,
    )
    tallies = call.read(lambda uow: forecasts.tallies(uow, outlook))
    pages = 0
    while outlook.by_basis and call.wanted():
        call.read(partial(_correct, tallies, outlook, seen))
        pages += 1
        if not seen.next_page or pages == MOST_PAGES:
            break
        seen = foresight.read(call, scheduler, after, page=seen.next_page)
    newly = proposal is not None or scheduler is not None
    drawn = call.read(lambda uow: forecasts.sample(uow, outlook, DRAWN, newly=newly))
    shown = _sample(call, foresight, outlook, drawn, scheduler, after)
    return Preview(outlook, rules, tallies, shown, bool(outlook.by_basis and seen.next_page))


def weigh(uow: UnitOfWork, proposal: Proposal) -> Stake:
    """Count the customers that a version would have taken within a day of coming into force.

    Only those that the version it replaces would not: by the deadlines that are announced.
    """
    replaced = uow.policy_version(OwnershipPolicy, proposal.replaced_version)
    drafted = proposal.rules
    assert isinstance(drafted, OwnershipPolicy)
    until = max(proposal.effective_at, uow.now) + DAY
    outlook = Outlook(until, replaced.reclaim, drafted.reclaim, by_basis=False, basis_before=None)
    sums = total(forecasts.tallies(uow, outlook).values())
    return Stake(sums.newly, sums.holdings)


def _rules(draft: Draft | None, uow: UnitOfWork) -> tuple[OwnershipPolicy, Proposal | None]:
    """Return the rules in force, and what a draft of them would be, for who may see runs."""
    rules = uow.policy(OwnershipPolicy).rules
    rules.runs.read.require(uow.actor)
    return rules, proposed(uow, draft) if draft else None


def _correct(tallies: dict[str, Tally], outlook: Outlook, seen: Foreseen, uow: UnitOfWork) -> None:
    """Put right in the counts what hangs on more than its basis."""
    before = outlook.basis_before
    for position in forecasts.held(uow, list(seen.due_at)):
        holder, due_at = seen.due_at[position.customer_id]
        if position.holder_id != holder or reclaimable(position, outlook.draft) is None:
            continue
        basis = position.due_basis_at
        thought = basis is not None and before is not None and basis < before
        draft = due_at <= outlook.run_at
        if draft != thought and holder in tallies:
            present = reclaimable(position, outlook.in_force)
            in_force = present is not None and present <= outlook.run_at
            tallies[holder] = tallies[holder].corrected(in_force=in_force, draft=draft)


def _sample(
    call: Call,
    foresight: Foresight,
    outlook: Outlook,
    drawn: list[Position],
    scheduler: Draft | None,
    after: datetime,
) -> tuple[Shown, ...]:
    dates = {one.customer_id: one.due_at for one in drawn}
    if scheduler is not None and drawn:
        seen = foresight.read(call, scheduler, after, only=list(dates))
        dates |= {key: due_at for key, (_, due_at) in seen.due_at.items()}
    named = call.read(_reads_names)
    shown = [Shown(one, dates[one.customer_id], named) for one in drawn]
    due = [one for one in shown if one.draft_due_at and one.draft_due_at <= outlook.run_at]
    return tuple(due[:SAMPLE])


def _reads_names(uow: UnitOfWork) -> bool:
    return uow.policy(OwnershipPolicy).rules.library.readers.reach(uow.actor) == "company"
