"""Moves are counted by week."""

from alembic import op

revision = "ownership_0009"
down_revision = "ownership_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "position_change_by_time",
        "position_change",
        ["changed_at", "manner", "to_holder_id", "from_holder_id"],
    )
