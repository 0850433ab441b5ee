"""Lists and figures by time; open tasks."""

import sqlalchemy as sa
from alembic import op

revision = "activity_0003"
down_revision = "activity_0002"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_index("follow_up_by_time", "follow_up", ["recorded_at", "position"])
    op.create_index("follow_up_of_author", "follow_up", ["author_id", "recorded_at", "position"])
    op.create_index("signing_by_day", "signing", ["signed_on", "staff_id"])
    for name, whose in (("task_open_of_staff", "staff_id"), ("task_open_of_role", "role")):
        op.create_index(
            name, "task", [whose, "due_at", "position"], postgresql_where=OPEN, sqlite_where=OPEN
        )
