"""One check of each name on a position.

Copying the table on SQLite had kept the checks of before beside the new ones, so that no customer
could be closed there.
"""

import sqlalchemy as sa
from alembic import op

from chassis.columns import Instant

revision = "ownership_0008"
down_revision = "ownership_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    with op.batch_alter_table("position", copy_from=position(), recreate="always"):
        pass


def position() -> sa.Table:
    table = sa.Table(
        "position",
        sa.MetaData(),
        sa.Column("customer_id", sa.String(64), primary_key=True),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("summary_sequence", sa.BigInteger, nullable=False),
        sa.Column("location", sa.String(30), nullable=False),
        sa.Column("holder_id", sa.String(64), sa.ForeignKey("staff.staff_id")),
        sa.Column("case_id", sa.String(64)),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.Column("protected_at", Instant),
        sa.Column("arrived_at", Instant, nullable=False),
        sa.Column("releaser_count", sa.Integer, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("due_basis_at", Instant),
        sa.Column("clock_version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("freeze_count", sa.Integer, nullable=False, server_default="0"),
        sa.Column("thawed_at", Instant),
        sa.CheckConstraint(
            "(location = 'private_library') = (holder_id IS NOT NULL)",
            name="holder_only_in_library",
        ),
        sa.CheckConstraint(
            "location IN ('public_pool', 'private_library', 'awaiting_distribution', 'closed')",
            name="known_location",
        ),
        sa.CheckConstraint("freeze_count >= 0", name="freezes_never_negative"),
    )
    for name, columns in (
        ("position_by_place", ["location", "arrived_at", "customer_id"]),
        ("position_by_name", ["location", "full_name", "customer_id"]),
        ("position_by_protection", ["location", "protected_at", "customer_id"]),
        ("position_by_basis", ["due_basis_at", "customer_id"]),
        ("position_by_holder", ["holder_id", "customer_id"]),
        ("position_by_due", ["due_at", "customer_id"]),
        ("position_by_case", ["case_id"]),
    ):
        sa.Index(name, *[table.c[column] for column in columns])
    return table
