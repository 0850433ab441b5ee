"""People find their own duplicate checks again."""

from alembic import op

revision = "customers_0003"
down_revision = "customers_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "duplicate_check_by_checker",
        "duplicate_check",
        ["checker_id", "checked_at", "check_id"],
    )
