"""What makes the successor of a spent refresh token, so that a repetition gets the same one."""

import sqlalchemy as sa
from alembic import op

revision = "gateway_0002"
down_revision = "gateway_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("refresh_token", sa.Column("successor_salt", sa.String(length=64)))
