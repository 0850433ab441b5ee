"""Which customers somebody sees, besides the own ones (H-2.2f)."""

from dataclasses import dataclass

from chassis.kernel import Identity
from services.customers.domain.policy import CustomersPolicy


@dataclass(frozen=True, slots=True)
class Sight:
    """What one sees beside one's own customers: all; the pool; the department's; the team's."""

    everything: bool
    pool: bool
    department: bool
    team: bool


def sight_of(actor: Identity, policy: CustomersPolicy) -> Sight:
    """Return what a person sees by the grants of the policy."""
    grants = policy.visibility.library_readers.value
    scopes = {grant.scope for grant in grants if actor.has(grant.role)}
    return Sight(
        everything="company" in scopes,
        pool=policy.access.read.allows(actor),
        department="department" in scopes,
        team="team" in scopes and bool(actor.team),
    )
