"""The tables of ownership on time: freezes."""

import sqlalchemy as sa

from chassis.columns import Instant
from services.ownership.store.tables import metadata

freeze = sa.Table(
    "freeze",
    metadata,
    sa.Column("customer_id", sa.String(64), primary_key=True),
    sa.Column("cause", sa.String(20), primary_key=True),
    sa.Column("reference_id", sa.String(64), primary_key=True),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("frozen_since", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.CheckConstraint("cause IN ('departure', 'dispute')", name="known_cause"),
)
