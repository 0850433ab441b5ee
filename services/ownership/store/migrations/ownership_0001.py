"""The tables of ownership."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import BigId, Instant, Json, append_only_statements

revision = "ownership_0001"
down_revision = None
branch_labels = ("ownership",)
depends_on = None

APPEND_ONLY = (
    "position_change",
    "release",
)


def upgrade() -> None:
    op.create_table(
        "position_change",
        sa.Column("change", BigId, autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("from_location", sa.String(length=30), nullable=False),
        sa.Column("from_holder_id", sa.String(length=64), nullable=False),
        sa.Column("to_location", sa.String(length=30), nullable=False),
        sa.Column("to_holder_id", sa.String(length=64), nullable=False),
        sa.Column("manner", sa.String(length=30), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("change"),
    )
    op.create_index(
        "position_change_by_customer", "position_change", ["customer_id", "change"], unique=False
    )
    op.create_table(
        "release",
        sa.Column("release", BigId, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("to_location", sa.String(length=30), nullable=False),
        sa.Column("released_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("release"),
        sa.UniqueConstraint("case_id"),
    )
    op.create_index("release_by_customer", "release", ["customer_id", "release"], unique=False)
    op.create_table(
        "slot_reservation",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.CheckConstraint("state IN ('held', 'used', 'freed')", name="known_state"),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_table(
        "staff",
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("hire_date", sa.Date(), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("personal_limit", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_index("staff_by_name", "staff", ["display_name", "staff_id"], unique=False)
    op.create_table(
        "position",
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("summary_sequence", sa.BigInteger(), nullable=False),
        sa.Column("location", sa.String(length=30), nullable=False),
        sa.Column("holder_id", sa.String(length=64), nullable=True),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("protected_at", Instant, nullable=True),
        sa.Column("arrived_at", Instant, nullable=False),
        sa.Column("releaser_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(location = 'private_library') = (holder_id IS NOT NULL)",
            name="holder_only_in_library",
        ),
        sa.CheckConstraint(
            "location IN ('public_pool', 'private_library', 'awaiting_distribution')",
            name="known_location",
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"],
            ["staff.staff_id"],
        ),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    op.create_index("position_by_case", "position", ["case_id"], unique=False)
    op.create_index("position_by_holder", "position", ["holder_id", "customer_id"], unique=False)
    op.create_index(
        "position_by_place", "position", ["location", "arrived_at", "customer_id"], unique=False
    )
    op.create_table(
        "quota_counter",
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0 AND held >= 0", name="never_negative"),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.staff_id"],
        ),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, dialect):
            op.execute(statement)
