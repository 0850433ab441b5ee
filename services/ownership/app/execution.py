"""Carrying out an approved reallocation: one transaction for each customer, resumable."""

from chassis.call import Call
from chassis.kernel import Event, Identity, Refused
from chassis.unit import UnitOfWork
from services.ownership.app.availability import require_receiver
from services.ownership.app.departures import CAUSE
from services.ownership.app.freezes import require_thawed, thaw
from services.ownership.app.grants import position_of
from services.ownership.app.moves import Grounds, put_in, take_out
from services.ownership.app.reallocations import read
from services.ownership.domain.places import Location
from services.ownership.domain.policy import OwnershipPolicy
from services.ownership.domain.quota import counts
from services.ownership.domain.reasons import NOT_HOLDER, PLAN_NOT_CONSENTED
from services.ownership.store import quotas, reallocations
from services.ownership.store.positions import Position
from services.ownership.store.reallocations import Item, Plan

EXECUTED = "crm.ownership.reallocation.executed.v1"


class _Skipped(Exception):
    """An item that cannot be carried out; its transaction leaves nothing behind."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def execute(call: Call, reallocation_id: str) -> None:
    """Move every customer of an approved plan that was not moved yet, then announce the end.

    A customer that cannot go where the plan says (a full library, somebody who left meanwhile, a
    dispute) is skipped with the reason and stays as it is; a later plan may name it. Repeating it
    goes on where it ended. Refused unless the caller is the executor of policy and the plan has
    every consent (PLAN_NOT_CONSENTED).
    """
    plan = call.read(lambda uow: require_executable(uow, reallocation_id))
    if plan.state == "executed":
        return
    planned = call.read(lambda uow: reallocations.items_of(uow, reallocation_id, "planned"))
    for item in planned:
        try:
            call.run(lambda uow, item=item: _carry_out(uow, plan, item))  # type: ignore[misc]
        except _Skipped as skipped:
            why = {"state": "skipped", "reason": skipped.reason}
            call.run(
                lambda uow, item=item, why=why: reallocations.settle(  # type: ignore[misc]
                    uow, reallocation_id, item.customer_id, **why
                )
            )
    call.run(lambda uow: _finish(uow, plan))


def require_executable(uow: UnitOfWork, reallocation_id: str) -> Plan:
    """Return a plan that the caller may execute now, or did already; else refuse."""
    rules = uow.policy(OwnershipPolicy).rules.reallocation
    rules.executor.require(uow.actor)
    plan = read(uow, reallocation_id)
    if plan.state not in ("approved", "executed"):
        raise PLAN_NOT_CONSENTED.refuse(clause=rules.consent.clause, state=plan.state)
    return plan


def _carry_out(uow: UnitOfWork, plan: Plan, item: Item) -> None:
    done = {"state": "moved", "reason": ""}
    if not reallocations.settle(uow, plan.reallocation_id, item.customer_id, **done):
        return
    rule = uow.policy(OwnershipPolicy).rules.reallocation.consent
    try:
        if plan.departure_id:
            thaw(uow, [item.customer_id], CAUSE, plan.departure_id)
        position = position_of(uow, item.customer_id)
        if position.holder_id != plan.staff_id:
            raise NOT_HOLDER.refuse()
        require_thawed(uow, position)
        facts = {
            "reallocation_id": plan.reallocation_id,
            "case_id": plan.case_id,
            "executed_by": uow.actor.staff_id,
        }
        grounds = Grounds("reallocated", rule, facts, plan.case_id, reason="REALLOCATED")
        decision_id = _move(uow, position, item, grounds)
    except Refused as refused:
        raise _Skipped(refused.reason) from refused
    reallocations.note_decision(uow, plan.reallocation_id, item.customer_id, decision_id)


def _move(uow: UnitOfWork, position: Position, item: Item, grounds: Grounds) -> str:
    if not item.to_staff_id:
        return take_out(uow, position, Location(item.to_location), grounds)
    quota = uow.policy(OwnershipPolicy).rules.quota
    require_receiver(uow, item.to_staff_id)
    person = quotas.read_person(uow, item.to_staff_id)
    counted = counts(position.category, quota)
    if counted:
        quotas.take_slot(
            uow, person.staff_id, quotas.limit_of(uow, person.staff_id, quota, uow.today())
        )
    roles = frozenset(person.roles)
    holder = Identity(person.staff_id, "", roles, person.department, person.team)
    return put_in(uow, position, holder, grounds, counted=counted, protected_at=uow.now)


def _finish(uow: UnitOfWork, plan: Plan) -> None:
    done = {"state": "executed", "executor_id": uow.actor.staff_id, "executed_at": uow.now}
    counts_by_state = reallocations.count_items(uow, plan.reallocation_id)
    if counts_by_state.get("planned"):
        return
    if reallocations.change(uow, plan.reallocation_id, "approved", **done):
        data = {
            "reallocation_id": plan.reallocation_id,
            "case_id": plan.case_id,
            "staff_id": plan.staff_id,
            "executed_by": uow.actor.staff_id,
            "counts": counts_by_state,
        }
        uow.emit(Event(EXECUTED, plan.reallocation_id, data))
