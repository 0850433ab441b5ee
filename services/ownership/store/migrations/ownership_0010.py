"""Credits and leads are listed by time."""

from alembic import op

revision = "ownership_0010"
down_revision = "ownership_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, table, columns in (
        ("credit_by_time", "credit", ["credited_at", "credit_id"]),
        ("credit_by_staff", "credit", ["staff_id", "credited_at", "credit_id"]),
        ("lead_by_time", "lead", ["routed_at"]),
    ):
        op.create_index(name, table, columns)
