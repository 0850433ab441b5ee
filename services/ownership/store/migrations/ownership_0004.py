"""Credits for performance, inbound leads, the duty rota, departures and reallocations."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import BigId, Instant, Json, append_only_statements

revision = "ownership_0004"
down_revision = "ownership_0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("credit", "rota_ban", "rota_reinstatement", "rota", "lead", "departure")


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
    _rota()
    _leads()
    _departures()
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, dialect):
            op.execute(statement)


def _rota() -> None:
    op.create_table(
        "staff_leave",
        sa.Column("leave_id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("leave_id"),
    )
    op.create_index("staff_leave_by_last_day", "staff_leave", ["last_day", "staff_id"])
    op.create_table(
        "violation_standing",
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("claims_blocked", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_table(
        "call_assessment",
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "week_start"),
    )
    op.create_table(
        "rota_ban",
        sa.Column("ban_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("spot_check_id", sa.String(64), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("banned_at", Instant, nullable=False),
        sa.Column("until_at", Instant),
        sa.PrimaryKeyConstraint("ban_id"),
        sa.UniqueConstraint("spot_check_id"),
    )
    op.create_index("rota_ban_by_staff", "rota_ban", ["staff_id", "banned_at"])
    op.create_table(
        "rota_reinstatement",
        sa.Column("ban_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("reinstated_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["ban_id"], ["rota_ban.ban_id"]),
        sa.PrimaryKeyConstraint("ban_id"),
    )
    op.create_table(
        "rota",
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("scheme", sa.String(10), nullable=False),
        sa.Column("build", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("groups", Json, nullable=False),
        sa.Column("members", Json, nullable=False),
        sa.Column("left_out", Json, nullable=False),
        sa.Column("months", Json, nullable=False),
        sa.Column("cause", sa.String(30), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("built_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("week_start", "scheme", "build"),
    )
    op.create_table(
        "rota_turn",
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("scheme", sa.String(10), nullable=False),
        sa.Column("ring", sa.String(130), nullable=False),
        sa.Column("last", sa.String(130), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week_start", "scheme", "ring"),
    )


def _leads() -> None:
    op.create_table(
        "lead",
        sa.Column("number", BigId, autoincrement=True, nullable=False),
        sa.Column("lead_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("check_id", sa.String(36), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("route", sa.String(20), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("scheme", sa.String(10), nullable=False),
        sa.Column("skipped", Json, nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("router_id", sa.String(64), nullable=False),
        sa.Column("routed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("lead_id"),
    )
    op.create_index("lead_by_staff", "lead", ["staff_id", "number"])


def _departures() -> None:
    op.create_table(
        "departure",
        sa.Column("departure_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("departure_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("customers_count", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.staff_id"]),
        sa.PrimaryKeyConstraint("departure_id"),
        sa.UniqueConstraint("staff_id"),
    )
    op.create_table(
        "reallocation",
        sa.Column("reallocation_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("department", sa.String(60), nullable=False),
        sa.Column("team", sa.String(60), nullable=False),
        sa.Column("departure_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("proposer_id", sa.String(64), nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.Column("decided_at", Instant),
        sa.Column("executor_id", sa.String(64), nullable=False),
        sa.Column("executed_at", Instant),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'rejected', 'executed')", name="known_plan_state"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.staff_id"]),
        sa.PrimaryKeyConstraint("reallocation_id"),
    )
    op.create_index("reallocation_by_time", "reallocation", ["proposed_at", "reallocation_id"])
    still_open = sa.text("state IN ('proposed', 'approved')")
    op.create_index(
        "one_open_reallocation",
        "reallocation",
        ["staff_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "reallocation_item",
        sa.Column("reallocation_id", sa.String(36), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.Column("to_location", sa.String(30), nullable=False),
        sa.Column("to_staff_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("settled_at", Instant),
        sa.CheckConstraint("state IN ('planned', 'moved', 'skipped')", name="known_item_state"),
        sa.ForeignKeyConstraint(["reallocation_id"], ["reallocation.reallocation_id"]),
        sa.PrimaryKeyConstraint("reallocation_id", "customer_id"),
    )
