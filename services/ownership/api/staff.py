"""The gRPC methods of the staff directory."""

from crm.ownership.v1 import ownership_pb2 as pb
from crm.ownership.v1.ownership_pb2_grpc import StaffServiceServicer

from chassis import paging
from chassis.call import Door
from chassis.contract import version_of
from chassis.rpc import command, query
from chassis.unit import UnitOfWork
from services.ownership.api.messages import write_colleague, write_quota
from services.ownership.app import departures, directory, staff
from services.ownership.app.directory import Sorting, Wanted
from services.ownership.app.queries import Quota
from services.ownership.app.staff import Staff


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
    def ListColleagues(
        self, uow: UnitOfWork, request: pb.ListColleaguesRequest
    ) -> pb.ListColleaguesResponse:
        """See the proto."""
        size = paging.page_size(request, 200 if request.ids else 50)
        wanted = Wanted(
            ids=request.ids,
            query=request.query,
            department=request.department,
            team=request.team,
            state=_state(request.state),
        )
        found = directory.list_colleagues(uow, wanted, paging.read_token(request), size + 1)
        page, token = paging.cut(request, found, size, lambda last: last[1])
        return pb.ListColleaguesResponse(
            colleagues=[write_colleague(person) for person, _ in page], next_page_token=token
        )

    @query
    def ListStaff(self, uow: UnitOfWork, request: pb.ListStaffRequest) -> pb.ListStaffResponse:
        """See the proto."""
        size = paging.page_size(request)
        wanted = Wanted(
            query=request.query,
            department=request.department,
            team=request.team,
            role=request.role,
            state=_state(request.state),
            receiving=request.receiving if request.HasField("receiving") else None,
        )
        found, total = directory.list_staff(
            uow,
            wanted,
            _SORTING[request.order],
            descending=request.descending,
            after=paging.read_token(request),
            limit=size + 1,
        )
        page, token = paging.cut(request, found, size, lambda last: last.keys)
        return pb.ListStaffResponse(
            staff=[_staff(one.person, one.quota) for one in page],
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
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

    @command
    def RecordDeparture(
        self, uow: UnitOfWork, request: pb.RecordDepartureRequest
    ) -> pb.RecordDepartureResponse:
        """See the proto."""
        kind = pb.DepartureKind.Name(request.kind).removeprefix("DEPARTURE_KIND_").lower()
        done = departures.record_departure(
            uow, request.staff_id, kind, request.departure_date, request.reason
        )
        return pb.RecordDepartureResponse(
            departure_id=done.departure_id,
            customers_count=done.customers_count,
            decision_id=done.decision_id,
        )


_SORTING: dict[pb.StaffOrder.ValueType, Sorting] = {
    pb.STAFF_ORDER_UNSPECIFIED: "name",
    pb.STAFF_ORDER_NAME: "name",
    pb.STAFF_ORDER_TEAM: "team",
    pb.STAFF_ORDER_HIRE_DATE: "hire_date",
    pb.STAFF_ORDER_USED_COUNT: "used_count",
}
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


def _state(state: pb.StaffState.ValueType) -> str:
    return pb.StaffState.Name(state).removeprefix("STAFF_STATE_").lower() if state else ""


def _staff(person: Staff, quota: Quota | None = None) -> pb.Staff:
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
        state=pb.StaffState.Value(f"STAFF_STATE_{person.state.upper()}"),
        claims_blocked=person.claims_blocked,
        quota=write_quota(quota) if quota else None,
    )
