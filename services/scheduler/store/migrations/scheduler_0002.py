"""Leaves are listed by day."""

from alembic import op

revision = "scheduler_0002"
down_revision = "scheduler_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("leave_by_day", "leave", ["first_day", "leave_id"], unique=False)
