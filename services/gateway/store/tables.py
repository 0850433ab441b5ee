"""Accounts and sessions. No secret is stored: passwords as argon2id, tokens as SHA-256."""

import sqlalchemy as sa

from chassis.columns import Instant

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
