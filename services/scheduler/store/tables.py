"""The tables of the scheduler."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, Json, append_only

metadata = sa.MetaData()

RUNNING = "state IN ('armed', 'warned')"
UNWARNED = "state = 'armed' AND warn_at IS NOT NULL"

clock = sa.Table(
    "clock",
    metadata,
    sa.Column("subject_id", sa.String(64), primary_key=True),
    sa.Column("clock", sa.String(26), primary_key=True),
    sa.Column("party_id", sa.String(64), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("start_mark", sa.BigInteger, nullable=False),
    sa.Column("started_at", Instant),
    sa.Column("amount", sa.Integer),
    sa.Column("kept", Json, nullable=False),
    sa.Column("stop_mark", sa.BigInteger, nullable=False),
    sa.Column("move_mark", sa.BigInteger, nullable=False),
    sa.Column("moved_at", Instant),
    sa.Column("pauses", Json, nullable=False),
    sa.Column("plain", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("basis_at", Instant),
    sa.Column("due_at", Instant),
    sa.Column("warn_at", Instant),
    sa.Column("floor_at", Instant),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("policy_version", sa.Integer, nullable=False),
    sa.Column("calendar_version", sa.Integer, nullable=False),
)
sa.Index(
    "clock_due",
    clock.c.due_at,
    postgresql_where=sa.text(RUNNING),
    sqlite_where=sa.text(RUNNING),
)
sa.Index(
    "clock_unwarned",
    clock.c.warn_at,
    postgresql_where=sa.text(UNWARNED),
    sqlite_where=sa.text(UNWARNED),
)
sa.Index("clock_by_party", clock.c.party_id, clock.c.subject_id)

recomputation = sa.Table(
    "recomputation",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("cause", sa.String(10), nullable=False),
    sa.Column("reference", sa.String(64), nullable=False),
    sa.Column("party_id", sa.String(64), nullable=False),
    sa.Column("after_subject_id", sa.String(64), nullable=False),
    sa.Column("after_clock", sa.String(26), nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    sa.UniqueConstraint("cause", "reference", name="recomputed_once"),
)
sa.Index(
    "recomputation_open",
    recomputation.c.position,
    postgresql_where=recomputation.c.done_at.is_(None),
    sqlite_where=recomputation.c.done_at.is_(None),
)

run_tick = append_only(
    sa.Table(
        "run_tick",
        metadata,
        sa.Column("run", sa.String(26), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("fired_at", Instant, nullable=False),
        sa.Column("policy_version", sa.Integer, nullable=False),
    )
)
sa.Index("run_tick_by_time", run_tick.c.due_at, run_tick.c.run)

calendar_version = append_only(
    sa.Table(
        "calendar_version",
        metadata,
        sa.Column("calendar", sa.String(10), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("published_at", Instant, nullable=False),
        sa.Column("published_by", sa.String(64), nullable=False),
    )
)

calendar_year = append_only(
    sa.Table(
        "calendar_year",
        metadata,
        sa.Column("calendar", sa.String(10), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("provisional", sa.Boolean(create_constraint=False), nullable=False),
    )
)

calendar_day = append_only(
    sa.Table(
        "calendar_day",
        metadata,
        sa.Column("calendar", sa.String(10), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("official", sa.Boolean(create_constraint=False), primary_key=True),
        sa.Column("named", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("working", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("zh", sa.String(200), nullable=False),
        sa.Column("en", sa.String(200), nullable=False),
    )
)

leave = append_only(
    sa.Table(
        "leave",
        metadata,
        sa.Column("leave_id", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("recorded_by", sa.String(64), nullable=False),
    )
)
sa.Index("leave_of_staff", leave.c.staff_id, leave.c.last_day)
sa.Index("leave_by_day", leave.c.first_day, leave.c.leave_id)

leave_cancellation = append_only(
    sa.Table(
        "leave_cancellation",
        metadata,
        sa.Column("leave_id", sa.String(64), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("cancelled_at", Instant, nullable=False),
        sa.Column("cancelled_by", sa.String(64), nullable=False),
    )
)

staff_place = sa.Table(
    "staff_place",
    metadata,
    sa.Column("staff_id", sa.String(64), primary_key=True),
    sa.Column("department", sa.String(60), nullable=False),
    sa.Column("team", sa.String(60), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)
