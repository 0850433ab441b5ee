"""Positions remember when they thawed."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import Instant

revision = "ownership_0006"
down_revision = "ownership_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("position", sa.Column("thawed_at", Instant))
