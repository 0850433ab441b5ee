<<<<<<< HEAD
"""Which files show which follow-up, by what they were when they were sent."""
=======
"""Lists and figures by time; open tasks."""
>>>>>>> main

import sqlalchemy as sa
from alembic import op

<<<<<<< HEAD
from chassis.columns import BigId, append_only_statements

=======
>>>>>>> main
revision = "activity_0003"
down_revision = "activity_0002"
branch_labels = None
depends_on = None

<<<<<<< HEAD

def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("position", BigId, autoincrement=True, nullable=False),
        sa.Column("attachment_id", sa.String(length=64), nullable=False),
        sa.Column("follow_up_id", sa.String(length=36), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("attachment_id", "follow_up_id", name="attachment_once"),
        info={"append_only": True},
    )
    op.create_index(
        "attachment_by_content", "attachment", ["original_sha256", "position"], unique=False
    )
    for statement in append_only_statements("attachment", op.get_bind().dialect.name):
        op.execute(statement)
=======
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_index("follow_up_by_time", "follow_up", ["recorded_at", "position"])
    op.create_index("follow_up_of_author", "follow_up", ["author_id", "recorded_at", "position"])
    op.create_index("signing_by_day", "signing", ["signed_on", "staff_id"])
    for name, whose in (("task_open_of_staff", "staff_id"), ("task_open_of_role", "role")):
        op.create_index(
            name, "task", [whose, "due_at", "position"], postgresql_where=OPEN, sqlite_where=OPEN
        )
>>>>>>> main
