"""Credits for performance, inbound leads, the duty rota, departures and reallocations."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import Instant, append_only_statements

revision = "ownership_leads"
down_revision = "ownership_0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("credit",)


def upgrade() -> None:
    op.create_table(
        "credit",
        sa.Column("credit_id", sa.String(36), nullable=False),
        sa.Column("signing_id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("dispute_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("credited_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("credit_id"),
    )
    op.create_index("credit_by_month", "credit", ["month", "staff_id"])
    op.create_index("credit_by_signing", "credit", ["signing_id"])
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, dialect):
            op.execute(statement)
