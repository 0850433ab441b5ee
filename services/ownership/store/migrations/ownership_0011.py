"""What lies in libraries has indexes of its own."""

import sqlalchemy as sa
from alembic import op

revision = "ownership_0011"
down_revision = "ownership_0010"
branch_labels = None
depends_on = None

INDEXES = {
    "held_by_protection": ("protected_at", "holder_id"),
    "held_by_name": ("full_name", "holder_id"),
    "held_by_basis": ("due_basis_at", "due_basis_at"),
    "held_by_due": ("due_at", "due_at"),
}
"""By which column, of the rows that have which."""


def upgrade() -> None:
    for name, (column, given) in INDEXES.items():
        where = sa.text(f"{given} IS NOT NULL")
        op.create_index(
            name, "position", [column, "customer_id"], sqlite_where=where, postgresql_where=where
        )
    for name in ("position_by_protection", "position_by_basis", "position_by_due"):
        op.drop_index(name, "position")
