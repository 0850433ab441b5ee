"""Lists of cases by time, by deadline, and by who decided them."""

from alembic import op

revision = "review_0003"
down_revision = "review_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, table, columns in (
        ("case_by_submission", "review_case", ["submitted_at", "case_id"]),
        ("case_by_change", "review_case", ["updated_at", "case_id"]),
        ("case_by_deadline", "review_case", ["due_at", "case_id"]),
        ("case_decision_by", "case_decision", ["reviewer_id", "case_id"]),
    ):
        op.create_index(name, table, columns)
