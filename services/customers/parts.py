"""Customers in one value."""

from collections.abc import Sequence
from pathlib import Path

from crm.customers.v1 import customers_pb2_grpc as rpc

from chassis.call import Door
from chassis.grpc_server import Servicer
from chassis.policy_requests import applied
from chassis.service import Channels, Service
from services.customers.api import CustomersApi
from services.customers.app import corrections, recording, registration, scanning
from services.customers.app.handlers import HANDLERS
from services.customers.domain.policy import CustomersPolicy
from services.customers.store.tables import metadata


def _servicers(door: Door, _: Channels) -> Sequence[Servicer]:
    api = CustomersApi(door)
    return (
        Servicer(
            "crm.customers.v1.CustomerService",
            lambda server: rpc.add_CustomerServiceServicer_to_server(api, server),
        ),
    )


CUSTOMERS = Service(
    name="customers",
    policy=CustomersPolicy,
    metadata=metadata,
    migrations=Path(__file__).parent / "store" / "migrations",
    handlers=HANDLERS,
    emits=frozenset(
        {
            applied("customers"),
            recording.REGISTERED,
            recording.IMPORTED,
            registration.AMENDED,
            registration.REGISTRATION_REFUSED,
            corrections.SUPPLEMENTED,
            corrections.RELEASE_MARKED,
            scanning.FOUND,
        }
    ),
    awaited=frozenset(
        {
            recording.REGISTERED,
            recording.IMPORTED,
            registration.AMENDED,
            registration.REGISTRATION_REFUSED,
            corrections.SUPPLEMENTED,
            corrections.RELEASE_MARKED,
            scanning.FOUND,
        }
    ),
    servicers=_servicers,
    rounds={1.0: scanning.carry_on},
)
