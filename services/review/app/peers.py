"""Asks customers and ownership to reserve what a case needs, on behalf of the applicant."""

from typing import Any

from crm.customers.v1 import customers_pb2 as customers
from crm.customers.v1.customers_pb2_grpc import CustomerServiceStub
from crm.ownership.v1 import ownership_pb2 as ownership
from crm.ownership.v1.ownership_pb2_grpc import OwnershipServiceStub
from google.protobuf import json_format

from chassis.call import Call
from chassis.contract import FIELD_INVALID, INVALID_REQUEST
from chassis.grpc_client import call_peer
from services.review.app.submission import Draft, Prepared

TIMEOUT_SECONDS = 5.0


class Peers:
    """The services that a case reserves at."""

    def __init__(self, customers_channel: Any, ownership_channel: Any) -> None:
        self._customers = CustomerServiceStub(customers_channel)
        self._ownership = OwnershipServiceStub(ownership_channel)

    def prepare_customer(
        self, call: Call, case_id: str, flow: str, draft: Draft
    ) -> customers.PrepareCaseResponse:
        """Validate the form and reserve the identity; the answer holds what the reviewer needs."""
        request = customers.PrepareCaseRequest(
            case_id=case_id,
            flow=customers.CaseFlow.Value(f"CASE_FLOW_{flow.upper()}"),
            customer_id=draft.customer_id,
            check_id=draft.check_id,
        )
        try:
            json_format.ParseDict(draft.form, request.form)
        except json_format.ParseError as error:
            violation = FIELD_INVALID.violate("form", problem=str(error)[:200])
            raise INVALID_REQUEST.refuse(violations=[violation], count=1) from None
        answer: customers.PrepareCaseResponse = self._call(
            self._customers.PrepareCase, request, call
        )
        return answer

    def prepare_holding(
        self,
        call: Call,
        case_id: str,
        flow: str,
        draft: Draft,
        answer: customers.PrepareCaseResponse,
    ) -> ownership.PrepareCaseResponse:
        """Reserve a slot of the applicant's quota, and the customer that is claimed."""
        request = ownership.PrepareCaseRequest(
            case_id=case_id,
            flow=ownership.CaseFlow.Value(f"CASE_FLOW_{flow.upper()}"),
            customer_id=draft.customer_id,
            category=answer.category,
            same_organisation_ids=answer.same_organisation_ids,
        )
        reserved: ownership.PrepareCaseResponse = self._call(
            self._ownership.PrepareCase, request, call
        )
        return reserved

    def _call(self, method: Any, request: Any, call: Call) -> Any:
        return call_peer(
            method,
            request,
            metadata=call.peer_metadata(),
            timeout=TIMEOUT_SECONDS,
        )


def prepared_from(answer: customers.PrepareCaseResponse) -> Prepared:
    """Return what the case keeps of the customers' answer."""
    hits = [json_format.MessageToDict(hit, preserving_proto_field_name=True) for hit in answer.hits]
    grave = (customers.DUPLICATE_GRADE_LIKELY, customers.DUPLICATE_GRADE_SAME)
    findings = {
        "duplicate": [hit.full_name for hit in answer.hits if hit.grade in grave],
        "incomplete": list(answer.incomplete_fields),
    }
    form = json_format.MessageToDict(answer.form, preserving_proto_field_name=True)
    evidence = {"hits": hits, "findings": findings, "record": form, "ignored": list(answer.ignored)}
    return Prepared(answer.full_name, form, evidence)
