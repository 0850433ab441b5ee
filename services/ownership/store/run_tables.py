"""The tables of ownership on time: freezes, deadlines, runs, distribution plans."""

import sqlalchemy as sa

from chassis.columns import Instant, Json, append_only
from services.ownership.store.tables import metadata, position, staff

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

late_deadline = sa.Table(
    "late_deadline",
    metadata,
    sa.Column("customer_id", sa.ForeignKey(position.c.customer_id), primary_key=True),
    sa.Column("party_id", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("basis_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
)

run = sa.Table(
    "run",
    metadata,
    sa.Column("run_id", sa.String(36), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("undoes_run_id", sa.String(36)),
    sa.Column("holdings_count", sa.Integer, nullable=False),
    sa.Column("due_count", sa.Integer, nullable=False),
    sa.Column("approved_count", sa.Integer, nullable=False),
    sa.Column("counts", Json, nullable=False),
    sa.Column("cause", Json, nullable=False),
    sa.Column("policy_version", sa.Integer, nullable=False),
    sa.Column("begun_by", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("worker", sa.String(36), nullable=False),
    sa.Column("worker_until", Instant),
    sa.CheckConstraint("kind IN ('reclaim', 'distribution', 'undo')", name="known_kind"),
    sa.CheckConstraint(
        "state IN ('gathering', 'running', 'stopped', 'done', 'undoing', 'undone', 'cancelled')",
        name="known_state",
    ),
    sa.UniqueConstraint("kind", "date", "number", name="run_of_a_day"),
)
sa.Index("run_by_state", run.c.state, run.c.started_at)
sa.Index("run_by_time", run.c.started_at, run.c.run_id)
_OPEN = run.c.state.in_(("gathering", "running", "stopped"))
_RECLAIMS = _OPEN & (run.c.kind == "reclaim")
_DISTRIBUTES = _OPEN & (run.c.kind == "distribution")
sa.Index(
    "one_open_reclaim",
    run.c.kind,
    unique=True,
    postgresql_where=_RECLAIMS,
    sqlite_where=_RECLAIMS,
)
sa.Index(
    "one_open_distribution",
    run.c.kind,
    run.c.date,
    unique=True,
    postgresql_where=_DISTRIBUTES,
    sqlite_where=_DISTRIBUTES,
)

run_item = append_only(
    sa.Table(
        "run_item",
        metadata,
        sa.Column("run_id", sa.ForeignKey(run.c.run_id), primary_key=True),
        sa.Column("customer_id", sa.String(64), primary_key=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(63), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
)

distribution_plan = append_only(
    sa.Table(
        "distribution_plan",
        metadata,
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("teams", Json, nullable=False),
        sa.Column("staff_ids", Json, nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("set_at", Instant, nullable=False),
        sa.CheckConstraint(
            "mode IN ('even_by_group', 'even_by_rep', 'by_performance', 'named')",
            name="known_mode",
        ),
    )
)

distribution_turn = sa.Table(
    "distribution_turn",
    metadata,
    sa.Column("staff_id", sa.ForeignKey(staff.c.staff_id), primary_key=True),
    sa.Column("served", sa.BigInteger, nullable=False),
)

distribution_deadline = sa.Table(
    "distribution_deadline",
    metadata,
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("waiting_count", sa.Integer, nullable=False),
    sa.Column("passed_at", Instant, nullable=False),
)
