"""Ownership on time: freezes, deadlines that came too late, runs."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import Instant, Json, append_only_statements

revision = "ownership_0003"
down_revision = "ownership_0002"
branch_labels = None
depends_on = None

MODES = "mode IN ('even_by_group', 'even_by_rep', 'by_performance', 'named')"
OPEN = "state IN ('gathering', 'running', 'stopped')"
STATES = "state IN ('gathering', 'running', 'stopped', 'done', 'undoing', 'undone', 'cancelled')"


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
    op.create_table(
        "late_deadline",
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("party_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("basis_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["position.customer_id"]),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    op.create_table(
        "run",
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("undoes_run_id", sa.String(36)),
        sa.Column("holdings_count", sa.Integer(), nullable=False),
        sa.Column("due_count", sa.Integer(), nullable=False),
        sa.Column("approved_count", sa.Integer(), nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("cause", Json, nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("finished_at", Instant),
        sa.Column("worker", sa.String(36), nullable=False),
        sa.Column("worker_until", Instant),
        sa.CheckConstraint("kind IN ('reclaim', 'distribution', 'undo')", name="known_kind"),
        sa.CheckConstraint(STATES, name="known_state"),
        sa.PrimaryKeyConstraint("run_id"),
        sa.UniqueConstraint("kind", "date", "number", name="run_of_a_day"),
    )
    op.create_index("run_by_state", "run", ["state", "started_at"])
    op.create_index("run_by_time", "run", ["started_at", "run_id"])
    for name, columns, kind in (
        ("one_open_reclaim", ["kind"], "reclaim"),
        ("one_open_distribution", ["kind", "date"], "distribution"),
    ):
        of_kind = sa.text(f"{OPEN} AND kind = '{kind}'")
        op.create_index(
            name, "run", columns, unique=True, postgresql_where=of_kind, sqlite_where=of_kind
        )
    op.create_table(
        "run_item",
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(63), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
        sa.PrimaryKeyConstraint("run_id", "customer_id"),
    )
    op.create_table(
        "distribution_plan",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("teams", Json, nullable=False),
        sa.Column("staff_ids", Json, nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("set_at", Instant, nullable=False),
        sa.CheckConstraint(MODES, name="known_mode"),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "distribution_turn",
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("served", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.staff_id"]),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_table(
        "distribution_deadline",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
        sa.Column("passed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("date"),
    )
    dialect = op.get_bind().dialect.name
    for table in ("run_item", "distribution_plan"):
        for statement in append_only_statements(table, dialect):
            op.execute(statement)
