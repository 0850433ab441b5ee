"""The table of credits: whose performance a signing is, as it was ruled. Append-only."""

import sqlalchemy as sa

from chassis.columns import Instant, append_only
from services.ownership.store.tables import metadata

credit = append_only(
    sa.Table(
        "credit",
        metadata,
        sa.Column("credit_id", sa.String(36), primary_key=True),
        sa.Column("signing_id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("amount_cents", sa.BigInteger, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("dispute_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(36), nullable=False),
        sa.Column("credited_at", Instant, nullable=False),
    )
)
sa.Index("credit_by_month", credit.c.month, credit.c.staff_id)
sa.Index("credit_by_time", credit.c.credited_at, credit.c.credit_id)
sa.Index("credit_by_staff", credit.c.staff_id, credit.c.credited_at, credit.c.credit_id)
sa.Index("credit_by_signing", credit.c.signing_id)
