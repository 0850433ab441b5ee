"""The gRPC methods of inbound leads and the duty rota."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from crm.ownership.v1 import leads_pb2 as pb
from crm.ownership.v1.leads_pb2_grpc import LeadServiceServicer

from chassis import paging
from chassis.call import Call, Door
from chassis.rpc import command, procedure, query
from chassis.unit import UnitOfWork
from services.ownership.api.messages import read_day
from services.ownership.app import heard, leads, rotas
from services.ownership.app.checks import Checks
from services.ownership.app.leads import Lead
from services.ownership.store.rotas import Kept


class LeadApi(LeadServiceServicer):
    """Inbound calls and trials, and who is on duty for them."""

    def __init__(self, door: Door, checks: Checks) -> None:
        self.door = door
        self.checks = checks

    @procedure
    def RouteLead(self, call: Call, request: pb.RouteLeadRequest) -> pb.RouteLeadResponse:
        """See the proto. Reads the duplicate check at customers before the lead is routed."""
        if answered := call.replay(pb.RouteLeadResponse):
            return answered
        lead = _read(request)
        call.read(lambda uow: leads.require_router(uow, lead))
        check = self.checks.read(call, lead.check_id)

        def route(uow: UnitOfWork) -> pb.RouteLeadResponse:
            return pb.RouteLeadResponse(lead=_lead(leads.route_lead(uow, lead, check)))

        return call.commit(route, pb.RouteLeadResponse)

    @query
    def GetLead(self, uow: UnitOfWork, request: pb.GetLeadRequest) -> pb.GetLeadResponse:
        """See the proto."""
        return pb.GetLeadResponse(lead=_lead(leads.read_lead(uow, request.lead_id)))

    @query
    def ListLeads(self, uow: UnitOfWork, request: pb.ListLeadsRequest) -> pb.ListLeadsResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        found = leads.list_leads(uow, request.staff_id, int(after[0]) if after else 0, size + 1)
        page, token = paging.cut(request, found, size, lambda last: (last["number"],))
        return pb.ListLeadsResponse(leads=[_lead(row) for row in page], next_page_token=token)

    @query
    def GetRota(self, uow: UnitOfWork, request: pb.GetRotaRequest) -> pb.GetRotaResponse:
        """See the proto."""
        return pb.GetRotaResponse(
            rotas=[_rota(kept) for kept in rotas.read(uow, _day(request.day))]
        )

    @command
    def ReinstateToRota(
        self, uow: UnitOfWork, request: pb.ReinstateToRotaRequest
    ) -> pb.ReinstateToRotaResponse:
        """See the proto."""
        ended = heard.reinstate(uow, request.staff_id, request.reason)
        return pb.ReinstateToRotaResponse(ended_count=len(ended))

    @query
    def ListRotaBans(
        self, uow: UnitOfWork, request: pb.ListRotaBansRequest
    ) -> pb.ListRotaBansResponse:
        """See the proto."""
        size = paging.page_size(request)
        found = heard.list_bans(uow, paging.read_token(request), size + 1)
        page, token = paging.cut(
            request, found, size, lambda last: (last["banned_at"], last["ban_id"])
        )
        return pb.ListRotaBansResponse(bans=[_ban(row) for row in page], next_page_token=token)


def _read(request: pb.RouteLeadRequest) -> Lead:
    return Lead(
        kind=pb.LeadKind.Name(request.kind).removeprefix("LEAD_KIND_").lower(),
        full_name=request.full_name,
        contact=request.contact,
        phone=request.phone,
        note=request.note,
        check_id=request.check_id,
        customer_id=request.customer_id,
        not_listed=request.not_listed,
    )


def _lead(row: sa.RowMapping) -> pb.Lead:
    names = ("lead_id", "full_name", "contact", "phone", "note", "check_id", "customer_id")
    more = ("staff_id", "clause", "decision_id", "router_id")
    lead = pb.Lead(
        kind=pb.LeadKind.Value(f"LEAD_KIND_{row['kind'].upper()}"),
        route=pb.LeadRoute.Value(f"LEAD_ROUTE_{row['route'].upper()}"),
        skipped=[pb.SkippedRep(**item) for item in row["skipped"]],
        **{name: row[name] for name in (*names, *more)},
    )
    lead.route_time.FromDatetime(row["routed_at"])
    return lead


def _rota(kept: Kept) -> pb.Rota:
    rota = pb.Rota(
        week_start_date=kept.week_start.isoformat(),
        scheme=kept.scheme,
        build_number=kept.build,
        groups=kept.rota.groups,
        members=[
            pb.RotaMember(
                staff_id=item.staff_id, group=item.group, rank=item.rank, amount_cents=item.cents
            )
            for item in kept.rota.members
        ],
        left_out=[
            pb.LeftOutRep(staff_id=item.staff_id, reason=item.reason) for item in kept.rota.left_out
        ],
        months=kept.months,
        cause=kept.cause,
        decision_id=kept.decision_id,
    )
    rota.build_time.FromDatetime(kept.built_at)
    return rota


def _ban(row: Any) -> pb.RotaBan:
    names = ("ban_id", "staff_id", "spot_check_id", "clause", "decision_id")
    ban = pb.RotaBan(
        reinstater_id=row["actor_id"] or "",
        reinstate_reason=row["reason"] or "",
        **{name: row[name] for name in names},
    )
    ban.ban_time.FromDatetime(row["banned_at"])
    if row["until_at"]:
        ban.until_time.FromDatetime(row["until_at"])
    if row["reinstated_at"]:
        ban.reinstate_time.FromDatetime(row["reinstated_at"])
    return ban


def _day(text: str) -> date | None:
    return None if text == "today" else read_day("day", text)
