"""The table of tasks."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, Json
from services.activity.store.tables import metadata

task = sa.Table(
    "task",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("task_id", sa.String(36), nullable=False, unique=True),
    sa.Column("source_id", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("staff_id", sa.String(64), nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("department", sa.String(60), nullable=False),
    sa.Column("team", sa.String(60), nullable=False),
    sa.Column("customer_id", sa.String(64), nullable=False),
    sa.Column("subject_id", sa.String(64), nullable=False),
    sa.Column("figures", Json, nullable=False),
    sa.Column("zh", sa.Text, nullable=False),
    sa.Column("en", sa.Text, nullable=False),
    sa.Column("clause", sa.Text, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("done_by", sa.String(20), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("closer_id", sa.String(64), nullable=False),
    sa.UniqueConstraint(
        "source_id", "kind", "staff_id", "role", "subject_id", name="one_task_of_an_event"
    ),
    sa.CheckConstraint("state IN ('open', 'done', 'dismissed')", name="known_state"),
    sa.CheckConstraint("(staff_id = '') <> (role = '')", name="a_person_or_a_role"),
)
sa.Index("task_by_staff", task.c.staff_id, task.c.position)
sa.Index("task_by_role", task.c.role, task.c.position)
sa.Index("task_by_customer", task.c.customer_id, task.c.state)
_OPEN = sa.text("state = 'open'")
sa.Index(
    "task_open_of_subject",
    task.c.subject_id,
    task.c.kind,
    postgresql_where=_OPEN,
    sqlite_where=_OPEN,
)
for _name, _whose in (
    ("task_open_of_staff", task.c.staff_id),
    ("task_open_of_role", task.c.role),
):
    sa.Index(
        _name,
        _whose,
        task.c.due_at,
        task.c.position,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
