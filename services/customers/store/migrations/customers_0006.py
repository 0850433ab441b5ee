"""All customers can be looked through for duplicates; pairs that were found stay known."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import Instant, append_only_statements

revision = "customers_0006"
down_revision = "customers_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duplicate_scan",
        sa.Column("scan_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("pause_at", sa.Integer(), nullable=False),
        sa.Column("most_found", sa.Integer(), nullable=False),
        sa.Column("starter_id", sa.String(64), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scan_id"),
    )
    unfinished = sa.text("state <> 'done'")
    op.create_index(
        "duplicate_scan_unfinished",
        "duplicate_scan",
        ["state"],
        unique=True,
        postgresql_where=unfinished,
        sqlite_where=unfinished,
    )
    op.create_index("duplicate_scan_by_start", "duplicate_scan", ["started_at", "scan_id"])
    op.create_table(
        "duplicate_pair",
        sa.Column("one_id", sa.String(64), nullable=False),
        sa.Column("other_id", sa.String(64), nullable=False),
        sa.Column("scan_id", sa.String(36), nullable=False),
        sa.Column("grade", sa.String(10), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name="in_order"),
        sa.PrimaryKeyConstraint("one_id", "other_id"),
    )
    for statement in append_only_statements("duplicate_pair", op.get_bind().dialect.name):
        op.execute(statement)
