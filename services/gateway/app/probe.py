"""Whether the gateway's own database answers."""

import sqlalchemy as sa

from chassis.db import Database


def answers(database: Database) -> bool:
    """Return whether a statement can be run now."""
    try:
        with database.read() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        return False
    return True
