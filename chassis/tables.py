"""The tables of every service's database: messages out and in, requests, policy, decisions."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, Json, append_only

metadata = sa.MetaData()

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.String(36), nullable=False, unique=True),
    sa.Column("type", sa.String(120), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("happened_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", Instant, nullable=False),
    sa.Column("published_at", Instant),
    sa.Column("parked_at", Instant),
    sa.Column("last_error", sa.Text),
    sa.UniqueConstraint("subject", "sequence", name="outbox_subject_sequence"),
)
sa.Index(
    "outbox_unsent",
    outbox.c.position,
    postgresql_where=outbox.c.published_at.is_(None),
    sqlite_where=outbox.c.published_at.is_(None),
)
sa.Index("outbox_published", outbox.c.published_at)

subject_sequence = sa.Table(
    "subject_sequence",
    metadata,
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("consumer", sa.String(120), primary_key=True),
    sa.Column("event_id", sa.String(64), primary_key=True),
    sa.Column("type", sa.String(120), nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", Instant),
    sa.Column("parked_at", Instant),
    sa.Column("body", sa.Text),
    sa.Column("last_error", sa.Text),
)
sa.Index(
    "inbox_retry",
    inbox.c.next_at,
    postgresql_where=inbox.c.next_at.is_not(None),
    sqlite_where=inbox.c.next_at.is_not(None),
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("holder", sa.String(64), nullable=False),
    sa.Column("until", Instant, nullable=False),
)

request = sa.Table(
    "request",
    metadata,
    sa.Column("caller", sa.String(64), primary_key=True),
    sa.Column("method", sa.String(120), primary_key=True),
    sa.Column("request_id", sa.String(64), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("response", sa.LargeBinary),
    sa.Column("created_at", Instant, nullable=False),
)
sa.Index("request_age", request.c.created_at)

policy_version = append_only(
    sa.Table(
        "policy_version",
        metadata,
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pack", sa.String(80), nullable=False),
        sa.Column("effective_at", Instant, nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("section", Json, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("applied_at", Instant, nullable=False),
        sa.Column("applied_by", sa.String(64), nullable=False),
        sa.Column("base_version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
    )
)

decision = append_only(
    sa.Table(
        "decision",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("decision_id", sa.String(36), nullable=False, unique=True),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(63), nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("zh", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.Integer, nullable=False),
        sa.Column("decided_at", Instant, nullable=False),
        sa.Column("withheld", Json, nullable=False, server_default=sa.text("'[]'")),
    )
)
sa.Index("decision_subject", decision.c.subject_id, decision.c.position)
sa.Index("decision_action", decision.c.action, decision.c.position)

decision_concern = append_only(
    sa.Table(
        "decision_concern",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.UniqueConstraint("decision_id", "staff_id", name="decision_concern_once"),
    )
)
sa.Index("decision_concern_of", decision_concern.c.staff_id, decision_concern.c.position)
