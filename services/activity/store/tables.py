"""The tables of activity about customers; the metadata of all."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, Json, append_only

metadata = sa.MetaData()

follow_up = append_only(
    sa.Table(
        "follow_up",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("follow_up_id", sa.String(36), nullable=False, unique=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("happened_at", Instant),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("valid", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("flags", Json, nullable=False),
        sa.Column("flagged", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("resembles_id", sa.String(36), nullable=False),
        sa.Column("attachments", Json, nullable=False),
        sa.Column("place", Json, nullable=False),
        sa.Column("policy_version", sa.Integer, nullable=False),
    )
)
sa.Index("follow_up_by_customer", follow_up.c.customer_id, follow_up.c.position)
sa.Index("follow_up_by_author", follow_up.c.author_id, follow_up.c.position)
sa.Index("follow_up_by_time", follow_up.c.recorded_at, follow_up.c.position)
sa.Index(
    "follow_up_of_author", follow_up.c.author_id, follow_up.c.recorded_at, follow_up.c.position
)
sa.Index("follow_up_by_content", follow_up.c.customer_id, follow_up.c.fingerprint)
sa.Index(
    "follow_up_valid",
    follow_up.c.customer_id,
    follow_up.c.recorded_at,
    postgresql_where=sa.text("valid"),
    sqlite_where=sa.text("valid"),
)

attachment = append_only(
    sa.Table(
        "attachment",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("attachment_id", sa.String(64), nullable=False),
        sa.Column("follow_up_id", sa.String(36), nullable=False),
        sa.Column("original_sha256", sa.String(64), nullable=False),
        sa.UniqueConstraint("attachment_id", "follow_up_id", name="attachment_once"),
    )
)
sa.Index("attachment_by_content", attachment.c.original_sha256, attachment.c.position)

follow_up_void = append_only(
    sa.Table(
        "follow_up_void",
        metadata,
        sa.Column("follow_up_id", sa.String(36), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("zh", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("voided_at", Instant, nullable=False),
    )
)

customer_activity = sa.Table(
    "customer_activity",
    metadata,
    sa.Column("customer_id", sa.String(64), primary_key=True),
    sa.Column("last_valid_at", Instant),
    sa.Column("settled_until", Instant),
)

custody = sa.Table(
    "customer_custody",
    metadata,
    sa.Column("customer_id", sa.String(64), primary_key=True),
    sa.Column("location", sa.String(30), nullable=False),
    sa.Column("holder_id", sa.String(64), nullable=False),
    sa.Column("held_since", Instant),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)
sa.Index("customer_custody_by_holder", custody.c.holder_id, custody.c.customer_id)

summary = sa.Table(
    "customer_summary",
    metadata,
    sa.Column("customer_id", sa.String(64), primary_key=True),
    sa.Column("full_name", sa.String(200), nullable=False),
    sa.Column("category", sa.String(40), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)
sa.Index("customer_summary_by_category", summary.c.category, summary.c.customer_id)

colleague = sa.Table(
    "person",
    metadata,
    sa.Column("staff_id", sa.String(64), primary_key=True),
    sa.Column("display_name", sa.String(60), nullable=False),
    sa.Column("department", sa.String(60), nullable=False),
    sa.Column("team", sa.String(60), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)

signing = append_only(
    sa.Table(
        "signing",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("signing_id", sa.String(36), nullable=False, unique=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("signed_on", sa.Date, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("recorder_id", sa.String(64), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("counters_id", sa.String(36), unique=True),
        sa.CheckConstraint(
            "(amount_cents > 0) = (counters_id IS NULL)", name="counter_is_negative"
        ),
    )
)
sa.Index("signing_by_customer", signing.c.customer_id, signing.c.position)
sa.Index("signing_by_staff", signing.c.staff_id, signing.c.position)
sa.Index("signing_by_day", signing.c.signed_on, signing.c.staff_id)
