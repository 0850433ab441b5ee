"""The tables of departures and reallocations."""

import sqlalchemy as sa

from chassis.columns import Instant, append_only
from services.ownership.store.tables import metadata, staff

departure = append_only(
    sa.Table(
        "departure",
        metadata,
        sa.Column("departure_id", sa.String(36), primary_key=True),
        sa.Column("staff_id", sa.ForeignKey(staff.c.staff_id), nullable=False, unique=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("departure_date", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("customers_count", sa.Integer, nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
    )
)

reallocation = sa.Table(
    "reallocation",
    metadata,
    sa.Column("reallocation_id", sa.String(36), primary_key=True),
    sa.Column("staff_id", sa.ForeignKey(staff.c.staff_id), nullable=False),
    sa.Column("department", sa.String(60), nullable=False),
    sa.Column("team", sa.String(60), nullable=False),
    sa.Column("departure_id", sa.String(36), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("case_id", sa.String(64), nullable=False),
    sa.Column("proposer_id", sa.String(64), nullable=False),
    sa.Column("proposed_at", Instant, nullable=False),
    sa.Column("decided_at", Instant),
    sa.Column("executor_id", sa.String(64), nullable=False),
    sa.Column("executed_at", Instant),
    sa.CheckConstraint(
        "state IN ('proposed', 'approved', 'rejected', 'executed')", name="known_plan_state"
    ),
)
sa.Index("reallocation_by_time", reallocation.c.proposed_at, reallocation.c.reallocation_id)
sa.Index(
    "one_open_reallocation",
    reallocation.c.staff_id,
    unique=True,
    sqlite_where=reallocation.c.state.in_(("proposed", "approved")),
    postgresql_where=reallocation.c.state.in_(("proposed", "approved")),
)

reallocation_item = sa.Table(
    "reallocation_item",
    metadata,
    sa.Column("reallocation_id", sa.ForeignKey(reallocation.c.reallocation_id), primary_key=True),
    sa.Column("customer_id", sa.String(64), primary_key=True),
    sa.Column("full_name", sa.String(200), nullable=False),
    sa.Column("to_location", sa.String(30), nullable=False),
    sa.Column("to_staff_id", sa.String(64), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("decision_id", sa.String(36), nullable=False),
    sa.Column("settled_at", Instant),
    sa.CheckConstraint("state IN ('planned', 'moved', 'skipped')", name="known_item_state"),
)
