"""Whom a decision concerns, and which of its facts are not theirs to read."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import BigId, Json, append_only_statements

revision = "chassis_0002"
down_revision = "chassis_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    withheld = sa.Column("withheld", Json, server_default=sa.text("'[]'"), nullable=False)
    op.add_column("decision", withheld)
    op.create_index("decision_action", "decision", ["action", "position"])
    op.create_table(
        "decision_concern",
        sa.Column("position", BigId, autoincrement=True, nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("decision_id", "staff_id", name="decision_concern_once"),
    )
    op.create_index("decision_concern_of", "decision_concern", ["staff_id", "position"])
    op.execute(
        "INSERT INTO decision_concern (decision_id, staff_id) "
        "SELECT decision_id, actor_id FROM decision ORDER BY position"
    )
    for statement in append_only_statements("decision_concern", op.get_bind().dialect.name):
        op.execute(statement)
