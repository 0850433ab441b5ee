"""The gRPC methods of inbound leads and the duty rota."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from crm.ownership.v1 import leads_pb2 as pb
from crm.ownership.v1.leads_pb2_grpc import LeadServiceServicer

from chassis import keysets, paging
from chassis.call import Call, Door
from chassis.contract import FIELD_INVALID, INVALID_REQUEST
from chassis.rpc import command, procedure, query
from chassis.unit import UnitOfWork
from services.ownership.api.messages import read_day, write_people
from services.ownership.app import duty, heard, lead_lists, leads, rotas
from services.ownership.app.checks import Checks
from services.ownership.app.leads import Lead
from services.ownership.domain.rota import week_of
from services.ownership.store.rotas import Kept

MOST_DAYS = 34


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
        lead = _lead(lead_lists.read_lead(uow, request.lead_id))
        return pb.GetLeadResponse(lead=lead, people=write_people(uow, _named(lead)))

    @query
    def ListLeads(self, uow: UnitOfWork, request: pb.ListLeadsRequest) -> pb.ListLeadsResponse:
        """See the proto."""
        size = paging.page_size(request)
        kind = pb.LeadKind.Name(request.kind).removeprefix("LEAD_KIND_").lower()
        route = pb.LeadRoute.Name(request.route).removeprefix("LEAD_ROUTE_").lower()
        wanted = lead_lists.Wanted(
            staff_id=request.staff_id,
            kind=kind if request.kind else "",
            route=route if request.route else "",
            first=read_day("first_date", request.first_date) if request.first_date else None,
            last=read_day("last_date", request.last_date) if request.last_date else None,
            query=request.query,
            skipping=request.skipping,
            oldest_first=request.oldest_first,
        )
        found, total = lead_lists.list_leads(uow, wanted, paging.read_token(request), size + 1)
        page, token = paging.cut(request, found, size, keysets.keys)
        leads = [_lead(row) for row in page]
        return pb.ListLeadsResponse(
            leads=leads,
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
            people=write_people(uow, (who for one in leads for who in _named(one))),
        )

    @query
    def GetRota(self, uow: UnitOfWork, request: pb.GetRotaRequest) -> pb.GetRotaResponse:
        """See the proto."""
        found = [_rota(kept) for kept in rotas.read(uow, _day(request.day))]
        named = {who.staff_id for one in found for who in one.members}
        named |= {who.staff_id for one in found for who in one.left_out}
        return pb.GetRotaResponse(rotas=found, people=write_people(uow, named))

    @query
    def ListDutyDays(
        self, uow: UnitOfWork, request: pb.ListDutyDaysRequest
    ) -> pb.ListDutyDaysResponse:
        """See the proto."""
        monday = week_of(uow.today())
        first = read_day("first_date", request.first_date) if request.first_date else monday
        after = first + timedelta(days=6)
        last = read_day("last_date", request.last_date) if request.last_date else after
        if not 0 <= (last - first).days <= MOST_DAYS:
            violation = FIELD_INVALID.violate("last_date", problem=last.isoformat())
            raise INVALID_REQUEST.refuse(violations=[violation], count=1)
        days = [_duty(one) for one in duty.duty_days(uow, first, last)]
        named = (rep.staff_id for day in days for rep in day.reps)
        return pb.ListDutyDaysResponse(days=days, people=write_people(uow, named))

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
        in_force = request.in_force if request.HasField("in_force") else None
        after = paging.read_token(request)
        found, total = heard.list_bans(uow, request.staff_id, in_force, after, size + 1)
        page, token = paging.cut(request, found, size, keysets.keys)
        bans = [_ban(row) for row in page]
        return pb.ListRotaBansResponse(
            bans=bans,
            next_page_token=token,
            total_size=total.count,
            total_size_capped=total.capped,
            people=write_people(uow, (who for b in bans for who in (b.staff_id, b.reinstater_id))),
        )


def _duty(day: duty.Day) -> pb.DutyDay:
    answer = pb.DutyDay(date=day.day.isoformat())
    if day.kept:
        answer.scheme, answer.build_number = day.kept.scheme, day.kept.build
    for rep in day.reps:
        answer.reps.add(
            staff_id=rep.member.staff_id,
            group=rep.member.group,
            rank=rep.member.rank,
            on_duty=rep.on_duty,
            reason=rep.reason,
            leads_count=rep.leads,
        )
    return answer


def _named(lead: pb.Lead) -> tuple[str, ...]:
    return lead.staff_id, lead.router_id, *(one.staff_id for one in lead.skipped)


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
