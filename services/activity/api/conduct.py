"""Assessments, spot checks, violations and the month's summary."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from crm.activity.v1 import conduct_pb2 as pb
from crm.activity.v1.conduct_pb2_grpc import ConductServiceServicer

from chassis import keysets, paging
from chassis.call import Door
from chassis.rpc import command, query
from chassis.unit import UnitOfWork
from services.activity.api.messages import day_of, moment_of
from services.activity.app import checks, conduct_queries, violations
from services.activity.app.conduct_queries import Rows, Whose
from services.activity.domain.conduct import Standing
from services.activity.store.conducts import ConfirmedViolation, violation_of


class ConductApi(ConductServiceServicer):
    """The conduct of people."""

    def __init__(self, door: Door) -> None:
        self.door = door

    @command
    def RecordCallAssessment(
        self, uow: UnitOfWork, request: pb.RecordCallAssessmentRequest
    ) -> pb.RecordCallAssessmentResponse:
        """See the proto."""
        counts = (request.call_count, request.target_count)
        row = checks.record_assessment(
            uow, request.staff_id, request.week_start, request.passed, counts, request.note
        )
        return pb.RecordCallAssessmentResponse(call_assessment=_assessment(row))

    @query
    def ListCallAssessments(
        self, uow: UnitOfWork, request: pb.ListCallAssessmentsRequest
    ) -> pb.ListCallAssessmentsResponse:
        """See the proto."""
        week = day_of(request.week_start, "week_start")
        found = conduct_queries.list_assessments(uow, _whose(request), week)
        page, paged = cut(request, found)
        return pb.ListCallAssessmentsResponse(
            call_assessments=[_assessment(row) for row in page], **paged
        )

    @command
    def RecordSpotCheck(
        self, uow: UnitOfWork, request: pb.RecordSpotCheckRequest
    ) -> pb.RecordSpotCheckResponse:
        """See the proto."""
        row = checks.record_spot_check(
            uow,
            pb.SpotCheckKind.Name(request.kind).removeprefix("SPOT_CHECK_KIND_").lower(),
            request.follow_up_id,
            request.staff_id,
            request.call_reference,
            _result(request.result),
            request.evidence,
        )
        return pb.RecordSpotCheckResponse(spot_check=_check(row))

    @query
    def ListSpotChecks(
        self, uow: UnitOfWork, request: pb.ListSpotChecksRequest
    ) -> pb.ListSpotChecksResponse:
        """See the proto."""
        found = conduct_queries.list_spot_checks(uow, _whose(request), _result(request.result))
        page, paged = cut(request, found)
        return pb.ListSpotChecksResponse(spot_checks=[_check(row) for row in page], **paged)

    @query
    def ListSpotCheckDays(
        self, uow: UnitOfWork, request: pb.ListSpotCheckDaysRequest
    ) -> pb.ListSpotCheckDaysResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        found = conduct_queries.list_spot_check_days(uow, request.missed, after, size + 1)
        page, paged = cut(request, found)
        answer = pb.ListSpotCheckDaysResponse(**paged)
        for row in page:
            day = answer.spot_check_days.add(
                date=row["day"].isoformat(),
                check_count=row["check_count"],
                missed=row["missed"],
                clause=row["clause"],
            )
            day.close_time.FromDatetime(row["closed_at"])
        return answer

    @command
    def ConfirmViolation(
        self, uow: UnitOfWork, request: pb.ConfirmViolationRequest
    ) -> pb.ConfirmViolationResponse:
        """See the proto."""
        when = moment_of(request.happen_time) if request.HasField("happen_time") else None
        found, standing = violations.confirm_violation(
            uow, request.staff_id, request.clause, when, request.evidence
        )
        return pb.ConfirmViolationResponse(
            violation=_violation(found), conduct=_conduct(found.staff_id, standing)
        )

    @command
    def RevokeViolation(
        self, uow: UnitOfWork, request: pb.RevokeViolationRequest
    ) -> pb.RevokeViolationResponse:
        """See the proto."""
        found, standing = violations.revoke_violation(uow, request.violation_id, request.reason)
        return pb.RevokeViolationResponse(
            violation=_violation(found), conduct=_conduct(found.staff_id, standing)
        )

    @query
    def ListViolations(
        self, uow: UnitOfWork, request: pb.ListViolationsRequest
    ) -> pb.ListViolationsResponse:
        """See the proto."""
        page, paged = cut(request, conduct_queries.list_violations(uow, _whose(request)))
        return pb.ListViolationsResponse(
            violations=[_violation(violation_of(row), row["staff_name"] or "") for row in page],
            **paged,
        )

    @query
    def GetConduct(self, uow: UnitOfWork, request: pb.GetConductRequest) -> pb.GetConductResponse:
        """See the proto."""
        who, standing = conduct_queries.read_conduct(uow, request.staff_id)
        return pb.GetConductResponse(conduct=_conduct(who, standing))

    @query
    def ListPenalties(
        self, uow: UnitOfWork, request: pb.ListPenaltiesRequest
    ) -> pb.ListPenaltiesResponse:
        """See the proto."""
        page, paged = cut(request, conduct_queries.list_penalties(uow, _whose(request)))
        return pb.ListPenaltiesResponse(penalties=[_penalty(row) for row in page], **paged)

    @query
    def GetMonthSummary(
        self, uow: UnitOfWork, request: pb.GetMonthSummaryRequest
    ) -> pb.GetMonthSummaryResponse:
        """See the proto."""
        final, found, figures = conduct_queries.month_summary_of(
            uow, request.month, _whose(request)
        )
        page, paged = cut(request, found)
        return pb.GetMonthSummaryResponse(
            final=final,
            people=[_month(row, figures[row["staff_id"]]) for row in page],
            **paged,
        )


def cut(request: Any, found: Rows) -> tuple[list[sa.RowMapping], dict[str, Any]]:
    """Return the rows of the page, and what every answer with a page says of the others."""
    rows, token = paging.cut(request, found.rows, paging.page_size(request), keysets.keys)
    return rows, {
        "next_page_token": token,
        "total_size": found.total.count,
        "total_size_capped": found.total.capped,
    }


def _month(person: sa.RowMapping, figures: Mapping[str, int]) -> pb.PersonMonth:
    names = ("staff_id", "display_name", "department", "team")
    told: dict[str, Any] = {name: person[name] for name in names} | dict(figures)
    return pb.PersonMonth(**told)


def _whose(request: Any) -> Whose:
    return Whose(
        request.staff_id,
        request.department,
        request.team,
        paging.read_token(request),
        paging.page_size(request) + 1,
    )


def _result(value: pb.SpotCheckResult.ValueType) -> str:
    name = pb.SpotCheckResult.Name(value).removeprefix("SPOT_CHECK_RESULT_").lower()
    return "" if name == "unspecified" else name


def _assessment(row: Any) -> pb.CallAssessment:
    names = ("assessment_id", "staff_id", "passed", "call_count", "target_count", "note")
    message = pb.CallAssessment(
        **{name: row[name] for name in names},
        week_start=row["week_start"].isoformat(),
        recorder_id=row["recorder_id"],
        replaced=bool(row.get("replaced")),
        staff_name=row.get("staff_name") or "",
    )
    message.record_time.FromDatetime(row["recorded_at"])
    return message


def _check(row: Any) -> pb.SpotCheck:
    names = ("spot_check_id", "staff_id", "follow_up_id", "call_reference", "evidence")
    message = pb.SpotCheck(
        **{name: row[name] for name in names},
        kind=pb.SpotCheckKind.Value(f"SPOT_CHECK_KIND_{row['kind'].upper()}"),
        result=pb.SpotCheckResult.Value(f"SPOT_CHECK_RESULT_{row['result'].upper()}"),
        check_date=row["checked_on"].isoformat(),
        checker_id=row["checker_id"],
        staff_name=row.get("staff_name") or "",
    )
    message.record_time.FromDatetime(row["recorded_at"])
    return message


def _violation(found: ConfirmedViolation, staff_name: str = "") -> pb.Violation:
    names = ("violation_id", "staff_id", "clause", "evidence", "ordinal", "recorder_id")
    message = pb.Violation(
        **{name: getattr(found, name) for name in names},
        revoke_reason=found.reason or "",
        revoker_id=found.revoker_id or "",
        staff_name=staff_name,
    )
    message.happen_time.FromDatetime(found.happened_at)
    message.record_time.FromDatetime(found.recorded_at)
    if found.revoked_at:
        message.revoke_time.FromDatetime(found.revoked_at)
    return message


def _conduct(staff_id: str, standing: Standing) -> pb.Conduct:
    step = standing.step
    return pb.Conduct(
        staff_id=staff_id,
        violation_count=standing.count,
        status=standing.status,
        claims_blocked=standing.claims_blocked,
        clause=step.clause if step else "",
        zh=step.zh if step else "",
        en=step.en if step else "",
    )


def _penalty(row: Any) -> pb.Penalty:
    names = ("penalty_id", "staff_id", "violation_id", "kind", "issuer", "amount_cents", "clause")
    message = pb.Penalty(
        **{name: row[name] for name in names},
        counters_id=row["counters_id"] or "",
        countered=bool(row["countered"]),
        staff_name=row.get("staff_name") or "",
    )
    message.post_time.FromDatetime(row["posted_at"])
    return message
