"""The tables of review."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import BigId, Instant, Json, append_only_statements

revision = "review_0001"
down_revision = None
branch_labels = ("review",)
depends_on = None

APPEND_ONLY = ("case_decision",)


def upgrade() -> None:
    op.create_table(
        "case_decision",
        sa.Column("position", BigId, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("checks", Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.String(length=64), nullable=False),
        sa.Column("decided_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("case_id", "step", name="one_decision_per_step"),
    )
    op.create_table(
        "review_case",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("case_type", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("applicant_id", sa.String(length=64), nullable=False),
        sa.Column("applicant_name", sa.String(length=60), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("form", Json, nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("check_id", sa.String(length=64), nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("reviewer_id", sa.String(length=64), nullable=True),
        sa.Column("taken_until", Instant, nullable=True),
        sa.Column("awaiting", Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("deadline_hours", sa.Integer(), nullable=False),
        sa.Column("needs_attention", sa.Boolean(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index(
        "case_by_applicant", "review_case", ["applicant_id", "submitted_at"], unique=False
    )
    op.create_index("case_by_customer", "review_case", ["customer_id"], unique=False)
    op.create_index("case_queue", "review_case", ["state", "role", "submitted_at"], unique=False)
    op.create_index(
        "one_release_at_a_time",
        "review_case",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("flow = 'release' AND state IN ('open', 'approved')"),
        sqlite_where=sa.text("flow = 'release' AND state IN ('open', 'approved')"),
    )
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, dialect):
            op.execute(statement)
