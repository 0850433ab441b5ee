"""The command line of a service process: `api`, `worker`, `migrate`, `check`."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chassis.grpc_client import open_channel
from chassis.grpc_server import RunningServer, Servicer, start_server
from chassis.identity import Signer, Verifier
from chassis.local import LocalServer
from chassis.migrations import pending, upgrade
from chassis.operations import servicer as operations_servicer
from chassis.rounds import Peers
from chassis.service import Parts, Service, assemble
from chassis.settings import BadSettings, Settings, read_settings
from chassis.telemetry import configure_logging

USAGE = "usage: python -m services.{name} api | worker | migrate"


def main(
    service: Service,
    arguments: Sequence[str] | None = None,
    model: type[Settings] = Settings,
    api: Callable[[Parts, Settings], int] | None = None,
) -> int:
    """Run one role of `service` with the settings of the environment; returns the exit code.

    `api` serves what is not gRPC; `model` says what may be set.
    """
    role = (arguments or sys.argv[1:] or [""])[0]
    roles: dict[str, Callable[[Parts, Settings], int]] = {
        "api": api or run_api,
        "worker": run_worker,
        "migrate": migrate,
    }
    if role not in roles:
        sys.stderr.write(USAGE.format(name=service.name) + "\n")
        return 2
    if role == "worker":
        patch()
    try:
        settings = read_settings(os.environ, model)
    except BadSettings as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logging(settings.log_level, f"{service.name}/{role}")
    parts = assemble(service, settings.database_url)
    if role != "migrate" and (lacking := pending(parts.database, service.migrations)):
        sys.stderr.write(f"the database lacks {', '.join(lacking)}: run migrate first\n")
        return 3
    return roles[role](parts, settings)


def migrate(parts: Parts, _: Settings) -> int:
    """Bring the schema up to date."""
    upgrade(parts.database, parts.service.migrations, parts.service.metadata)
    return 0


def run_api(parts: Parts, settings: Settings) -> int:
    """Serve gRPC until SIGTERM or SIGINT, then finish the calls under way."""
    verifier = Verifier(Path(settings.token_keys).read_text(encoding="utf-8"))
    door = parts.door(verifier, _signer(settings))
    channels = {name: open_channel(address) for name, address in settings.peers.items()}
    servicers = [
        *parts.service.servicers(door, channels.__getitem__),
        operations_servicer({parts.service.name: door}),
    ]
    running = start_server(settings.listen, servicers, settings.threads)
    sys.stdout.write(f"{running.port}\n")
    sys.stdout.flush()
    wait_for_signal()
    running.stop()
    return 0


def run_worker(parts: Parts, settings: Settings) -> int:
    """Handle events, relay, tick and go round until SIGTERM or SIGINT."""
    from chassis.worker import run_workers

    channels = {name: open_channel(address) for name, address in settings.peers.items()}
    peers = Peers(_signer(settings), channels.__getitem__)
    run_workers([(parts, peers)], settings.amqp_url, on_signal)
    return 0


def patch() -> None:
    """Make blocking calls of a worker cooperative, as nameko needs it; to be called first."""
    import eventlet

    eventlet.monkey_patch(thread=False)


def on_signal(act: Callable[[], Any]) -> None:
    """Call `act` on SIGTERM or SIGINT."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: act())


def wait_for_signal() -> None:
    """Return after SIGTERM or SIGINT."""
    stop = threading.Event()
    on_signal(stop.set)
    stop.wait()


def serve_together(
    all_parts: Sequence[Parts],
    verifier: Verifier,
    signers: Mapping[str, Signer],
    address: str,
    threads: int,
) -> RunningServer:
    """Serve several services from one server, each over its own database; they call each other."""
    doors = {
        parts.service.name: parts.door(verifier, signers.get(parts.service.name))
        for parts in all_parts
    }
    channel = Later()
    servicers: list[Servicer] = [operations_servicer(doors)]
    for parts in all_parts:
        servicers += parts.service.servicers(doors[parts.service.name], lambda _: channel)
    running = start_server(address, servicers, threads)
    channel.open(f"127.0.0.1:{running.port}")
    return running


def reach_within(
    all_parts: Sequence[Parts], verifier: Verifier, signers: Mapping[str, Signer]
) -> list[tuple[Parts, Peers]]:
    """Return how services that live in one process reach each other: without a network."""
    servers = {parts.service.name: LocalServer() for parts in all_parts}
    for parts in all_parts:
        door = parts.door(verifier, signers[parts.service.name])
        for servicer in parts.service.servicers(door, servers.__getitem__):
            servicer.add(servers[parts.service.name])  # type: ignore[arg-type]
    return [(parts, Peers(signers[parts.service.name], servers.__getitem__)) for parts in all_parts]


def _signer(settings: Settings) -> Signer | None:
    key = settings.peer_key
    return Signer(Path(key).read_text(encoding="utf-8")) if key else None


class Later:
    """A channel to a server whose port is known only once it runs."""

    def __init__(self) -> None:
        self._channel: Any = None

    def open(self, address: str) -> None:
        """Open the channel."""
        self._channel = open_channel(address)

    def unary_unary(self, *arguments: Any, **options: Any) -> Callable[..., Any]:
        """Return a callable that uses the channel once it is open."""
        cached: list[Any] = []

        def call(*call_arguments: Any, **call_options: Any) -> Any:
            if not cached:
                cached.append(self._channel.unary_unary(*arguments, **options))
            return cached[0](*call_arguments, **call_options)

        return call
