"""python -m services.gateway api | worker | migrate."""

import sys

from chassis import main as roles
from chassis import service
from chassis.settings import Settings
from services.gateway.parts import GATEWAY
from services.gateway.settings import ProcessSettings


def serve_http(parts: service.Parts, settings: Settings) -> int:
    """Serve HTTP until a signal. A worker, which has no use for all this, does not load it."""
    from services.gateway.process import run_api

    assert isinstance(settings, ProcessSettings)
    if not settings.signing_key:
        sys.stderr.write("CRM_SIGNING_KEY: Field required\n")
        return 2
    run_api(settings, parts.database)
    return 0


if __name__ == "__main__":
    sys.exit(roles.main(GATEWAY, model=ProcessSettings, api=serve_http))
