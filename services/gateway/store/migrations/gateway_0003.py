"""What was uploaded, and what of it belongs to a follow-up."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import Instant

revision = "gateway_0003"
down_revision = "gateway_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("attachment_id", sa.String(length=36), nullable=False),
        sa.Column("uploader_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sent_bytes", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_at", Instant, nullable=False),
        sa.Column("kept_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("attachment_id"),
    )
    op.create_index("upload_by_uploader", "upload", ["uploader_id", "uploaded_at"], unique=False)
    op.create_index(
        "upload_not_kept",
        "upload",
        ["uploaded_at", "attachment_id"],
        unique=False,
        postgresql_where=sa.text("kept_at IS NULL"),
        sqlite_where=sa.text("kept_at IS NULL"),
    )
