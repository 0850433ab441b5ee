"""Accounts, sessions, uploads, changes. No secret is stored: argon2id, SHA-256."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, Json

metadata = sa.MetaData()

account = sa.Table(
    "account",
    metadata,
    sa.Column("username", sa.String(64), primary_key=True),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("staff_id", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("disabled_at", Instant),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("session_id", sa.String(36), primary_key=True),
    sa.Column("username", sa.ForeignKey("account.username"), nullable=False, index=True),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("end_reason", sa.String(20)),
)

refresh_token = sa.Table(
    "refresh_token",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column(
        "session_id",
        sa.ForeignKey("session.session_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
    sa.Column("successor_salt", sa.String(64)),
)

upload = sa.Table(
    "upload",
    metadata,
    sa.Column("attachment_id", sa.String(36), primary_key=True),
    sa.Column("uploader_id", sa.String(64), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("sent_bytes", sa.BigInteger, nullable=False),
    sa.Column("uploaded_at", Instant, nullable=False),
    sa.Column("kept_at", Instant),
)
sa.Index("upload_by_uploader", upload.c.uploader_id, upload.c.uploaded_at)
sa.Index(
    "upload_not_kept",
    upload.c.uploaded_at,
    upload.c.attachment_id,
    postgresql_where=sa.text("kept_at IS NULL"),
    sqlite_where=sa.text("kept_at IS NULL"),
)

change = sa.Table(
    "change",
    metadata,
    sa.Column("seq", BigId, primary_key=True, autoincrement=False),
    sa.Column("topic", sa.String(20), nullable=False),
    sa.Column("subject_id", sa.String(64), nullable=False),
    sa.Column("people", Json, nullable=False),
    sa.Column("roles", Json, nullable=False),
    sa.Column("everyone", sa.Boolean(), nullable=False),
    sa.Column("made_at", Instant, nullable=False, index=True),
)

change_counter = sa.Table(
    "change_counter",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("newest", BigId, nullable=False),
    sa.CheckConstraint("id = 1", name="one_row"),
)
"""One row, so that changes are numbered in the order in which they are committed."""
