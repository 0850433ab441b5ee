"""Cases as messages."""

from typing import Any

import sqlalchemy as sa
from crm.review.v1 import review_pb2 as pb
from google.protobuf import json_format

from chassis.unit import UnitOfWork
from services.review.app import deciding
from services.review.domain.flow import State
from services.review.store import cases
from services.review.store.cases import Case


def write_case(uow: UnitOfWork, case: Case) -> pb.Case:
    """Return the case as the caller may see it."""
    return write_cases(uow, [case])[0]


def write_cases(uow: UnitOfWork, found: list[Case]) -> list[pb.Case]:
    """Return the cases as the caller may see them: the evidence is for those who decide."""
    decisions = cases.decisions(uow, [case.case_id for case in found])
    return [_write(uow, case, decisions[case.case_id]) for case in found]


def _write(uow: UnitOfWork, case: Case, decisions: list[sa.RowMapping]) -> pb.Case:
    case_type = deciding.type_of(uow, case)
    names = [
        "case_id",
        "case_type",
        "applicant_id",
        "applicant_name",
        "customer_id",
        "full_name",
        "remarks",
        "role",
        "reason",
        "policy_version",
        "needs_attention",
        "awaiting",
        "check_id",
        "reference_id",
        "outcome",
        "answers",
        "overdue",
    ]
    answer = pb.Case(
        state=pb.CaseState.Value(f"CASE_STATE_{case.state.upper()}"),
        reviewer_id=case.reviewer_id or "",
        checks=[check.name for check in case_type.checks],
        etag=str(case.version),
        **{name: getattr(case, name) for name in names},
    )
    json_format.ParseDict(case.form, answer.form)
    if deciding.may_decide(uow, case):
        json_format.ParseDict(case.evidence, answer.evidence)
    answer.submit_time.FromDatetime(case.submitted_at)
    answer.update_time.FromDatetime(case.updated_at)
    if case.due_at:
        answer.due_time.FromDatetime(case.due_at)
    if case.state == State.OPEN:
        for ask in deciding.current_step(uow, case).asks:
            answer.asks.add(
                name=ask.name, clause=ask.clause, zh=ask.zh, en=ask.en, length_limit=ask.most
            )
    if case.taken_until:
        answer.take_expire_time.FromDatetime(case.taken_until)
    for row in decisions:
        answer.decisions.append(_decision(row))
    return answer


def _decision(row: sa.RowMapping | Any) -> pb.CaseDecision:
    answer = pb.CaseDecision(
        step=row["step"],
        verdict=pb.Verdict.Value(f"VERDICT_{row['verdict'].upper()}"),
        checks=row["checks"],
        reason=row["reason"],
        reviewer_id=row["reviewer_id"],
    )
    answer.decide_time.FromDatetime(row["decided_at"])
    return answer
