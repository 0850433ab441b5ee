"""Review in one value."""

from collections.abc import Sequence
from pathlib import Path

from crm.review.v1 import review_pb2_grpc as rpc

from chassis.call import Door
from chassis.grpc_server import Servicer
from chassis.policy_requests import applied
from chassis.service import Channels, Service
from services.review.api import ReviewApi
from services.review.app import deadlines, progress
from services.review.app.handlers import HANDLERS
from services.review.app.peers import Peers
from services.review.app.submission import abandon_unfinished
from services.review.domain.policy import ReviewPolicy
from services.review.store.tables import metadata


def _servicers(door: Door, channel_to: Channels) -> Sequence[Servicer]:
    api = ReviewApi(door, Peers(channel_to("customers"), channel_to("ownership")))
    return (
        Servicer(
            "crm.review.v1.ReviewService",
            lambda server: rpc.add_ReviewServiceServicer_to_server(api, server),
        ),
    )


REVIEW = Service(
    name="review",
    policy=ReviewPolicy,
    metadata=metadata,
    migrations=Path(__file__).parent / "store" / "migrations",
    handlers=HANDLERS,
    emits=frozenset(
        {
            applied("review"),
            progress.OPENED,
            progress.ADVANCED,
            progress.APPROVED,
            progress.CLOSED,
            progress.COMPLETED,
            progress.FAILED,
            deadlines.OVERDUE,
        }
    ),
    awaited=frozenset(
        {
            progress.OPENED,
            progress.ADVANCED,
            progress.APPROVED,
            progress.CLOSED,
            deadlines.OVERDUE,
        }
    ),
    servicers=_servicers,
    ticks={5.0: abandon_unfinished},
)
