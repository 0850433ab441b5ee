"""What closes tasks by itself: nothing is left to do, or their deadline is another by now."""

from datetime import datetime

from chassis.kernel import Received
from chassis.unit import UnitOfWork
from services.activity.domain.policy import ActivityPolicy
from services.activity.store import tasks


def settle(uow: UnitOfWork, event: Received) -> None:
    """Close the tasks that an event leaves nothing to do of, as the pack says of each notice."""
    for kind, settling in uow.policy(ActivityPolicy).rules.tasks.settled_by(event.type):
        subject = settling.subject_of(event.subject, event.data)
        if not subject:
            continue
        subjects = [subject]
        if settling.and_earlier:
            known = tasks.open_subjects(uow, kind)
            subjects = [other for other in known if settling.reaches(subject, other)]
        tasks.settle(uow, kind, subjects)


def deadlines_moved(uow: UnitOfWork, event: Received) -> None:
    """Dismiss what was said of deadlines that are others by now; a new warning follows in time."""
    rules, clock = uow.policy(ActivityPolicy).rules.tasks, event.data["clock"]
    notices = [n for n in (rules.clock_warned.get(clock), rules.clock_due.get(clock)) if n]
    if not notices:
        return
    due = {
        entry["subject_id"]: datetime.fromisoformat(entry["due_time"])
        if entry["due_time"]
        else None
        for entry in event.data["entries"]
    }
    for task in tasks.open_about(uow, {notice.kind for notice in notices}, due):
        if task.due_at != due[task.subject_id]:
            tasks.close(uow, task, "dismissed", uow.service)
