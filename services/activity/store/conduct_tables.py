"""The tables of activity about the conduct of people."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, append_only
from services.activity.store.tables import metadata

call_assessment = append_only(
    sa.Table(
        "call_assessment",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("assessment_id", sa.String(36), nullable=False, unique=True),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("week_start", sa.Date, nullable=False),
        sa.Column("passed", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("call_count", sa.Integer, nullable=False),
        sa.Column("target_count", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("recorder_id", sa.String(64), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
    )
)
sa.Index(
    "call_assessment_by_week",
    call_assessment.c.staff_id,
    call_assessment.c.week_start,
    call_assessment.c.position,
)

spot_check = append_only(
    sa.Table(
        "spot_check",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("spot_check_id", sa.String(36), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("follow_up_id", sa.String(36), nullable=False),
        sa.Column("call_reference", sa.Text, nullable=False),
        sa.Column("result", sa.String(20), nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("checked_on", sa.Date, nullable=False),
        sa.Column("checker_id", sa.String(64), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
    )
)
sa.Index("spot_check_by_day", spot_check.c.checked_on, spot_check.c.kind)
sa.Index("spot_check_by_staff", spot_check.c.staff_id, spot_check.c.position)

spot_check_day = append_only(
    sa.Table(
        "spot_check_day",
        metadata,
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("check_count", sa.Integer, nullable=False),
        sa.Column("missed", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("closed_at", Instant, nullable=False),
    )
)

violation = append_only(
    sa.Table(
        "violation",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("violation_id", sa.String(36), nullable=False, unique=True),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("clause", sa.String(20), nullable=False),
        sa.Column("happened_at", Instant, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("recorder_id", sa.String(64), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("policy_version", sa.Integer, nullable=False),
    )
)
sa.Index("violation_by_staff", violation.c.staff_id, violation.c.position)

violation_revocation = append_only(
    sa.Table(
        "violation_revocation",
        metadata,
        sa.Column("violation_id", sa.String(36), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("revoker_id", sa.String(64), nullable=False),
        sa.Column("revoked_at", Instant, nullable=False),
    )
)

conduct = sa.Table(
    "conduct",
    metadata,
    sa.Column("staff_id", sa.String(64), primary_key=True),
    sa.Column("violation_count", sa.Integer, nullable=False),
    sa.Column("status", sa.String(40), nullable=False),
    sa.Column("claims_blocked", sa.Boolean(create_constraint=False), nullable=False),
)

penalty = append_only(
    sa.Table(
        "penalty",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("penalty_id", sa.String(36), nullable=False, unique=True),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("violation_id", sa.String(36), nullable=False),
        sa.Column("step_at", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("issuer", sa.String(40), nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("posted_at", Instant, nullable=False),
        sa.Column("counters_id", sa.String(36), unique=True),
    )
)
sa.Index("penalty_by_staff", penalty.c.staff_id, penalty.c.position)
