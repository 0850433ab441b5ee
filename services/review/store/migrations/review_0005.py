"""Cases of one deadline are listed in the order of their submission."""

from alembic import op

revision = "review_0005"
down_revision = "review_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("case_by_deadline", "review_case")
    op.create_index("case_by_deadline", "review_case", ["due_at", "submitted_at", "case_id"])
