"""Ownership in one value."""

from collections.abc import Sequence
from pathlib import Path

from crm.ownership.v1 import holdings_pb2_grpc as holdings_rpc
from crm.ownership.v1 import leads_pb2_grpc as leads_rpc
from crm.ownership.v1 import overview_pb2_grpc as overview_rpc
from crm.ownership.v1 import ownership_pb2_grpc as rpc
from crm.ownership.v1 import reallocations_pb2_grpc as reallocations_rpc
from crm.ownership.v1 import rulings_pb2_grpc as ruling_rpc
from crm.ownership.v1 import runs_pb2_grpc as runs_rpc

from chassis.call import Door
from chassis.grpc_server import Servicer
from chassis.policy_requests import applied
from chassis.service import Channels, Service
from services.ownership.api.holdings import OwnershipApi
from services.ownership.api.leads import LeadApi
from services.ownership.api.libraries import HoldingApi
from services.ownership.api.overview import OverviewApi
from services.ownership.api.reallocations import ReallocationApi
from services.ownership.api.rulings import RulingApi
from services.ownership.api.runs import RunApi
from services.ownership.api.staff import StaffApi
from services.ownership.app import (
    cases,
    closing,
    crediting,
    departures,
    execution,
    forecasting,
    freezes,
    gathering,
    leads,
    moves,
    reallocations,
    rulings,
    runs,
    staff,
)
from services.ownership.app.checks import Checks
from services.ownership.app.foresight import Foresight
from services.ownership.app.handlers import HANDLERS
from services.ownership.app.rounds import carry_on
from services.ownership.app.terms import Terms
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store.schema import metadata

ROUND_SECONDS = 2.0


def _servicers(door: Door, channels: Channels) -> Sequence[Servicer]:
    terms = Terms(channels("scheduler"))
    holdings, people, on_time = (
        OwnershipApi(door, terms),
        StaffApi(door),
        RunApi(door, Foresight(channels("scheduler"))),
    )
    plans, libraries = ReallocationApi(door), HoldingApi(door)
    today = OverviewApi(door, terms)
    inbound = LeadApi(door, Checks(channels("customers")))
    disputed = RulingApi(door)
    return (
        Servicer(
            "crm.ownership.v1.OwnershipService",
            lambda server: rpc.add_OwnershipServiceServicer_to_server(holdings, server),
        ),
        Servicer(
            "crm.ownership.v1.HoldingService",
            lambda server: holdings_rpc.add_HoldingServiceServicer_to_server(libraries, server),
        ),
        Servicer(
            "crm.ownership.v1.OverviewService",
            lambda server: overview_rpc.add_OverviewServiceServicer_to_server(today, server),
        ),
        Servicer(
            "crm.ownership.v1.StaffService",
            lambda server: rpc.add_StaffServiceServicer_to_server(people, server),
        ),
        Servicer(
            "crm.ownership.v1.RunService",
            lambda server: runs_rpc.add_RunServiceServicer_to_server(on_time, server),
        ),
        Servicer(
            "crm.ownership.v1.LeadService",
            lambda server: leads_rpc.add_LeadServiceServicer_to_server(inbound, server),
        ),
        Servicer(
            "crm.ownership.v1.RulingService",
            lambda server: ruling_rpc.add_RulingServiceServicer_to_server(disputed, server),
        ),
        Servicer(
            "crm.ownership.v1.ReallocationService",
            lambda server: reallocations_rpc.add_ReallocationServiceServicer_to_server(
                plans, server
            ),
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
            applied("ownership"),
            moves.GRANTED,
            moves.RELEASED,
            cases.REFUSED,
            cases.ENTERED,
            staff.CHANGED,
            leads.ROUTED,
            departures.DEPARTED,
            reallocations.PROPOSED,
            execution.EXECUTED,
            freezes.HOLDING_FROZEN,
            freezes.HOLDING_THAWED,
            crediting.ASSIGNED,
            closing.POSITION_CLOSED,
            closing.POSITION_REOPENED,
            gathering.PROPOSED,
            rulings.RULED,
            runs.STOPPED,
            runs.RESUMED,
            runs.CANCELLED,
            runs.FINISHED,
            runs.OVERDUE,
        }
    ),
    awaited=frozenset(
        {
            moves.GRANTED,
            moves.RELEASED,
            cases.REFUSED,
            cases.ENTERED,
            staff.CHANGED,
            departures.DEPARTED,
            reallocations.PROPOSED,
            execution.EXECUTED,
            leads.ROUTED,
            freezes.HOLDING_FROZEN,
            freezes.HOLDING_THAWED,
            closing.POSITION_CLOSED,
            closing.POSITION_REOPENED,
            gathering.PROPOSED,
            rulings.RULED,
            runs.STOPPED,
            runs.RESUMED,
            runs.CANCELLED,
            runs.FINISHED,
            runs.OVERDUE,
        }
    ),
    servicers=_servicers,
    weigh=forecasting.weigh,
    rounds={ROUND_SECONDS: carry_on, 5.0: gathering.propose_rulings},
)
