"""The tables that every service has."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import BigId, Instant, Json, append_only_statements

revision = "chassis_0001"
down_revision = None
branch_labels = ("chassis",)
depends_on = None

APPEND_ONLY = (
    "decision",
    "policy_version",
)


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("position", BigId, autoincrement=True, nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=63), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("decision_id"),
    )
    op.create_index("decision_subject", "decision", ["subject_id", "position"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.String(length=120), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("done_at", Instant, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", Instant, nullable=True),
        sa.Column("parked_at", Instant, nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("consumer", "event_id"),
    )
    op.create_index(
        "inbox_retry",
        "inbox",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
        sqlite_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "outbox",
        sa.Column("position", BigId, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("happened_at", Instant, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", Instant, nullable=False),
        sa.Column("published_at", Instant, nullable=True),
        sa.Column("parked_at", Instant, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("event_id"),
        sa.UniqueConstraint("subject", "sequence", name="outbox_subject_sequence"),
    )
    op.create_index("outbox_published", "outbox", ["published_at"], unique=False)
    op.create_index(
        "outbox_unsent",
        "outbox",
        ["position"],
        unique=False,
        postgresql_where=sa.text("published_at IS NULL"),
        sqlite_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "policy_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pack", sa.String(length=80), nullable=False),
        sa.Column("effective_at", Instant, nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("section", Json, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("applied_at", Instant, nullable=False),
        sa.Column("applied_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "request",
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=120), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("caller", "method", "request_id"),
    )
    op.create_index("request_age", "request", ["created_at"], unique=False)
    op.create_table(
        "subject_sequence",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
    )
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, dialect):
            op.execute(statement)
