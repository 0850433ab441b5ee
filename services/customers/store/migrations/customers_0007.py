"""A known name says what it is: the customer's own, a former or a short one."""

from alembic import op

revision = "customers_0007"
down_revision = "customers_0006"
branch_labels = None
depends_on = None

KIND = """
ALTER TABLE known_name ADD COLUMN kind VARCHAR(10) DEFAULT 'own' NOT NULL
    CONSTRAINT known_kind CHECK (kind IN ('own', 'former', 'short'))
"""
RENAMED = """
UPDATE known_name SET kind = 'former' WHERE EXISTS (
    SELECT 1 FROM customer WHERE customer.customer_id = known_name.customer_id
        AND customer.full_name <> known_name.full_name
)
"""


def upgrade() -> None:
    op.execute(KIND)
    op.execute(RENAMED)
    op.drop_index("known_name_by_customer", "known_name")
    op.create_index(
        "known_name_by_customer", "known_name", ["customer_id", "full_name"], unique=True
    )
