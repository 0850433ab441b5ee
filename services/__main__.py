"""The whole platform on one machine, in two processes: `python -m services migrate | api | worker`.

                     ┌────────── api ──────────┐          ┌──────── worker ────────┐
    HTTP ──────────▶ │ gateway ──gRPC──▶ customers        │ customers   (events in,│
                     │                   ownership        │ ownership    events out│
                     │                   review           │ review       timers)   │
                     │                   activity         │ activity               │
                     │                   scheduler        │ scheduler              │
                     └──────────┬──────────────┘          └───────────┬────────────┘
                                └──── one SQLite file per service ────┘

Each service is the code that runs in a cluster; only two addresses differ: SQLite files, and a
broker inside the worker process. `CRM_VAR` names the data folder, `CRM_HTTP` the address to serve,
`CRM_BLOBS` the place of uploaded files when it is not `blobs` in the data folder.
"""

import os
import sys
from pathlib import Path

from chassis import main as roles
from chassis.grpc_server import RunningServer
from chassis.identity import Signer, Verifier
from chassis.rounds import Peers
from chassis.service import Parts, Service, assemble

VAR = Path(os.environ.get("CRM_VAR", "var"))
HTTP = os.environ.get("CRM_HTTP", "127.0.0.1:8080")
BROKER = "memory://localhost/"


def services() -> tuple[Service, ...]:
    """Return the services that own data."""
    from services.activity.parts import ACTIVITY
    from services.customers.parts import CUSTOMERS
    from services.ownership.parts import OWNERSHIP
    from services.review.parts import REVIEW
    from services.scheduler.parts import SCHEDULER

    return (CUSTOMERS, OWNERSHIP, REVIEW, ACTIVITY, SCHEDULER)


def database_url(name: str) -> str:
    """Return the address of a service's own database."""
    return f"sqlite:///{(VAR / f'{name}.db').resolve()}"


def together() -> list[Parts]:
    """Put every service together over its own file."""
    return [assemble(service, database_url(service.name)) for service in services()]


def gateway() -> Parts:
    """Put together what of the gateway hears of events."""
    from services.gateway.parts import GATEWAY

    return assemble(GATEWAY, database_url(GATEWAY.name))


def migrate() -> int:
    """Bring every schema up to date."""
    from chassis.migrations import upgrade

    for parts in [*together(), gateway()]:
        upgrade(parts.database, parts.service.migrations, parts.service.metadata)
    return 0


def serve() -> RunningServer:
    """Start one gRPC server of all services on a free port."""
    verifier, signers = read_keys()
    return roles.serve_together(together(), verifier, signers, "127.0.0.1:0", threads=8)


def read_keys() -> tuple[Verifier, dict[str, Signer]]:
    """Return what tokens are checked with, and the key that each service names itself with."""
    keys = VAR / "keys"
    signers = {
        service.name: Signer((keys / f"{service.name}.jwk").read_text(encoding="utf-8"))
        for service in services()
    }
    return Verifier((keys / "public.jwks").read_text(encoding="utf-8")), signers


def api() -> int:
    """Serve all gRPC services from one server, and HTTP in front of it, until a signal."""
    from chassis.db import Database
    from services.gateway.process import run_api
    from services.gateway.settings import ProcessSettings

    keys = VAR / "keys"
    running = serve()
    address = f"127.0.0.1:{running.port}"
    settings = ProcessSettings(
        database_url=database_url("gateway"),
        token_keys=str(keys / "public.jwks"),
        signing_key=str(keys / "private.jwk"),
        listen=HTTP,
        peers={service.name: address for service in services()},
        blobs=os.environ.get("CRM_BLOBS", str(VAR / "blobs")),
    )
    run_api(settings, Database(settings.database_url))
    running.stop()
    return 0


def worker() -> int:
    """Run every service's worker around one broker in this process, until a signal."""
    roles.patch()
    from chassis.worker import run_workers

    working = [*roles.reach_within(together(), *read_keys()), (gateway(), Peers())]
    run_workers(working, BROKER, roles.on_signal)
    return 0


def main() -> int:
    """Run one role."""
    from chassis.telemetry import configure_logging

    role = sys.argv[1] if len(sys.argv) > 1 else ""
    run = {"migrate": migrate, "api": api, "worker": worker}.get(role)
    if run is None:
        sys.stderr.write("usage: python -m services migrate | api | worker\n")
        return 2
    configure_logging(os.environ.get("CRM_LOG_LEVEL", "INFO"), role)
    return run()


if __name__ == "__main__":
    sys.exit(main())
