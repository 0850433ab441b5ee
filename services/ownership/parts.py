"""Ownership in one value."""

from collections.abc import Sequence
from pathlib import Path

from crm.ownership.v1 import ownership_pb2_grpc as rpc
from crm.ownership.v1 import rulings_pb2_grpc as ruling_rpc

from chassis.call import Door
from chassis.grpc_server import Servicer
from chassis.service import Channels, Service
from services.ownership.api.holdings import OwnershipApi
from services.ownership.api.rulings import RulingApi
from services.ownership.api.staff import StaffApi
from services.ownership.app import (
    cases,
    closing,
    crediting,
    freezes,
    gathering,
    moves,
    rulings,
    staff,
)
from services.ownership.app.gathering import propose_rulings
from services.ownership.app.handlers import HANDLERS
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store.schema import metadata


def _servicers(door: Door, _: Channels) -> Sequence[Servicer]:
    holdings, people, disputed = OwnershipApi(door), StaffApi(door), RulingApi(door)
    return (
        Servicer(
            "crm.ownership.v1.OwnershipService",
            lambda server: rpc.add_OwnershipServiceServicer_to_server(holdings, server),
        ),
        Servicer(
            "crm.ownership.v1.StaffService",
            lambda server: rpc.add_StaffServiceServicer_to_server(people, server),
        ),
        Servicer(
            "crm.ownership.v1.RulingService",
            lambda server: ruling_rpc.add_RulingServiceServicer_to_server(disputed, server),
        ),
    )


OWNERSHIP = Service(
    name="ownership",
    policy=OwnershipPolicy,
    metadata=metadata,
    migrations=Path(__file__).parent / "store" / "migrations",
    handlers=HANDLERS,
    emits=frozenset(
        {
            moves.GRANTED,
            moves.RELEASED,
            cases.REFUSED,
            cases.ENTERED,
            staff.CHANGED,
            freezes.HOLDING_FROZEN,
            freezes.HOLDING_THAWED,
            crediting.ASSIGNED,
            closing.POSITION_CLOSED,
            closing.POSITION_REOPENED,
            gathering.PROPOSED,
            rulings.RULED,
        }
    ),
    awaited=frozenset(
        {
            moves.GRANTED,
            moves.RELEASED,
            cases.REFUSED,
            staff.CHANGED,
            freezes.HOLDING_FROZEN,
            freezes.HOLDING_THAWED,
            closing.POSITION_CLOSED,
            closing.POSITION_REOPENED,
            gathering.PROPOSED,
            rulings.RULED,
        }
    ),
    servicers=_servicers,
    rounds={5.0: propose_rulings},
)
