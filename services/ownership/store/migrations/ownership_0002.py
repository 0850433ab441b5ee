"""Time comes to positions: deadlines and freezes; people leave and are blocked."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.columns import Instant

revision = "ownership_0002"
down_revision = "ownership_0001"
branch_labels = None
depends_on = None

PLACES = "location IN ('public_pool', 'private_library', 'awaiting_distribution', 'closed')"
HELD = "(location = 'private_library') = (holder_id IS NOT NULL)"
FREEZES = "freeze_count >= 0"


def upgrade() -> None:
    op.add_column(
        "staff", sa.Column("state", sa.String(10), nullable=False, server_default="active")
    )
    op.add_column(
        "staff",
        sa.Column("claims_blocked", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    # SQLite copies the table, and does not tell which checks it had.
    kept = (
        (
            sa.CheckConstraint(HELD, name="holder_only_in_library"),
            sa.CheckConstraint(PLACES, name="known_location"),
            sa.CheckConstraint(FREEZES, name="freezes_never_negative"),
        )
        if on_sqlite
        else ()
    )
    recreate: Any = "always" if on_sqlite else "never"
    with op.batch_alter_table("position", table_args=kept, recreate=recreate) as position:
        position.add_column(sa.Column("due_at", Instant))
        position.add_column(sa.Column("due_basis_at", Instant))
        position.add_column(
            sa.Column("clock_version", sa.Integer(), nullable=False, server_default="0")
        )
        position.add_column(
            sa.Column("freeze_count", sa.Integer(), nullable=False, server_default="0")
        )
        if not on_sqlite:
            position.drop_constraint("known_location", type_="check")
            position.create_check_constraint("known_location", PLACES)
            position.create_check_constraint("freezes_never_negative", FREEZES)
    op.create_index("position_by_due", "position", ["due_at", "customer_id"])
