"""Assessments, spot checks, violations and the month's summary."""

from typing import Any

import sqlalchemy as sa
from crm.activity.v1 import conduct_pb2 as pb
from crm.activity.v1.conduct_pb2_grpc import ConductServiceServicer

from chassis import paging
from chassis.call import Door
from chassis.rpc import command, query
from chassis.unit import UnitOfWork
from services.activity.api.messages import day_of, moment_of
from services.activity.app import checks, conduct_queries, violations
from services.activity.domain.conduct import Standing
from services.activity.store.conducts import ConfirmedViolation


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
        size = paging.page_size(request)
        week = day_of(request.week_start, "week_start")
        rows = conduct_queries.list_assessments(
            uow, request.staff_id, week, _before(request), size + 1
        )
        return pb.ListCallAssessmentsResponse(
            call_assessments=[_assessment(row) for row in rows[:size]],
            next_page_token=_token(request, rows, size),
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
        size = paging.page_size(request)
        rows = conduct_queries.list_spot_checks(
            uow, request.staff_id, _result(request.result), _before(request), size + 1
        )
        return pb.ListSpotChecksResponse(
            spot_checks=[_check(row) for row in rows[:size]],
            next_page_token=_token(request, rows, size),
        )

    @query
    def ListSpotCheckDays(
        self, uow: UnitOfWork, request: pb.ListSpotCheckDaysRequest
    ) -> pb.ListSpotCheckDaysResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        before = day_of(after[0], "page_token") if after else None
        rows = conduct_queries.list_spot_check_days(uow, request.missed, before, size + 1)
        answer = pb.ListSpotCheckDaysResponse(
            next_page_token=paging.next_token(request, rows[size - 1]["day"].isoformat())
            if len(rows) > size
            else ""
        )
        for row in rows[:size]:
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
        size = paging.page_size(request)
        found = conduct_queries.list_violations(uow, request.staff_id, _before(request), size + 1)
        return pb.ListViolationsResponse(
            violations=[_violation(one) for one in found[:size]],
            next_page_token=paging.next_token(request, found[size - 1].position)
            if len(found) > size
            else "",
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
        size = paging.page_size(request)
        rows = conduct_queries.list_penalties(uow, request.staff_id, _before(request), size + 1)
        return pb.ListPenaltiesResponse(
            penalties=[_penalty(row) for row in rows[:size]],
            next_page_token=_token(request, rows, size),
        )

    @query
    def GetMonthSummary(
        self, uow: UnitOfWork, request: pb.GetMonthSummaryRequest
    ) -> pb.GetMonthSummaryResponse:
        """See the proto."""
        size = paging.page_size(request)
        after = paging.read_token(request)
        final, people = conduct_queries.month_summary_of(
            uow, request.month, request.staff_id, str(after[0]) if after else "", size + 1
        )
        return pb.GetMonthSummaryResponse(
            final=final,
            people=[
                pb.PersonMonth(staff_id=who, display_name=name, **figures)
                for who, name, figures in people[:size]
            ],
            next_page_token=paging.next_token(request, people[size - 1][0])
            if len(people) > size
            else "",
        )


def _before(request: Any) -> int | None:
    after = paging.read_token(request)
    return int(after[0]) if after else None


def _token(request: Any, rows: list[sa.RowMapping], size: int) -> str:
    return paging.next_token(request, rows[size - 1]["position"]) if len(rows) > size else ""


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
    )
    message.record_time.FromDatetime(row["recorded_at"])
    return message


def _violation(found: ConfirmedViolation) -> pb.Violation:
    names = ("violation_id", "staff_id", "clause", "evidence", "ordinal", "recorder_id")
    message = pb.Violation(
        **{name: getattr(found, name) for name in names},
        revoke_reason=found.reason or "",
        revoker_id=found.revoker_id or "",
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
    )
    message.post_time.FromDatetime(row["posted_at"])
    return message
