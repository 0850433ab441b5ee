"""The tables of customers."""

import sqlalchemy as sa
from alembic import op

from chassis.columns import BigId, Instant, Json, append_only_statements

revision = "customers_0001"
down_revision = None
branch_labels = ("customers",)
depends_on = None

APPEND_ONLY = (
    "customer_fact",
    "duplicate_check",
)


def upgrade() -> None:
    op.create_table(
        "known_case",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("closed_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_table(
        "colleague",
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_table(
        "custody",
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=30), nullable=False),
        sa.Column("holder_id", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    op.create_index("custody_by_holder", "custody", ["holder_id", "customer_id"], unique=False)
    op.create_table(
        "customer",
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("form", Json, nullable=False),
        sa.Column("mnemonic", sa.String(length=100), nullable=False),
        sa.Column("incomplete", Json, nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("customer_id"),
        sa.UniqueConstraint("case_id"),
    )
    op.create_index("customer_by_age", "customer", ["created_at", "customer_id"], unique=False)
    op.create_table(
        "customer_fact",
        sa.Column("position", BigId, autoincrement=True, nullable=False),
        sa.Column("fact_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("supersedes_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("fact_id"),
    )
    op.create_index("fact_by_customer", "customer_fact", ["customer_id", "position"], unique=False)
    op.create_table(
        "duplicate_check",
        sa.Column("check_id", sa.String(length=36), nullable=False),
        sa.Column("checker_id", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("identity_key", sa.String(length=400), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("ignored", Json, nullable=False),
        sa.Column("hits", Json, nullable=False),
        sa.Column("checked_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("check_id"),
    )
    op.create_table(
        "name_gram",
        sa.Column("gram", sa.String(length=4), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("gram", "customer_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("name_gram_by_customer", "name_gram", ["customer_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("identity_key", sa.String(length=400), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=True),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("reserved_at", Instant, nullable=False),
        sa.CheckConstraint("(case_id IS NULL) <> (customer_id IS NULL)", name="one_owner"),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.customer_id"],
        ),
        sa.PrimaryKeyConstraint("identity_key"),
    )
    op.create_index("identity_by_case", "identity", ["case_id"], unique=False)
    op.create_index("identity_by_customer", "identity", ["customer_id"], unique=True)
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only_statements(table, dialect):
            op.execute(statement)
