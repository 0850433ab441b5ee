"""Cases that events open: what they refer to, who is party to them, what was answered, when due."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import Instant, Json

revision = "review_0002"
down_revision = "review_0001"
branch_labels = None
depends_on = None

UNDER_WAY = sa.text("reference_id <> '' AND state IN ('open', 'approved')")


def upgrade() -> None:
    for column in (
        sa.Column("reference_id", sa.String(64), nullable=False, server_default=""),
        sa.Column("outcome", sa.String(40), nullable=False, server_default=""),
        sa.Column("parties", Json, nullable=False, server_default="[]"),
        sa.Column("answers", Json, nullable=False, server_default="{}"),
        sa.Column("due_at", Instant),
        sa.Column("clock_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("overdue", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("review_case", column)
    op.execute("UPDATE review_case SET reference_id = customer_id WHERE flow = 'release'")
    op.drop_index("one_release_at_a_time", "review_case")
    op.create_index(
        "one_case_at_a_time",
        "review_case",
        ["flow", "reference_id"],
        unique=True,
        postgresql_where=UNDER_WAY,
        sqlite_where=UNDER_WAY,
    )
