"""The gRPC methods of holdings: pool, libraries, quotas, releases."""

from collections.abc import Sequence
from typing import Any

from crm.ownership.v1 import ownership_pb2 as pb
from crm.ownership.v1.ownership_pb2_grpc import OwnershipServiceServicer

from chassis import paging
from chassis.call import Call, Door
from chassis.kernel import Kind, Refused
from chassis.rpc import command, peer_command, procedure, query
from chassis.unit import UnitOfWork
from services.ownership.api.messages import (
    read_place,
    write_location,
    write_position,
    write_preview,
    write_quota,
    write_term,
    write_unheld,
)
from services.ownership.app import cases, claims, grants, places, queries, releases
from services.ownership.app.terms import Terms
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.store.positions import Position


class OwnershipApi(OwnershipServiceServicer):
    """Who holds which customer."""

    def __init__(self, door: Door, terms: Terms) -> None:
        self.door = door
        self.terms = terms

    @query
    def ListPool(self, uow: UnitOfWork, request: pb.ListPoolRequest) -> pb.ListPoolResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        found, total = places.list_pool(uow, read_place(request), after, size + 1)
        page, token = paging.cut(request, found, size, lambda last: last.keys)
        rules = uow.policy(OwnershipPolicy).rules.reclaim
        return pb.ListPoolResponse(
            positions=[write_unheld(one, rules) for one in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
        )

    @query
    def ListLibrary(
        self, uow: UnitOfWork, request: pb.ListLibraryRequest
    ) -> pb.ListLibraryResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        by_due = request.order == pb.LIBRARY_ORDER_DUE_TIME
        found = queries.list_library(uow, request.staff_id, by_due, after, size + 1)

        def keys(last: Position) -> paging.Keys:
            moment = queries.library_key(uow, last) if by_due else last.protected_at
            return moment, last.customer_id

        page, token = paging.cut(request, found, size, keys)
        return pb.ListLibraryResponse(positions=_written(uow, page), next_page_token=token)

    @procedure
    def PreviewClaim(self, call: Call, request: pb.PreviewClaimRequest) -> pb.PreviewClaimResponse:
        """See the proto. Asks the scheduler for the deadline after it was read what is claimed."""
        preview, zone = call.read(
            lambda uow: (
                claims.preview_claim(uow, request.customer_id),
                uow.policy(OwnershipPolicy).time_zone,
            )
        )
        answer = write_preview(preview)
        if preview.refused is None and preview.reclaimed_by_time:
            try:
                if term := self.terms.first_deadline(call):
                    answer.first_deadline.CopyFrom(write_term(term, zone))
            except Refused as refused:
                if refused.kind is not Kind.UNAVAILABLE:
                    raise
                answer.deadline_unavailable = True
        return answer

    @query
    def PreviewRelease(
        self, uow: UnitOfWork, request: pb.PreviewReleaseRequest
    ) -> pb.PreviewReleaseResponse:
        """See the proto."""
        preview = releases.preview_release(uow, request.customer_id)
        rule = preview.route.rule
        why = preview.refused or rule
        answer = pb.PreviewReleaseResponse(
            allowed=preview.refused is None,
            to_location=write_location(preview.route.location.value),
            releaser_count=preview.releasers,
            clause=why.clause,
            zh=why.say.zh,
            en=why.say.en,
        )
        if preview.refused:
            answer.reason = preview.refused.reason
        return answer

    @command
    def ClaimCustomer(
        self, uow: UnitOfWork, request: pb.ClaimCustomerRequest
    ) -> pb.ClaimCustomerResponse:
        """See the proto."""
        position = grants.claim_customer(uow, request.customer_id)
        quota = write_quota(queries.read_quota(uow, "me"))
        return pb.ClaimCustomerResponse(position=_written(uow, [position])[0], quota=quota)

    @query
    def GetPosition(
        self, uow: UnitOfWork, request: pb.GetPositionRequest
    ) -> pb.GetPositionResponse:
        """See the proto."""
        position = queries.visible_position(uow, request.customer_id)
        return pb.GetPositionResponse(position=_written(uow, [position])[0])

    @query
    def ListPositionChanges(
        self, uow: UnitOfWork, request: pb.ListPositionChangesRequest
    ) -> pb.ListPositionChangesResponse:
        """See the proto."""
        size = paging.page_size(request, 100, 500)
        after = paging.read_token(request)
        found = queries.list_changes(
            uow, request.customer_id, int(after[0]) if after else 0, size + 1
        )
        page, token = paging.cut(request, found, size, lambda last: (last["change"],))
        return pb.ListPositionChangesResponse(
            changes=[_change(row) for row in page], next_page_token=token
        )

    @query
    def GetQuota(self, uow: UnitOfWork, request: pb.GetQuotaRequest) -> pb.GetQuotaResponse:
        """See the proto."""
        return pb.GetQuotaResponse(quota=write_quota(queries.read_quota(uow, request.staff_id)))

    @query
    def ListReleasedCustomers(
        self, uow: UnitOfWork, request: pb.ListReleasedCustomersRequest
    ) -> pb.ListReleasedCustomersResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        found = queries.list_released(uow, request.customer_id, after[0] if after else "", size + 1)
        page, token = paging.cut(request, found, size, lambda last: (last[0],))
        return pb.ListReleasedCustomersResponse(
            customers=[_released(*item) for item in page], next_page_token=token
        )

    @peer_command
    def PrepareCase(
        self, uow: UnitOfWork, request: pb.PrepareCaseRequest
    ) -> pb.PrepareCaseResponse:
        """See the proto."""
        if request.flow == pb.CASE_FLOW_REGISTER:
            cases.prepare_registration(uow, request.case_id, request.category)
        elif request.flow == pb.CASE_FLOW_CLAIM:
            cases.prepare_claim(
                uow,
                request.case_id,
                request.customer_id,
                request.category,
                list(request.same_organisation_ids),
            )
        return pb.PrepareCaseResponse(quota=write_quota(queries.read_quota(uow, "me")))


def _written(uow: UnitOfWork, found: Sequence[Position]) -> list[pb.Position]:
    rules = uow.policy(OwnershipPolicy).rules.reclaim
    return [write_position(item, rules) for item in found]


def _change(row: Any) -> pb.PositionChange:
    names = ("from_holder_id", "to_holder_id", "manner", "clause", "actor_id", "decision_id")
    answer = pb.PositionChange(
        from_location=write_location(row["from_location"]),
        to_location=write_location(row["to_location"]),
        **{name: row[name] for name in names},
    )
    answer.change_time.FromDatetime(row["changed_at"])
    return answer


def _released(customer_id: str, full_name: str, rows: list[Any]) -> pb.ReleasedCustomer:
    answer = pb.ReleasedCustomer(
        customer_id=customer_id,
        full_name=full_name,
        releaser_count=len({row["staff_id"] for row in rows}),
    )
    for row in rows:
        item = answer.releases.add(
            staff_id=row["staff_id"],
            display_name=row["display_name"],
            to_location=write_location(row["to_location"]),
        )
        item.release_time.FromDatetime(row["released_at"])
    return answer
