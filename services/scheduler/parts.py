"""The scheduler in one value."""

from collections.abc import Sequence
from pathlib import Path

from crm.scheduler.v1 import scheduler_pb2_grpc as rpc

from chassis.call import Door
from chassis.grpc_server import Servicer
from chassis.policy_requests import applied
from chassis.service import Channels, Service
from services.scheduler.api.scheduling import SchedulerApi
from services.scheduler.app import announcing, calendars, firing, foreseeing, leave, rounds
from services.scheduler.app.handlers import HANDLERS
from services.scheduler.domain.policy import SchedulerPolicy
from services.scheduler.store.tables import metadata


def _servicers(door: Door, channel_to: Channels) -> Sequence[Servicer]:
    api = SchedulerApi(door)
    return (
        Servicer(
            "crm.scheduler.v1.SchedulerService",
            lambda server: rpc.add_SchedulerServiceServicer_to_server(api, server),
        ),
    )


SCHEDULER = Service(
    name="scheduler",
    policy=SchedulerPolicy,
    metadata=metadata,
    migrations=Path(__file__).parent / "store" / "migrations",
    handlers=HANDLERS,
    emits=frozenset(
        {
            applied("scheduler"),
            announcing.ARMED,
            announcing.WARNED,
            announcing.DUE,
            firing.RUN_DUE,
            calendars.PUBLISHED,
            leave.RECORDED,
        }
    ),
    awaited=frozenset(
        {
            announcing.ARMED,
            announcing.WARNED,
            announcing.DUE,
            firing.RUN_DUE,
            leave.RECORDED,
        }
    ),
    servicers=_servicers,
    weigh=foreseeing.weigh,
    rounds={1.0: rounds.go},
)
