"""Who reads which decisions: those who read all, who asked, and those whom they concern."""

from typing import Any

import sqlalchemy as sa
from crm.operations.v1 import operations_pb2 as pb
from google.protobuf import json_format

from chassis import keysets, paging
from chassis.kernel import Kind, Reason
from chassis.rules import PolicySection
from chassis.tables import decision as _t
from chassis.tables import decision_concern as _c
from chassis.unit import UnitOfWork

DECISION_UNKNOWN = Reason(
    "DECISION_UNKNOWN",
    Kind.NOT_FOUND,
    zh="没有这条处理记录，或者与您无关。",
    en="There is no such decision, or it does not concern you.",
)
ME = "me"


def reads_all(uow: UnitOfWork) -> bool:
    """Whether the caller reads every decision of the service."""
    return uow.policy(PolicySection).rules.operations.read_decisions.allows(uow.actor)


def get(uow: UnitOfWork, decision_id: str) -> pb.Decision:
    """Return a decision; unknown to whom it does not concern."""
    everything = reads_all(uow)
    row = uow.one(sa.select(_t).where(_t.c.decision_id == decision_id))
    if row is None or not (everything or _concerns(uow, row)):
        raise DECISION_UNKNOWN.refuse()
    return _write(uow, [row], everything)[0]


def page(uow: UnitOfWork, request: pb.ListDecisionsRequest) -> pb.ListDecisionsResponse:
    """Return a page of the decisions that the caller reads, newest first."""
    everything = reads_all(uow)
    staff_id = uow.actor.staff_id if request.staff_id == ME or not everything else request.staff_id
    listed = sa.select(_t)
    position = _t.c.position
    if staff_id and not request.subject_id:
        listed = listed.join(_c, _c.c.decision_id == _t.c.decision_id)
        listed, position = listed.where(_c.c.staff_id == staff_id), _c.c.position
    elif staff_id:
        of_them = (_c.c.decision_id == _t.c.decision_id) & (_c.c.staff_id == staff_id)
        listed = listed.where(sa.exists().where(of_them))
    if request.subject_id:
        listed = listed.where(_t.c.subject_id == request.subject_id)
    if request.action:
        listed = listed.where(_t.c.action == request.action)
    if not everything and request.staff_id not in ("", ME, staff_id):
        listed = listed.where(sa.false())
    size = paging.page_size(request)
    order = keysets.Order((position,), descending=True)
    found = keysets.read(uow, listed, order, paging.read_token(request), size + 1)
    rows, token = paging.cut(request, found, size, keysets.keys)
    total = keysets.count(uow, listed)
    return pb.ListDecisionsResponse(
        decisions=_write(uow, rows, everything),
        next_page_token=token,
        total_size=total.count,
        total_size_capped=total.capped,
    )


def _concerns(uow: UnitOfWork, row: sa.RowMapping) -> bool:
    mine = (_c.c.decision_id == row["decision_id"]) & (_c.c.staff_id == uow.actor.staff_id)
    return (
        row["actor_id"] == uow.actor.staff_id
        or uow.one(sa.select(_c.c.position).where(mine)) is not None
    )


def _write(uow: UnitOfWork, rows: list[sa.RowMapping], everything: bool) -> list[pb.Decision]:
    concerned: dict[str, list[str]] = {row["decision_id"]: [] for row in rows}
    if everything:
        listed = sa.select(_c).where(_c.c.decision_id.in_(list(concerned)))
        for row in uow.execute(listed.order_by(_c.c.position)).mappings():
            concerned[row["decision_id"]].append(row["staff_id"])
    return [_decision(row, concerned[row["decision_id"]], everything) for row in rows]


def _decision(row: sa.RowMapping, concerned: list[str], everything: bool) -> pb.Decision:
    names = (
        "decision_id",
        "action",
        "outcome",
        "reason",
        "clause",
        "zh",
        "en",
        "subject_id",
        "actor_id",
        "policy_version",
    )
    told: dict[str, Any] = dict(row["facts"])
    withheld = [] if everything else [name for name in row["withheld"] if name in told]
    answer = pb.Decision(
        concerned_ids=concerned,
        facts_withheld=bool(withheld),
        **{name: row[name] for name in names},
    )
    facts = {name: value for name, value in told.items() if name not in withheld}
    json_format.ParseDict(facts, answer.facts)
    answer.decide_time.FromDatetime(row["decided_at"])
    if isinstance(facts.get("deadline"), dict):
        deadline = facts["deadline"]
        answer.deadline.clock = deadline["clock"]
        answer.deadline.subject_id = deadline["subject_id"]
        answer.deadline.party_id = deadline["party_id"]
        answer.deadline.version = deadline["version"]
        answer.deadline.basis_time.FromJsonString(deadline["from"])
        answer.deadline.due_time.FromJsonString(deadline["to"])
    return answer
