"""Customers are also known by credit code, telephone, address and people."""

import sqlalchemy as sa
from alembic import op

from services.customers.domain.marks import marks
from services.customers.store.known_marks import write
from services.customers.store.records import form_from
from services.customers.store.tables import customer

revision = "customers_0008"
down_revision = "customers_0007"
branch_labels = None
depends_on = None

BATCH = 2_000


def upgrade() -> None:
    op.create_table(
        "known_mark",
        sa.Column("mark", sa.String(120), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.customer_id"]),
        sa.PrimaryKeyConstraint("mark", "customer_id"),
        sqlite_with_rowid=False,
    )
    _fill(op.get_bind())
    op.create_index("known_mark_by_customer", "known_mark", ["customer_id"])


def _fill(connection: sa.Connection) -> None:
    after = ""
    while True:
        page = sa.select(customer.c.customer_id, customer.c.form)
        page = page.where(customer.c.customer_id > after)
        rows = connection.execute(page.order_by(customer.c.customer_id).limit(BATCH)).all()
        if not rows:
            return
        write(connection, {row.customer_id: marks(form_from(row.form)) for row in rows})
        after = rows[-1].customer_id
