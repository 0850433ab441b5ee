"""The gRPC methods of ownership: messages in and out of use cases."""

from datetime import datetime
from typing import Any

from crm.ownership.v1 import ownership_pb2 as pb
from crm.ownership.v1.ownership_pb2_grpc import (
    OwnershipServiceServicer,
    StaffServiceServicer,
)

from chassis import paging
from chassis.contract import version_of
from chassis.rpc import Door, command, peer_command, query
from chassis.unit import UnitOfWork
from services.ownership.app import cases, grants, queries, staff
from services.ownership.app.staff import Staff
from services.ownership.store.positions import Position


class OwnershipApi(OwnershipServiceServicer):
    """Who holds which customer."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @query
    def ListPool(self, uow: UnitOfWork, request: pb.ListPoolRequest) -> pb.ListPoolResponse:
        """See the proto."""
        size = paging.page_size(request)
        found = queries.list_pool(uow, paging.read_token(request), size + 1)
        token = _token(request, found, size, "arrived_at")
        return pb.ListPoolResponse(
            positions=[_position(item) for item in found[:size]], next_page_token=token
        )

    @query
    def ListLibrary(
        self, uow: UnitOfWork, request: pb.ListLibraryRequest
    ) -> pb.ListLibraryResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        found = queries.list_library(uow, request.staff_id, after, size + 1)
        token = _token(request, found, size, "protected_at")
        return pb.ListLibraryResponse(
            positions=[_position(item) for item in found[:size]], next_page_token=token
        )

    @query
    def PreviewClaim(
        self, uow: UnitOfWork, request: pb.PreviewClaimRequest
    ) -> pb.PreviewClaimResponse:
        """See the proto."""
        preview = queries.preview_claim(uow, request.customer_id)
        answer = pb.PreviewClaimResponse(
            allowed=preview.refused is None,
            review_required=preview.review_required,
            quota=_quota(preview.quota),
        )
        if preview.refused:
            answer.reason = preview.refused.reason
            answer.clause = preview.refused.clause
            answer.zh = preview.refused.say.zh
            answer.en = preview.refused.say.en
        return answer

    @command
    def ClaimCustomer(
        self, uow: UnitOfWork, request: pb.ClaimCustomerRequest
    ) -> pb.ClaimCustomerResponse:
        """See the proto."""
        position = grants.claim_customer(uow, request.customer_id)
        quota = queries.read_quota(uow, "me")
        return pb.ClaimCustomerResponse(position=_position(position), quota=_quota(quota))

    @query
    def GetPosition(
        self, uow: UnitOfWork, request: pb.GetPositionRequest
    ) -> pb.GetPositionResponse:
        """See the proto."""
        position = queries.visible_position(uow, request.customer_id)
        return pb.GetPositionResponse(position=_position(position))

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
        return pb.ListPositionChangesResponse(
            changes=[_change(row) for row in found[:size]],
            next_page_token=paging.next_token(request, found[size - 1]["change"])
            if len(found) > size
            else "",
        )

    @query
    def GetQuota(self, uow: UnitOfWork, request: pb.GetQuotaRequest) -> pb.GetQuotaResponse:
        """See the proto."""
        return pb.GetQuotaResponse(quota=_quota(queries.read_quota(uow, request.staff_id)))

    @query
    def ListReleasedCustomers(
        self, uow: UnitOfWork, request: pb.ListReleasedCustomersRequest
    ) -> pb.ListReleasedCustomersResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        found = queries.list_released(uow, request.customer_id, after[0] if after else "", size + 1)
        return pb.ListReleasedCustomersResponse(
            customers=[_released(*item) for item in found[:size]],
            next_page_token=paging.next_token(request, found[size - 1][0])
            if len(found) > size
            else "",
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
        return pb.PrepareCaseResponse(quota=_quota(queries.read_quota(uow, "me")))


class StaffApi(StaffServiceServicer):
    """The staff directory."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @command
    def CreateStaff(
        self, uow: UnitOfWork, request: pb.CreateStaffRequest
    ) -> pb.CreateStaffResponse:
        """See the proto."""
        return pb.CreateStaffResponse(staff=_staff(staff.create_staff(uow, _person(request.staff))))

    @query
    def GetStaff(self, uow: UnitOfWork, request: pb.GetStaffRequest) -> pb.GetStaffResponse:
        """See the proto."""
        return pb.GetStaffResponse(staff=_staff(staff.read_staff(uow, request.staff_id)))

    @query
    def ListStaff(self, uow: UnitOfWork, request: pb.ListStaffRequest) -> pb.ListStaffResponse:
        """See the proto."""
        size = paging.page_size(request)
        keys = paging.read_token(request)
        found = staff.list_staff(uow, (keys[0], keys[1]) if keys else None, size + 1)
        last = found[size - 1] if len(found) > size else None
        return pb.ListStaffResponse(
            staff=[_staff(item) for item in found[:size]],
            next_page_token=paging.next_token(request, last.display_name, last.staff_id)
            if last
            else "",
        )

    @command
    def UpdateStaff(
        self, uow: UnitOfWork, request: pb.UpdateStaffRequest
    ) -> pb.UpdateStaffResponse:
        """See the proto."""
        fields = {_FIELDS.get(name, name) for name in request.fields}
        etag = version_of(request.staff.etag)
        changed = staff.update_staff(
            uow, _person(request.staff), fields or set(staff.CHANGEABLE), etag
        )
        return pb.UpdateStaffResponse(staff=_staff(changed))


