"""The tables of activity about months."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, Json, append_only
from services.activity.store.tables import metadata

unmaintained = append_only(
    sa.Table(
        "unmaintained",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("holder_id", sa.String(64), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.UniqueConstraint("customer_id", "month", name="unmaintained_once_a_month"),
    )
)
sa.Index("unmaintained_by_holder", unmaintained.c.holder_id, unmaintained.c.month)

month_summary = append_only(
    sa.Table(
        "month_summary",
        metadata,
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("figures", Json, nullable=False),
        sa.Column("frozen_at", Instant, nullable=False),
    )
)

month_close = sa.Table(
    "month_close",
    metadata,
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("stage", sa.String(10), nullable=False),
    sa.Column("reached", sa.String(64), nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.CheckConstraint("stage IN ('customers', 'people', 'done')", name="known_stage"),
)
