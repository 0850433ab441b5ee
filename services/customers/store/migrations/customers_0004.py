"""Names are found by more kinds of pieces, held as numbers; the index is made anew."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.columns import BigId
from services.customers.domain.features import features
from services.customers.domain.names import parse
from services.customers.store.tables import customer, name_posting

revision = "customers_0004"
down_revision = "customers_0003"
branch_labels = None
depends_on = None

BATCH = 2_000

known_name = sa.table(
    "known_name", sa.column("number", BigId), sa.column("customer_id"), sa.column("full_name")
)


def upgrade() -> None:
    op.create_table(
        "known_name",
        sa.Column("number", BigId, autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.customer_id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("known_name_by_customer", "known_name", ["customer_id"])
    op.create_table(
        "name_posting",
        sa.Column("feature", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feature", "number"),
        sqlite_with_rowid=False,
    )
    _index_all(op.get_bind())
    op.drop_index("name_gram_by_customer", "name_gram")
    op.drop_table("name_gram")


def _index_all(connection: sa.Connection) -> None:
    after = ""
    columns = (customer.c.customer_id, customer.c.full_name)
    while True:
        page = sa.select(*columns).where(customer.c.customer_id > after)
        rows = connection.execute(page.order_by(customer.c.customer_id).limit(BATCH)).mappings()
        found = [dict(row) for row in rows]
        if not found:
            return
        _index(connection, found)
        after = found[-1]["customer_id"]


def _index(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(known_name.insert(), rows)
    columns = sa.select(known_name.c.number, known_name.c.full_name)
    mine = columns.where(known_name.c.customer_id.in_([row["customer_id"] for row in rows]))
    connection.execute(
        name_posting.insert(),
        [
            {"feature": feature, "number": row.number}
            for row in connection.execute(mine).all()
            for feature in sorted(features(parse(row.full_name)))
        ],
    )