_FIELDS = {"personal_limit_count": "personal_limit"}
"""Fields that messages call otherwise."""


def _person(message: pb.Staff) -> Staff:
    gender = pb.Gender.Name(message.gender).removeprefix("GENDER_").lower()
    return Staff(
        staff_id=message.staff_id,
        display_name=message.display_name,
        phone=message.phone,
        gender="" if gender == "unspecified" else gender,
        hire_date=message.hire_date,
        department=message.department,
        team=message.team,
        roles=tuple(message.roles),
        personal_limit=message.personal_limit_count,
    )


def _staff(person: Staff) -> pb.Staff:
    return pb.Staff(
        staff_id=person.staff_id,
        display_name=person.display_name,
        phone=person.phone,
        gender=pb.Gender.Value(f"GENDER_{(person.gender or 'unspecified').upper()}"),
        hire_date=person.hire_date,
        department=person.department,
        team=person.team,
        roles=person.roles,
        personal_limit_count=person.personal_limit,
        etag=str(person.version),
    )


def _location(name: str) -> pb.Location.ValueType:
    return pb.Location.Value(f"LOCATION_{(name or 'unspecified').upper()}")


def _position(position: Position) -> pb.Position:
    answer = pb.Position(
        customer_id=position.customer_id,
        full_name=position.full_name,
        category=position.category,
        location=_location(position.location),
        holder_id=position.holder_id or "",
        counted=position.counted,
        in_case=bool(position.case_id),
        releaser_count=position.releaser_count,
    )
    answer.arrive_time.FromDatetime(position.arrived_at)
    if position.protected_at:
        answer.protect_time.FromDatetime(position.protected_at)
    return answer


def _quota(quota: queries.Quota) -> pb.Quota:
    return pb.Quota(
        staff_id=quota.staff_id,
        limit_count=quota.limit,
        used_count=quota.used,
        reserved_count=quota.reserved,
        left_count=quota.left,
        uncounted_count=quota.uncounted,
        clause=quota.rule.clause,
        zh=quota.rule.zh,
        en=quota.rule.en,
    )


def _change(row: Any) -> pb.PositionChange:
    names = ("from_holder_id", "to_holder_id", "manner", "clause", "actor_id", "decision_id")
    answer = pb.PositionChange(
        from_location=_location(row["from_location"]),
        to_location=_location(row["to_location"]),
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
            to_location=_location(row["to_location"]),
        )
        item.release_time.FromDatetime(row["released_at"])
    return answer


def _token(request: Any, found: list[Position], size: int, field: str) -> str:
    if len(found) <= size:
        return ""
    moment: datetime = getattr(found[size - 1], field)
    return paging.next_token(request, moment.isoformat(), found[size - 1].customer_id)
