"""Ownership on time: freezes."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import Instant

revision = "ownership_runs"
down_revision = "ownership_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "freeze",
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("reference_id", sa.String(64), nullable=False),
        sa.Column("began_at", Instant, nullable=False),
        sa.Column("frozen_since", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.CheckConstraint("cause IN ('departure', 'dispute')", name="known_cause"),
        sa.PrimaryKeyConstraint("customer_id", "cause", "reference_id"),
    )
