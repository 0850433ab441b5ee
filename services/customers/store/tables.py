"""The tables of customers."""

import sqlalchemy as sa

from chassis.columns import BigId, Instant, Json, append_only

metadata = sa.MetaData()

customer = sa.Table(
    "customer",
    metadata,
    sa.Column("customer_id", sa.String(64), primary_key=True),
    sa.Column("full_name", sa.String(200), nullable=False),
    sa.Column("category", sa.String(40), nullable=False),
    sa.Column("form", Json, nullable=False),
    sa.Column("mnemonic", sa.String(100), nullable=False),
    sa.Column("incomplete", Json, nullable=False),
    sa.Column("case_id", sa.String(64), unique=True),
    sa.Column("duplicate_of", sa.String(64), nullable=False, server_default=""),
    sa.Column("closed_sequence", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)
sa.Index("customer_by_age", customer.c.created_at, customer.c.customer_id)
_COPIES = sa.text("duplicate_of <> ''")
sa.Index(
    "customer_by_kept_record",
    customer.c.duplicate_of,
    postgresql_where=_COPIES,
    sqlite_where=_COPIES,
)

identity = sa.Table(
    "identity",
    metadata,
    sa.Column("identity_key", sa.String(400), primary_key=True),
    sa.Column("case_id", sa.String(64)),
    sa.Column("customer_id", sa.ForeignKey(customer.c.customer_id)),
    sa.Column("reserved_at", Instant, nullable=False),
    sa.CheckConstraint("(case_id IS NULL) <> (customer_id IS NULL)", name="one_owner"),
)
sa.Index("identity_by_case", identity.c.case_id)
sa.Index("identity_by_customer", identity.c.customer_id, unique=True)

known_case = sa.Table(
    "known_case",
    metadata,
    sa.Column("case_id", sa.String(64), primary_key=True),
    sa.Column("closed_at", Instant),
)

customer_fact = append_only(
    sa.Table(
        "customer_fact",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("fact_id", sa.String(36), nullable=False, unique=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("supersedes_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
    )
)
sa.Index("fact_by_customer", customer_fact.c.customer_id, customer_fact.c.position)

duplicate_check = append_only(
    sa.Table(
        "duplicate_check",
        metadata,
        sa.Column("check_id", sa.String(36), primary_key=True),
        sa.Column("checker_id", sa.String(64), nullable=False),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.Column("identity_key", sa.String(400), nullable=False),
        sa.Column("grade", sa.String(10), nullable=False),
        sa.Column("ignored", Json, nullable=False),
        sa.Column("hits", Json, nullable=False),
        sa.Column("checked_at", Instant, nullable=False),
    )
)
sa.Index(
    "duplicate_check_by_checker",
    duplicate_check.c.checker_id,
    duplicate_check.c.checked_at,
    duplicate_check.c.check_id,
)

known_name = sa.Table(
    "known_name",
    metadata,
    sa.Column("number", BigId, primary_key=True, autoincrement=True),
    sa.Column("customer_id", sa.ForeignKey(customer.c.customer_id), nullable=False),
    sa.Column("full_name", sa.String(200), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False, server_default="own"),
    sa.CheckConstraint("kind IN ('own', 'former', 'short')", name="known_kind"),
)
"""The names that customers are found by; the index knows each by its number.

A name that is not its customer's own is a former one unless `kind` says short.
"""

sa.Index("known_name_by_customer", known_name.c.customer_id, known_name.c.full_name, unique=True)

name_posting = sa.Table(
    "name_posting",
    metadata,
    sa.Column("feature", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

Typed = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
"""Compared character by character, so that the texts with one beginning lie side by side."""

name_start = sa.Table(
    "name_start",
    metadata,
    sa.Column("text", Typed, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)
"""What one may begin to type to find the name of this number."""

duplicate_scan = sa.Table(
    "duplicate_scan",
    metadata,
    sa.Column("scan_id", sa.String(36), primary_key=True),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("reached", sa.BigInteger, nullable=False),
    sa.Column("until", sa.BigInteger, nullable=False),
    sa.Column("checked", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("found", sa.Integer, nullable=False),
    sa.Column("pause_at", sa.Integer, nullable=False),
    sa.Column("most_found", sa.Integer, nullable=False),
    sa.Column("starter_id", sa.String(64), nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)
"""Scans for duplicates: the names by number up to `reached` were looked at, `until` is the last."""

_UNFINISHED = sa.text("state <> 'done'")
sa.Index(
    "duplicate_scan_unfinished",
    duplicate_scan.c.state,
    unique=True,
    postgresql_where=_UNFINISHED,
    sqlite_where=_UNFINISHED,
)
sa.Index("duplicate_scan_by_start", duplicate_scan.c.started_at, duplicate_scan.c.scan_id)

duplicate_pair = append_only(
    sa.Table(
        "duplicate_pair",
        metadata,
        sa.Column("one_id", sa.String(64), primary_key=True),
        sa.Column("other_id", sa.String(64), primary_key=True),
        sa.Column("scan_id", sa.String(36), nullable=False),
        sa.Column("grade", sa.String(10), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("found_at", Instant, nullable=False),
        sa.CheckConstraint("one_id < other_id", name="in_order"),
    )
)
"""Pairs of customers that a scan found; none is asked about again."""

custody = sa.Table(
    "custody",
    metadata,
    sa.Column("customer_id", sa.String(64), primary_key=True),
    sa.Column("location", sa.String(30), nullable=False),
    sa.Column("holder_id", sa.String(64), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)
sa.Index("custody_by_holder", custody.c.holder_id, custody.c.customer_id)

colleague = sa.Table(
    "colleague",
    metadata,
    sa.Column("staff_id", sa.String(64), primary_key=True),
    sa.Column("department", sa.String(60), nullable=False),
    sa.Column("team", sa.String(60), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
)
