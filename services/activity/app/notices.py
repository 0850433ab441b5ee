"""Notices: what happened becomes a to-do of a person or a role, once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.kernel import FORBIDDEN, Received
from chassis.unit import UnitOfWork
from services.activity.domain.notices import due_date, fill
from services.activity.domain.policy import ActivityPolicy
from services.activity.domain.task_rules import Notice
from services.activity.domain.validity import normalise
from services.activity.store import custodies, tasks
from services.activity.store.tasks import Task

HEARD = ("full_name", "display_name", "contact", "phone", "note", "case_type", "date", "month")
"""The figures that events state by these names."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What an event says about a task: its source, what it is about, and who is concerned."""

    source_id: str
    subject_id: str
    figures: Mapping[str, str] = field(default_factory=dict)
    staff_id: str = ""
    role: str = ""
    department: str = ""
    team: str = ""
    customer_id: str = ""
    due_at: datetime | None = None
    scope: str = ""
    """How far the role reaches here, where the event says so."""


def notify(uow: UnitOfWork, notice: Notice, notification: Notification) -> None:
    """Make the task of a notice. Doing it again for the same event changes nothing."""
    notify_all(uow, notice, [notification])


def notify_all(uow: UnitOfWork, notice: Notice, about: Iterable[Notification]) -> None:
    """Make the tasks of a notice, in one statement."""
    found = [_task(uow, notice, one) for one in about]
    tasks.add_all(uow, [task for task in found if task.staff_id or task.role])


def _task(uow: UnitOfWork, notice: Notice, one: Notification) -> Task:
    figures = {name: str(value) for name, value in one.figures.items()}
    if one.due_at:
        figures["due_date"] = due_date(one.due_at, uow.policy(ActivityPolicy).time_zone)
    say = fill(notice.say, figures)
    of_role, scope = notice.to != "person", one.scope or notice.scope
    return Task(
        task_id=uow.new_id(),
        source_id=one.source_id,
        kind=notice.kind,
        staff_id="" if of_role else one.staff_id,
        role=(notice.role or one.role) if of_role else "",
        department=one.department if of_role and scope != "company" else "",
        team=one.team if of_role and scope == "team" else "",
        customer_id=one.customer_id,
        subject_id=one.subject_id,
        figures=figures,
        zh=say.zh,
        en=say.en,
        clause=notice.clause,
        due_at=one.due_at,
        done_by=notice.done_by,
        state="open",
        created_at=uow.now,
    )


def clock_notices(uow: UnitOfWork, event: Received, notices: Mapping[str, Notice]) -> None:
    """Tell whom policy wants told of a clock, for every subject of a batch."""
    notice = notices.get(event.data["clock"])
    if notice is None:
        return
    about = []
    for entry in event.data["entries"]:
        data, subject = entry.get("data") or {}, entry["subject_id"]
        customer = custodies.find(uow, subject)
        if customer and notice.to == "person" and customer.holder_id != entry["party_id"]:
            continue
        exempt = notice.except_categories.value if notice.except_categories else ()
        if customer and customer.category in exempt:
            continue
        names = {"full_name": customer.full_name} if customer else {}
        about.append(
            Notification(
                source_id=event.id,
                subject_id=subject,
                figures=names | heard(data),
                staff_id=entry["party_id"],
                role=data.get("plan_role", ""),
                department=data.get("department", ""),
                team=data.get("team", ""),
                customer_id=subject if customer else "",
                due_at=datetime.fromisoformat(entry["due_time"]),
            )
        )
    notify_all(uow, notice, about)


def lead_routed(uow: UnitOfWork, event: Received) -> None:
    """Tell the rep whom an inbound lead was given to: contact it, or add it as a customer first."""
    data, rules = event.data, uow.policy(ActivityPolicy).rules.tasks
    customer_id = data.get("customer_id", "")
    notice = rules.lead_contact if customer_id else rules.lead_add_customer
    about = Notification(
        event.id, event.subject, heard(data), data["staff_id"], customer_id=customer_id
    )
    notify(uow, notice, about)


def customer_added(
    uow: UnitOfWork, event: Received, holder_id: str, customer_id: str, full_name: str
) -> None:
    """Turn the task to add a customer into the task to contact it, once it is admitted (H-4.4)."""
    rules = uow.policy(ActivityPolicy).rules.tasks
    for task in tasks.open_of(uow, holder_id, rules.lead_add_customer.kind):
        if normalise(task.figures.get("full_name", "")) != normalise(full_name):
            continue
        tasks.close(uow, task, "done", uow.service)
        about = Notification(
            event.id, task.subject_id, task.figures, holder_id, customer_id=customer_id
        )
        notify(uow, rules.lead_contact, about)


def case_overdue(uow: UnitOfWork, event: Received) -> None:
    """Tell the role that a case waits for too long."""
    data = event.data
    about = Notification(
        event.id,
        data["case_id"],
        heard(data),
        role=data["role"],
        department=data.get("department", ""),
        team=data.get("team", ""),
        customer_id=data.get("customer_id", ""),
        due_at=datetime.fromisoformat(data["due_time"]) if data.get("due_time") else None,
        scope=data.get("scope", ""),
    )
    notify(uow, uow.policy(ActivityPolicy).rules.tasks.case_overdue, about)


def run_stopped(uow: UnitOfWork, event: Received) -> None:
    """Tell the role that a run stands still until somebody acts."""
    cause = event.data.get("cause") or {}
    figures = heard(event.data) | {name: str(cause.get(name, "")) for name in ("zh", "en")}
    figures["count"] = str(event.data.get("count", ""))
    about = Notification(event.id, event.subject, figures, role=event.data["role"])
    notify(uow, uow.policy(ActivityPolicy).rules.tasks.run_stopped, about)


def run_overdue(uow: UnitOfWork, event: Received) -> None:
    """Tell the role that a distribution was not done in time (H-6.7f)."""
    figures = heard(event.data) | {"count": str(event.data.get("count", ""))}
    about = Notification(event.id, event.subject, figures, role=event.data["role"])
    notify(uow, uow.policy(ActivityPolicy).rules.tasks.run_overdue, about)


def staff_departed(uow: UnitOfWork, event: Received) -> None:
    """Tell the supervisor to plan whom the customers of a leaver go to (H-6.2b)."""
    data = event.data
    about = Notification(
        event.id,
        event.subject,
        heard(data) | {"count": str(data["customers_count"]), "date": data["departure_date"]},
        role=data.get("plan_role", ""),
        department=data["department"],
        team=data["team"],
    )
    notify(uow, uow.policy(ActivityPolicy).rules.tasks.departed, about)


def heard(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the figures that an event states."""
    return {name: str(data[name]) for name in HEARD if data.get(name)}


def complete_task(uow: UnitOfWork, task_id: str, dismiss: bool) -> Task:
    """Close an open task of the caller; nobody closes another's."""
    task = tasks.get(uow, task_id)
    if not tasks.is_of(uow.actor, task):
        raise FORBIDDEN.refuse()
    return tasks.close(uow, task, "dismissed" if dismiss else "done", uow.actor.staff_id)
