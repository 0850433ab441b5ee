"""What activity and the scheduler said of people: the newest announcement of each counts."""

from datetime import date

import sqlalchemy as sa

from chassis.columns import upsert
from chassis.unit import UnitOfWork
from services.ownership.store.rota_tables import call_assessment, staff_leave, violation_standing
from services.ownership.store.tables import staff

Row = dict[str, str | bool | date | int]


def keep_leave(uow: UnitOfWork, leave_id: str, row: Row, sequence: int) -> bool:
    """Take over a leave; False when something newer of it is known."""
    return _newer(uow, staff_leave, {"leave_id": leave_id}, row, sequence)


def keep_assessment(
    uow: UnitOfWork, staff_id: str, week_start: date, passed: bool, sequence: int
) -> bool:
    """Take over a call assessment of a week; False when something newer of it is known."""
    key: Row = {"staff_id": staff_id, "week_start": week_start}
    return _newer(uow, call_assessment, key, {"passed": passed}, sequence)


def keep_standing(uow: UnitOfWork, staff_id: str, claims_blocked: bool, sequence: int) -> bool:
    """Block or unblock a person's claims; False when something newer of the person is known."""
    row: Row = {"claims_blocked": claims_blocked}
    if not _newer(uow, violation_standing, {"staff_id": staff_id}, row, sequence):
        return False
    uow.execute(staff.update().where(staff.c.staff_id == staff_id).values(**row))
    return True


def _newer(uow: UnitOfWork, table: sa.Table, key: Row, row: Row, sequence: int) -> bool:
    insert = upsert(uow.connection.dialect.name, table).values(**key, **row, sequence=sequence)
    newer = {name: insert.excluded[name] for name in (*row, "sequence")}
    stored = insert.table.c.sequence < insert.excluded.sequence
    update = insert.on_conflict_do_update(index_elements=list(key), set_=newer, where=stored)
    return uow.execute(update).rowcount == 1
