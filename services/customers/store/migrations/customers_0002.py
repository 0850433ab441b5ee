"""Records that were closed as duplicates refer to the one that was kept."""

import sqlalchemy as sa
from alembic import op

revision = "customers_0002"
down_revision = "customers_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "customer", sa.Column("duplicate_of", sa.String(64), nullable=False, server_default="")
    )
    op.add_column(
        "customer",
        sa.Column("closed_sequence", sa.BigInteger(), nullable=False, server_default="0"),
    )
    copies = sa.text("duplicate_of <> ''")
    op.create_index(
        "customer_by_kept_record",
        "customer",
        ["duplicate_of"],
        postgresql_where=copies,
        sqlite_where=copies,
    )
