"""What giving a customer up would mean."""

from dataclasses import dataclass

from chassis.kernel import Refused
from chassis.unit import UnitOfWork
from services.ownership.app.freezes import require_thawed
from services.ownership.domain.places import Route, route_released
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store import positions


@dataclass(frozen=True, slots=True)
class Preview:
    """Where a customer would go, how many people would then have given it up, why it cannot."""

    route: Route
    releasers: int
    refused: Refused | None


def preview_release(uow: UnitOfWork, customer_id: str) -> Preview:
    """Say what giving a customer up would mean, to its holder; others are refused alike."""
    policy = uow.policy(OwnershipPolicy).rules
    position = positions.read(uow, customer_id)
    if position is None or position.holder_id != uow.actor.staff_id:
        raise policy.library.readers.refusal()
    refused: Refused | None = None
    try:
        require_thawed(uow, position)
    except Refused as frozen:
        refused = frozen
    who = positions.releasers(uow, customer_id) | {uow.actor.staff_id}
    return Preview(route_released(len(who), policy.release), len(who), refused)
