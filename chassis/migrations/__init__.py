"""Schema migrations: the chassis' own tables and the service's, each a line of versions of its own.

A migration must work with the release before it (expand, then contract): replicas of both run
during an upgrade. Processes never migrate at start; `python -m services.X migrate` does.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from chassis import tables
from chassis.db import Database

logging.getLogger("alembic").setLevel(logging.WARNING)

HERE = Path(__file__).parent


def upgrade(database: Database, service_versions: Path, metadata: sa.MetaData) -> None:
    """Bring the schema up to date, in one transaction where the database can."""
    config = configure(service_versions)
    with database.engine.begin() as connection:
        config.attributes |= {"connection": connection, "metadata": [tables.metadata, metadata]}
        command.upgrade(config, "heads")


def pending(database: Database, service_versions: Path) -> Sequence[str]:
    """Return the versions that the database still lacks; empty when it is up to date."""
    script = ScriptDirectory.from_config(configure(service_versions))
    with database.engine.connect() as connection:
        present = set(MigrationContext.configure(connection).get_current_heads())
    return sorted(set(script.get_heads()) - present)


def configure(service_versions: Path) -> Config:
    """Return alembic's configuration for a service whose migrations lie in `service_versions`."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    locations = (str(HERE / "versions"), str(service_versions))
    config.set_main_option("version_locations", ":".join(locations))
    return config
