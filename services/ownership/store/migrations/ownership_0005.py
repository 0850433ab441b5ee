"""Signings, disputes and rulings."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import Instant, Json, append_only_statements

revision = "ownership_0005"
down_revision = "ownership_0004"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('gathering', 'proposed')")


def upgrade() -> None:
    op.create_table(
        "signing",
        sa.Column("signing_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("holder_id", sa.String(64), nullable=False),
        sa.Column("sign_date", sa.Date, nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("countered", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
    )
    op.create_table(
        "dispute",
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
    op.create_table(
        "dispute_party",
        sa.Column(
            "dispute_id", sa.String(64), sa.ForeignKey("dispute.dispute_id"), primary_key=True
        ),
        sa.Column("staff_id", sa.String(64), primary_key=True),
    )
    op.create_table(
        "ruling",
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
    op.create_index("signing_by_customer", "signing", ["customer_id"])
    op.create_index(
        "one_dispute_at_a_time",
        "dispute",
        ["kind", "about"],
        unique=True,
        postgresql_where=LIVE,
        sqlite_where=LIVE,
    )
    op.create_index("dispute_by_state", "dispute", ["state", "next_at"])
    op.create_index("dispute_by_time", "dispute", ["opened_at", "dispute_id"])
    op.create_index("dispute_party_by_staff", "dispute_party", ["staff_id"])
    for statement in append_only_statements("ruling", op.get_bind().dialect.name):
        op.execute(statement)
