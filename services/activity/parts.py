"""Activity in one value."""

from collections.abc import Sequence
from pathlib import Path

from crm.activity.v1 import follow_ups_pb2_grpc as follow_ups_rpc

from chassis.call import Door
from chassis.grpc_server import Servicer
from chassis.service import Channels, Service
from services.activity.api.follow_ups import ActivityApi, FollowUpApi, SigningApi
from services.activity.app import recording, signings
from services.activity.app.handlers import HANDLERS
from services.activity.app.peers import Peers
from services.activity.domain.policy import ActivityPolicy
from services.activity.store.tables import metadata


def _servicers(door: Door, channel_to: Channels) -> Sequence[Servicer]:
    follow_ups = FollowUpApi(door, Peers(channel_to("ownership")))
    signed, asked = SigningApi(door), ActivityApi(door)
    return (
        Servicer(
            "crm.activity.v1.FollowUpService",
            lambda server: follow_ups_rpc.add_FollowUpServiceServicer_to_server(follow_ups, server),
        ),
        Servicer(
            "crm.activity.v1.SigningService",
            lambda server: follow_ups_rpc.add_SigningServiceServicer_to_server(signed, server),
        ),
        Servicer(
            "crm.activity.v1.ActivityService",
            lambda server: follow_ups_rpc.add_ActivityServiceServicer_to_server(asked, server),
        ),
    )


ACTIVITY = Service(
    name="activity",
    policy=ActivityPolicy,
    metadata=metadata,
    migrations=Path(__file__).parent / "store" / "migrations",
    handlers=HANDLERS,
    emits=frozenset({recording.RECORDED, recording.VOIDED, signings.SIGNED, signings.COUNTERED}),
    awaited=frozenset({recording.RECORDED, recording.VOIDED, signings.SIGNED, signings.COUNTERED}),
    servicers=_servicers,
)
