"""Which files show which follow-up, by what they were when they were sent."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import BigId, append_only_statements

revision = "activity_0004"
down_revision = "activity_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("position", BigId, autoincrement=True, nullable=False),
        sa.Column("attachment_id", sa.String(length=64), nullable=False),
        sa.Column("follow_up_id", sa.String(length=36), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("attachment_id", "follow_up_id", name="attachment_once"),
        info={"append_only": True},
    )
    op.create_index(
        "attachment_by_content", "attachment", ["original_sha256", "position"], unique=False
    )
    for statement in append_only_statements("attachment", op.get_bind().dialect.name):
        op.execute(statement)
