"""Scheduler in one value."""

from collections.abc import Sequence
from pathlib import Path

from chassis.call import Door
from chassis.grpc_server import Servicer
from chassis.service import Channels, Service
from services.scheduler.app.handlers import HANDLERS
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.store.tables import metadata


def _servicers(door: Door, channel_to: Channels) -> Sequence[Servicer]:
    return ()


SCHEDULER = Service(
    name="scheduler",
    policy=SchedulerPolicy,
    metadata=metadata,
    migrations=Path(__file__).parent / "store" / "migrations",
    handlers=HANDLERS,
    emits=frozenset(),
    awaited=frozenset(),
    servicers=_servicers,
)
