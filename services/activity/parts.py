"""Activity in one value."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from crm.activity.v1.conduct_pb2_grpc import add_ConductServiceServicer_to_server
from crm.activity.v1.follow_ups_pb2_grpc import (
    add_ActivityServiceServicer_to_server,
    add_FollowUpServiceServicer_to_server,
    add_SigningServiceServicer_to_server,
)
from crm.activity.v1.maintenance_pb2_grpc import add_MaintenanceServiceServicer_to_server
from crm.activity.v1.tasks_pb2_grpc import add_TaskServiceServicer_to_server

from chassis.call import Door
from chassis.grpc_server import Servicer
from chassis.policy_requests import applied
from chassis.service import Channels, Service
from services.activity.api.conduct import ConductApi
from services.activity.api.follow_ups import ActivityApi, FollowUpApi, SigningApi
from services.activity.api.tasks import MaintenanceApi, TaskApi
from services.activity.app import checks, months, recording, signings, violations
from services.activity.app.handlers import HANDLERS
from services.activity.app.peers import Peers
from services.activity.domain.policy import ActivityPolicy
from services.activity.store.tables import metadata


def _servicers(door: Door, channel_to: Channels) -> Sequence[Servicer]:
    served: dict[str, tuple[Callable[[Any, Any], None], object]] = {
        "FollowUpService": (
            add_FollowUpServiceServicer_to_server,
            FollowUpApi(door, Peers(channel_to("ownership"))),
        ),
        "SigningService": (add_SigningServiceServicer_to_server, SigningApi(door)),
        "ActivityService": (add_ActivityServiceServicer_to_server, ActivityApi(door)),
        "ConductService": (add_ConductServiceServicer_to_server, ConductApi(door)),
        "TaskService": (add_TaskServiceServicer_to_server, TaskApi(door)),
        "MaintenanceService": (add_MaintenanceServiceServicer_to_server, MaintenanceApi(door)),
    }
    return [
        Servicer(f"crm.activity.v1.{name}", partial(add, api))
        for name, (add, api) in served.items()
    ]


ACTIVITY = Service(
    name="activity",
    policy=ActivityPolicy,
    metadata=metadata,
    migrations=Path(__file__).parent / "store" / "migrations",
    handlers=HANDLERS,
    emits=frozenset(
        {
            applied("activity"),
            recording.RECORDED,
            recording.VOIDED,
            signings.SIGNED,
            signings.COUNTERED,
            months.UNMAINTAINED,
            checks.ASSESSED,
            checks.CHECKED,
            violations.CONFIRMED,
            violations.REVOKED,
            violations.DISMISSAL,
        }
    ),
    awaited=frozenset(
        {
            recording.RECORDED,
            recording.VOIDED,
            signings.SIGNED,
            signings.COUNTERED,
            checks.ASSESSED,
            checks.CHECKED,
            violations.CONFIRMED,
            violations.REVOKED,
            violations.DISMISSAL,
        }
    ),
    servicers=_servicers,
    ticks={5.0: months.close_months},
)
