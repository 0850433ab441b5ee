"""Lists of holdings in any order."""

from alembic import op

revision = "ownership_0007"
down_revision = "ownership_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, columns in (
        ("position_by_name", ["location", "full_name", "customer_id"]),
        ("position_by_protection", ["location", "protected_at", "customer_id"]),
        ("position_by_basis", ["due_basis_at", "customer_id"]),
    ):
        op.create_index(name, "position", columns)
