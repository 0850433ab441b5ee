"""Policy versions tell what they began from and why they were applied."""

import sqlalchemy as sa
from alembic import op

revision = "chassis_0003"
down_revision = "chassis_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    base = sa.Column("base_version", sa.Integer(), server_default="0", nullable=False)
    op.add_column("policy_version", base)
    op.add_column(
        "policy_version", sa.Column("reason", sa.Text(), server_default="", nullable=False)
    )
