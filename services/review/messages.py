"""Cases as messages."""

from typing import Any

import sqlalchemy as sa
from crm.review.v1 import review_pb2 as pb
from google.protobuf import json_format

from chassis.kernel import Identity
from chassis.unit import UnitOfWork
from services.review.app import deciding
from services.review.app.figures import Counts, Figures
from services.review.domain.flow import FULFILLED_BY, State
from services.review.domain.policy import Ask, CaseType, Step
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
        "flow",
    ]
    answer = pb.Case(
        state=pb.CaseState.Value(f"CASE_STATE_{case.state.upper()}"),
        reviewer_id=case.reviewer_id or "",
        checks=[check.name for check in case_type.checks],
        etag=str(case.version),
        may_decide=deciding.is_to_decide(uow, case),
        step_roles=[step.by.role for step in case_type.steps_for(case.outcome)],
        step=case.step + 1,
        effects=_effects(case),
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
            answer.asks.append(_ask(ask))
    if case.taken_until:
        answer.take_expire_time.FromDatetime(case.taken_until)
    for row in decisions:
        answer.decisions.append(_decision(row))
    return answer


def _effects(case: Case) -> list[pb.CaseEffect]:
    if case.state not in (State.APPROVED, State.DONE, State.FAILED):
        return []
    waiting = set(case.awaiting)
    return [
        pb.CaseEffect(service=service, done=service not in waiting)
        for service in sorted(FULFILLED_BY[case.flow])
    ]


def write_type(actor: Identity, name: str, case_type: CaseType) -> pb.CaseType:
    """Return a case type, and what of it is the caller's to submit and decide."""
    applicants = case_type.applicants
    steps = [_step(actor, step) for step in case_type.all_steps]
    return pb.CaseType(
        case_type=name,
        clause=case_type.clause,
        zh=case_type.zh,
        en=case_type.en,
        step_roles=[step.role for step in steps],
        checks=[check.name for check in case_type.checks],
        applicant_roles=[grant.role for grant in applicants.grants] if applicants else [],
        opened_by=case_type.opened_by or "",
        may_submit=not case_type.opened_by and bool(applicants and applicants.reach(actor)),
        may_decide=any(step.may_decide for step in steps),
        steps=steps,
        required_checks=[
            pb.CaseCheck(
                name=check.name,
                clause=check.clause,
                zh=check.zh,
                en=check.en,
                evidence=check.evidence,
                contradicted=check.contradicted if check.evidence else "",
            )
            for check in case_type.checks
        ],
        reason_on_reject=case_type.reason_on_reject.value,
        deadline_hours=case_type.deadline_hours.value if case_type.deadline_hours else 0,
        title_zh=case_type.title.zh if case_type.title else case_type.zh,
        title_en=case_type.title.en if case_type.title else case_type.en,
        flow=case_type.flow,
    )


def write_counts(counts: Counts) -> pb.CountCasesResponse:
    """Return what badges show."""
    return pb.CountCasesResponse(
        waiting=[
            pb.WaitingCases(case_type=name, count=one.count, overdue_count=one.overdue)
            for name, one in counts.waiting.items()
        ],
        waiting_count=sum(one.count for one in counts.waiting.values()),
        overdue_count=sum(one.overdue for one in counts.waiting.values()),
        taken_count=counts.taken_by_me,
        mine_open_count=counts.mine_open,
        needs_attention_count=counts.needs_attention,
    )


def write_figures(one: Figures) -> pb.ReviewFigures:
    """Return a week's figures."""
    outcomes = ("approved", "rejected", "withdrawn", "refused")
    return pb.ReviewFigures(
        week=one.week.isoformat(),
        case_type=one.case_type,
        overdue_count=one.overdue,
        median_hours=None if one.median is None else one.median / 3600,
        ninety_percent_hours=None if one.nine_tenths is None else one.nine_tenths / 3600,
        **{f"{name}_count": one.outcomes.get(name, 0) for name in outcomes},
    )


def _step(actor: Identity, step: Step) -> pb.CaseStep:
    return pb.CaseStep(
        role=step.by.role,
        clause=step.clause,
        zh=step.zh,
        en=step.en,
        may_decide=step.by.covers(actor, actor.department, actor.team),
        asks=[_ask(ask) for ask in step.asks],
        condition=step.when,
    )


def _ask(ask: Ask) -> pb.Ask:
    return pb.Ask(
        name=ask.name,
        clause=ask.clause,
        zh=ask.zh,
        en=ask.en,
        length_limit=ask.most,
        kind=pb.AskKind.Value(f"ASK_KIND_{ask.kind.upper()}"),
    )


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
