"""Names are also found by what one begins to type of them, in characters or as they are read."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.customers.domain.starts import starts
from services.customers.store.tables import Typed, name_start

revision = "customers_0005"
down_revision = "customers_0004"
branch_labels = None
depends_on = None

BATCH = 2_000

known_name = sa.table("known_name", sa.column("number", sa.BigInteger), sa.column("full_name"))


def upgrade() -> None:
    op.create_table(
        "name_start",
        sa.Column("text", Typed, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("text", "number"),
        sqlite_with_rowid=False,
    )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    after = 0
    while True:
        page = sa.select(known_name).where(known_name.c.number > after)
        rows = connection.execute(page.order_by(known_name.c.number).limit(BATCH)).all()
        if not rows:
            return
        found: list[dict[str, Any]] = [
            {"text": text, "number": row.number}
            for row in rows
            for text in sorted(starts(row.full_name))
        ]
        if found:
            connection.execute(name_start.insert(), found)
        after = rows[-1].number
