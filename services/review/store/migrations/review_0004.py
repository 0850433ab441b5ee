"""Figures: in which week a case was closed, and how long people took to decide it.

What was closed before has no figures.
"""

import sqlalchemy as sa
from alembic import op

revision = "review_0004"
down_revision = "review_0003"
branch_labels = None
depends_on = None

ATTENTION = sa.text("needs_attention")


def upgrade() -> None:
    op.add_column("review_case", sa.Column("closed_week", sa.Date()))
    op.add_column("review_case", sa.Column("decide_seconds", sa.BigInteger()))
    op.create_index("case_of_type", "review_case", ["case_type", "outcome"])
    op.create_index("case_closed", "review_case", ["closed_week", "case_type", "decide_seconds"])
    op.create_index(
        "case_attention",
        "review_case",
        ["case_id"],
        postgresql_where=ATTENTION,
        sqlite_where=ATTENTION,
    )
