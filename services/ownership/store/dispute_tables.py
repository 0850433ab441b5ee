"""The tables of signings, disputes and rulings."""

import sqlalchemy as sa

from chassis.columns import Instant, Json, append_only
from services.ownership.store.tables import metadata

signing = sa.Table(
    "signing",
    metadata,
    sa.Column("signing_id", sa.String(64), primary_key=True),
    sa.Column("customer_id", sa.String(64), nullable=False),
    sa.Column("full_name", sa.String(200), nullable=False),
    sa.Column("staff_id", sa.String(64), nullable=False),
    sa.Column("holder_id", sa.String(64), nullable=False),
    sa.Column("sign_date", sa.Date, nullable=False),
    sa.Column("amount_cents", sa.BigInteger, nullable=False),
    sa.Column("countered", sa.Boolean(create_constraint=False), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
)
sa.Index("signing_by_customer", signing.c.customer_id)

dispute = sa.Table(
    "dispute",
    metadata,
    sa.Column("dispute_id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("about", sa.String(140), nullable=False),
    sa.Column("customer_id", sa.String(64), nullable=False),
    sa.Column("other_customer_id", sa.String(64), nullable=False),
    sa.Column("full_name", sa.String(200), nullable=False),
    sa.Column("claimant_id", sa.String(64), nullable=False),
    sa.Column("holder_id", sa.String(64), nullable=False),
    sa.Column("signing_id", sa.String(64), nullable=False),
    sa.Column("appeal_of", sa.String(64), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("evidence", Json, nullable=False),
    sa.Column("proposal", Json, nullable=False),
    sa.Column("case_id", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("next_at", Instant, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.CheckConstraint("kind IN ('performance', 'duplicate', 'appeal')", name="known_kind"),
    sa.CheckConstraint(
        "state IN ('gathering', 'proposed', 'ruled', 'dropped')", name="known_dispute_state"
    ),
)
_LIVE = sa.text("state IN ('gathering', 'proposed')")
sa.Index(
    "one_dispute_at_a_time",
    dispute.c.kind,
    dispute.c.about,
    unique=True,
    postgresql_where=_LIVE,
    sqlite_where=_LIVE,
)
sa.Index("dispute_by_state", dispute.c.state, dispute.c.next_at)
sa.Index("dispute_by_time", dispute.c.opened_at, dispute.c.dispute_id)

dispute_party = sa.Table(
    "dispute_party",
    metadata,
    sa.Column("dispute_id", sa.ForeignKey(dispute.c.dispute_id), primary_key=True),
    sa.Column("staff_id", sa.String(64), primary_key=True),
)
sa.Index("dispute_party_by_staff", dispute_party.c.staff_id)

ruling = append_only(
    sa.Table(
        "ruling",
        metadata,
        sa.Column("dispute_id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("winner_id", sa.String(64), nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("zh", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.Column("sheet", Json, nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("ruler_id", sa.String(64), nullable=False),
        sa.Column("ruled_at", Instant, nullable=False),
    )
)
