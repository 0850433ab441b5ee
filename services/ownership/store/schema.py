"""Every table of ownership, on one metadata: what a database of it is made from."""

from services.ownership.store import (
    credit_tables,
    departure_tables,
    dispute_tables,
    lead_tables,
    rota_tables,
    run_tables,
    tables,
)

MODULES = (
    tables,
    credit_tables,
    departure_tables,
    dispute_tables,
    lead_tables,
    rota_tables,
    run_tables,
)
metadata = tables.metadata
