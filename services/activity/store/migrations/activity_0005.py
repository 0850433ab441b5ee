"""Open tasks by what they are about."""

import sqlalchemy as sa
from alembic import op

revision = "activity_0005"
down_revision = "activity_0004"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_index(
        "task_open_of_subject",
        "task",
        ["subject_id", "kind"],
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
