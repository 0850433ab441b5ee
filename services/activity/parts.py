"""Activity in one value."""

from collections.abc import Sequence
from pathlib import Path

from chassis.call import Door
from chassis.grpc_server import Servicer
from chassis.service import Channels, Service
from services.activity.app.handlers import HANDLERS
from services.activity.domain.policy import ActivityPolicy
from services.activity.store.tables import metadata


def _servicers(door: Door, channel_to: Channels) -> Sequence[Servicer]:
    return ()


ACTIVITY = Service(
    name="activity",
    policy=ActivityPolicy,
    metadata=metadata,
    migrations=Path(__file__).parent / "store" / "migrations",
    handlers=HANDLERS,
    emits=frozenset(),
    awaited=frozenset(),
    servicers=_servicers,
)
