"""The tables of review."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, Json, append_only

metadata = sa.MetaData()

review_case = sa.Table(
    "review_case",
    metadata,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("case_type", sa.String(40), nullable=False),
    sa.Column("flow", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("applicant_id", sa.String(64), nullable=False),
    sa.Column("applicant_name", sa.String(60), nullable=False),
    sa.Column("department", sa.String(60), nullable=False),
    sa.Column("team", sa.String(60), nullable=False),
    sa.Column("customer_id", sa.String(64), nullable=False),
    sa.Column("full_name", sa.String(200), nullable=False),
    sa.Column("form", Json, nullable=False),
    sa.Column("remarks", sa.Text, nullable=False),
    sa.Column("check_id", sa.String(64), nullable=False),
    sa.Column("evidence", Json, nullable=False),
    sa.Column("reference_id", sa.String(64), nullable=False, server_default=""),
    sa.Column("outcome", sa.String(40), nullable=False, server_default=""),
    sa.Column("parties", Json, nullable=False, server_default="[]"),
    sa.Column("answers", Json, nullable=False, server_default="{}"),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("scope", sa.String(20), nullable=False),
    sa.Column("reviewer_id", sa.String(64)),
    sa.Column("taken_until", Instant),
    sa.Column("awaiting", Json, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("deadline_hours", sa.Integer, nullable=False),
    sa.Column("needs_attention", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("clock_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column(
        "overdue", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.false()
    ),
    sa.Column("closed_week", sa.Date),
    sa.Column("decide_seconds", sa.BigInteger),
    sa.Column("policy_version", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("submitted_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)
sa.Index("case_queue", review_case.c.state, review_case.c.role, review_case.c.submitted_at)
sa.Index("case_by_applicant", review_case.c.applicant_id, review_case.c.submitted_at)
sa.Index("case_by_customer", review_case.c.customer_id)
sa.Index("case_by_submission", review_case.c.submitted_at, review_case.c.case_id)
sa.Index("case_by_change", review_case.c.updated_at, review_case.c.case_id)
sa.Index(
    "case_by_deadline",
    review_case.c.due_at,
    review_case.c.submitted_at,
    review_case.c.case_id,
)
sa.Index("case_of_type", review_case.c.case_type, review_case.c.outcome)
sa.Index(
    "case_closed",
    review_case.c.closed_week,
    review_case.c.case_type,
    review_case.c.decide_seconds,
)
_ATTENTION = sa.text("needs_attention")
sa.Index(
    "case_attention",
    review_case.c.case_id,
    postgresql_where=_ATTENTION,
    sqlite_where=_ATTENTION,
)
_UNDER_WAY = sa.text("reference_id <> '' AND state IN ('open', 'approved')")
sa.Index(
    "one_case_at_a_time",
    review_case.c.flow,
    review_case.c.reference_id,
    unique=True,
    postgresql_where=_UNDER_WAY,
    sqlite_where=_UNDER_WAY,
)

case_decision = append_only(
    sa.Table(
        "case_decision",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("checks", Json, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reviewer_id", sa.String(64), nullable=False),
        sa.Column("decided_at", Instant, nullable=False),
        sa.UniqueConstraint("case_id", "step", name="one_decision_per_step"),
    )
)
sa.Index("case_decision_by", case_decision.c.reviewer_id, case_decision.c.case_id)
