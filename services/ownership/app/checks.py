"""Reads recorded duplicate checks at customers, on behalf of the caller."""

from typing import Any

from crm.customers.v1 import customers_pb2 as customers
from crm.customers.v1.customers_pb2_grpc import CustomerServiceStub

from chassis.call import Call
from chassis.grpc_client import call_peer
from chassis.kernel import Kind, Refused
from services.ownership.domain.lead_choice import Check, Hit

TIMEOUT_SECONDS = 5.0


class Checks:
    """The duplicate checks that customers keeps."""

    def __init__(self, customers_channel: Any) -> None:
        self._customers = CustomerServiceStub(customers_channel)

    def read(self, call: Call, check_id: str) -> Check | None:
        """Return a check that the caller may read; None when there is no such one."""
        request = customers.GetDuplicateCheckRequest(check_id=check_id)
        try:
            answer: customers.GetDuplicateCheckResponse = call_peer(
                self._customers.GetDuplicateCheck,
                request,
                metadata=call.peer_metadata(),
                timeout=TIMEOUT_SECONDS,
            )
        except Refused as refused:
            if refused.kind in (Kind.NOT_FOUND, Kind.FORBIDDEN):
                return None
            raise
        found = answer.duplicate_check
        return Check(
            found.checker_id,
            found.full_name,
            tuple(Hit(hit.customer_id, _grade(hit.grade)) for hit in found.hits),
        )


def _grade(value: customers.DuplicateGrade.ValueType) -> Any:
    return customers.DuplicateGrade.Name(value).removeprefix("DUPLICATE_GRADE_").lower()
