"""The tables of ownership."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, Json, append_only

metadata = sa.MetaData()

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("staff_id", sa.String(64), primary_key=True),
    sa.Column("display_name", sa.String(60), nullable=False),
    sa.Column("phone", sa.String(40), nullable=False),
    sa.Column("gender", sa.String(10), nullable=False),
    sa.Column("hire_date", sa.Date, nullable=False),
    sa.Column("department", sa.String(60), nullable=False),
    sa.Column("team", sa.String(60), nullable=False),
    sa.Column("roles", Json, nullable=False),
    sa.Column("personal_limit", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False, server_default="active"),
    sa.Column(
        "claims_blocked",
        sa.Boolean(create_constraint=False),
        nullable=False,
        server_default=sa.false(),
    ),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)
sa.Index("staff_by_name", staff.c.display_name, staff.c.staff_id)

quota_counter = sa.Table(
    "quota_counter",
    metadata,
    sa.Column("staff_id", sa.ForeignKey(staff.c.staff_id), primary_key=True),
    sa.Column("used", sa.Integer, nullable=False),
    sa.Column("held", sa.Integer, nullable=False),
    sa.CheckConstraint("used >= 0 AND held >= 0", name="never_negative"),
)

position = sa.Table(
    "position",
    metadata,
    sa.Column("customer_id", sa.String(64), primary_key=True),
    sa.Column("full_name", sa.String(200), nullable=False),
    sa.Column("category", sa.String(40), nullable=False),
    sa.Column("summary_sequence", sa.BigInteger, nullable=False),
    sa.Column("location", sa.String(30), nullable=False),
    sa.Column("holder_id", sa.ForeignKey(staff.c.staff_id)),
    sa.Column("case_id", sa.String(64)),
    sa.Column("counted", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("protected_at", Instant),
    sa.Column("arrived_at", Instant, nullable=False),
    sa.Column("releaser_count", sa.Integer, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("due_basis_at", Instant),
    sa.Column("clock_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("freeze_count", sa.Integer, nullable=False, server_default="0"),
    sa.Column("thawed_at", Instant),
    sa.CheckConstraint(
        "(location = 'private_library') = (holder_id IS NOT NULL)", name="holder_only_in_library"
    ),
    sa.CheckConstraint(
        "location IN ('public_pool', 'private_library', 'awaiting_distribution', 'closed')",
        name="known_location",
    ),
    sa.CheckConstraint("freeze_count >= 0", name="freezes_never_negative"),
)
sa.Index("position_by_place", position.c.location, position.c.arrived_at, position.c.customer_id)
sa.Index("position_by_name", position.c.location, position.c.full_name, position.c.customer_id)
_HELD = position.c.holder_id.is_not(None)
"""What lies in libraries; `location` would say the same, and send SQLite to another index."""
sa.Index(
    "held_by_protection",
    position.c.protected_at,
    position.c.customer_id,
    sqlite_where=_HELD,
    postgresql_where=_HELD,
)
sa.Index(
    "held_by_name",
    position.c.full_name,
    position.c.customer_id,
    sqlite_where=_HELD,
    postgresql_where=_HELD,
)
_BASED = position.c.due_basis_at.is_not(None)
sa.Index(
    "held_by_basis",
    position.c.due_basis_at,
    position.c.customer_id,
    sqlite_where=_BASED,
    postgresql_where=_BASED,
)
sa.Index("position_by_holder", position.c.holder_id, position.c.customer_id)
_DUE = position.c.due_at.is_not(None)
sa.Index(
    "held_by_due",
    position.c.due_at,
    position.c.customer_id,
    sqlite_where=_DUE,
    postgresql_where=_DUE,
)
sa.Index("position_by_case", position.c.case_id)

slot_reservation = sa.Table(
    "slot_reservation",
    metadata,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("staff_id", sa.String(64), nullable=False),
    sa.Column("customer_id", sa.String(64), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("counted", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.CheckConstraint("state IN ('held', 'used', 'freed')", name="known_state"),
)

position_change = append_only(
    sa.Table(
        "position_change",
        metadata,
        sa.Column("change", BigId, primary_key=True, autoincrement=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("from_location", sa.String(30), nullable=False),
        sa.Column("from_holder_id", sa.String(64), nullable=False),
        sa.Column("to_location", sa.String(30), nullable=False),
        sa.Column("to_holder_id", sa.String(64), nullable=False),
        sa.Column("manner", sa.String(30), nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
    )
)
sa.Index("position_change_by_customer", position_change.c.customer_id, position_change.c.change)
sa.Index(
    "position_change_by_time",
    position_change.c.changed_at,
    position_change.c.manner,
    position_change.c.to_holder_id,
    position_change.c.from_holder_id,
)

release = append_only(
    sa.Table(
        "release",
        metadata,
        sa.Column("release", BigId, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.String(64), nullable=False, unique=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("to_location", sa.String(30), nullable=False),
        sa.Column("released_at", Instant, nullable=False),
    )
)
sa.Index("release_by_customer", release.c.customer_id, release.c.release)
