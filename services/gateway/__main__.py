"""python -m services.gateway api | migrate."""

import os
import sys
from pathlib import Path

import uvicorn

from chassis.db import Database
from chassis.identity import Signer, Verifier
from chassis.migrations import pending, upgrade
from chassis.service import random_id, utc_now
from chassis.settings import BadSettings, Settings, read_settings
from chassis.telemetry import configure_logging
from services.gateway.api import Parts, build_app
from services.gateway.descriptors import crm_descriptors
from services.gateway.settings import GatewaySettings
from services.gateway.store.tables import metadata

MIGRATIONS = Path(__file__).parent / "store" / "migrations"


class ProcessSettings(Settings, GatewaySettings):
    """What the gateway's process needs to know besides what every process does."""

    signing_key: str
    """File with the private key (JWK) that tokens are signed with."""


def main() -> int:
    """Run one role with the settings of the environment; returns the exit code."""
    role = sys.argv[1] if len(sys.argv) > 1 else ""
    if role not in ("api", "migrate"):
        sys.stderr.write("usage: python -m services.gateway api | migrate\n")
        return 2
    try:
        settings = read_settings(os.environ, ProcessSettings)
    except BadSettings as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logging(settings.log_level, f"gateway/{role}")
    database = Database(settings.database_url)
    if role == "migrate":
        upgrade(database, MIGRATIONS, metadata)
        return 0
    if lacking := pending(database, MIGRATIONS):
        sys.stderr.write(f"the database lacks {', '.join(lacking)}: run migrate first\n")
        return 3
    host, _, port = settings.listen.rpartition(":")
    uvicorn.run(
        build_app(parts(settings, database)),
        host=host,
        port=int(port),
        log_config=None,
        access_log=False,
    )
    return 0


def parts(settings: ProcessSettings, database: Database) -> Parts:
    """Put the gateway together from its settings."""
    return Parts(
        settings=GatewaySettings(**settings.model_dump(include=set(GatewaySettings.model_fields))),
        descriptors=crm_descriptors(),
        addresses=settings.peers,
        database=database,
        signer=Signer(Path(settings.signing_key).read_text(encoding="utf-8")),
        verifier=Verifier(Path(settings.token_keys).read_text(encoding="utf-8")),
        clock=utc_now,
        new_id=random_id,
    )


if __name__ == "__main__":
    sys.exit(main())
