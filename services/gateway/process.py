"""The gateway's api as a process: put together from its settings, and served."""

from pathlib import Path

from chassis.db import Database
from chassis.identity import Signer, Verifier
from chassis.service import random_id, utc_now
from services.gateway.api import Parts, build_app
from services.gateway.descriptors import crm_descriptors
from services.gateway.serving import serve
from services.gateway.settings import GatewaySettings, ProcessSettings


def run_api(settings: ProcessSettings, database: Database) -> None:
    """Serve HTTP until SIGTERM or SIGINT, then finish what is under way."""
    parts = Parts(
        settings=GatewaySettings(**settings.model_dump(include=set(GatewaySettings.model_fields))),
        descriptors=crm_descriptors(),
        addresses=settings.peers,
        database=database,
        signer=Signer(Path(settings.signing_key).read_text(encoding="utf-8")),
        verifier=Verifier(Path(settings.token_keys).read_text(encoding="utf-8")),
        clock=utc_now,
        new_id=random_id,
    )
    serve(build_app(parts), settings.listen)
