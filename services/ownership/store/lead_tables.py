"""The table of inbound leads. Append-only."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, Json, append_only
from services.ownership.store.tables import metadata

lead = append_only(
    sa.Table(
        "lead",
        metadata,
        sa.Column("number", BigId, primary_key=True, autoincrement=True),
        sa.Column("lead_id", sa.String(36), nullable=False, unique=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("check_id", sa.String(36), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("route", sa.String(20), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("scheme", sa.String(10), nullable=False),
        sa.Column("skipped", Json, nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("router_id", sa.String(64), nullable=False),
        sa.Column("routed_at", Instant, nullable=False),
    )
)
sa.Index("lead_by_time", lead.c.routed_at)
sa.Index("lead_by_staff", lead.c.staff_id, lead.c.number)
