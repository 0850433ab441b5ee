"""The services as they run in a cluster: a process per role, over real PostgreSQL and RabbitMQ."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import grpc
import sqlalchemy as sa
from crm.customers.v1.customers_pb2_grpc import CustomerServiceStub
from crm.operations.v1 import operations_pb2 as operations
from crm.operations.v1.operations_pb2_grpc import OperationsServiceStub
from crm.ownership.v1.ownership_pb2_grpc import OwnershipServiceStub, StaffServiceStub
from crm.review.v1.review_pb2_grpc import ReviewServiceStub
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chassis.identity import PEER, Signer, join_keys, new_key_pair
from chassis.kernel import Identity
from chassis.migrations import upgrade
from chassis.service import assemble
from cli.pack_file import Pack
from tests.platform import SERVICES

ROOT = Path(__file__).parents[2]
NAMES = tuple(service.name for service in SERVICES)
PATIENCE_SECONDS = 120.0
Found = TypeVar("Found")


class Cluster:
    """Two processes of each service that has a database: an api and a worker.

    `kill` ends one as the power would.
    """

    def __init__(self, folder: Path, databases: dict[str, str], amqp_url: str) -> None:
        self.names = [name for name in NAMES if name in databases]
        private, public = new_key_pair("cluster")
        for name in self.names:
            secret, its_public = new_key_pair(f"{PEER}{name}")
            (folder / f"{name}.jwk").write_text(secret)
            public = join_keys(public, its_public)
        (folder / "public.jwks").write_text(public)
        self._signer = Signer(private)
        self._log = (folder / "processes.log").open("ab")
        self._amqp_url = amqp_url
        self._keys = str(folder / "public.jwks")
        self.databases = databases
        self.ports = {name: _free_port() for name in NAMES}
        self._processes: dict[tuple[str, str], subprocess.Popen[bytes]] = {}
        for service in [each for each in SERVICES if each.name in databases]:
            parts = assemble(service, databases[service.name])
            upgrade(parts.database, service.migrations, service.metadata)
            parts.database.close()
        for name in self.names:
            for role in ("api", "worker"):
                self.start(name, role)
        channels = {name: grpc.insecure_channel(self._address(name)) for name in NAMES}
        self._channels = channels
        self.customers = CustomerServiceStub(channels["customers"])
        self.ownership = OwnershipServiceStub(channels["ownership"])
        self.staff = StaffServiceStub(channels["ownership"])
        self.review = ReviewServiceStub(channels["review"])

    def apply(self, pack: Pack, who: Identity) -> None:
        """Apply a pack to every service of the cluster."""
        for name in self.names:
            request = operations.ApplyPolicyRequest(
                service=name, pack=pack.meta.name, time_zone=pack.meta.time_zone
            )
            request.effective_time.FromDatetime(pack.meta.effective_time)
            request.section.update(pack.sections[name].to_json())
            self.call(self.operations(name).ApplyPolicy, request, who)

    def column(self, service: str, query: str) -> list[Any]:
        """Return the first column of a query on a service's database."""
        engine = sa.create_engine(self.databases[service])
        with engine.connect() as connection:
            values = list(connection.exec_driver_sql(query).scalars())
        engine.dispose()
        return values

    def await_serving(self) -> None:
        """Wait until every api says that it serves."""
        for name in self.names:
            self._await_serving(name)

    def operations(self, name: str) -> OperationsServiceStub:
        """Return the operations stub of a service."""
        return OperationsServiceStub(self._channels[name])

    def channel_to(self, name: str) -> grpc.Channel:
        """Return the channel to a service."""
        return self._channels[name]

    def start(self, name: str, role: str) -> None:
        """Start a process."""
        environment = {key: value for key, value in os.environ.items() if key[:4] != "CRM_"}
        environment |= {
            "CRM_DATABASE_URL": self.databases[name],
            "CRM_AMQP_URL": self._amqp_url,
            "CRM_TOKEN_KEYS": self._keys,
            "CRM_PEER_KEY": str(Path(self._keys).parent / f"{name}.jwk"),
            "CRM_LISTEN": self._address(name),
            "CRM_PEERS": ",".join(f"{peer}={self._address(peer)}" for peer in NAMES),
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "protos" / "gen"))),
        }
        command = [sys.executable, "-W", "ignore", "-m", f"services.{name}", role]
        self._processes[name, role] = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log
        )

    def kill(self, name: str, role: str) -> None:
        """End a process with SIGKILL and start it again."""
        process = self._processes[name, role]
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.start(name, role)

    def stop(self) -> None:
        """End every process in good order; raises when one does not stop."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for channel in self._channels.values():
            channel.close()
        self._log.close()

    def call(self, method: Any, request: Any, who: Identity) -> Any:
        """Call a method as a person, again while the service is away."""
        fields = request.DESCRIPTOR.fields_by_name
        if "request_id" in fields and not request.request_id:
            request.request_id = str(uuid.uuid4())
        token = self._signer.sign(who, datetime.now(UTC), timedelta(minutes=15))
        metadata = [("authorization", f"Bearer {token}")]

        def attempt() -> Any:
            try:
                return method(request, timeout=10.0, metadata=metadata)
            except grpc.RpcError as failure:
                error: Any = failure
                if error.code() in (
                    grpc.StatusCode.UNAVAILABLE,
                    grpc.StatusCode.DEADLINE_EXCEEDED,
                ):
                    return None
                raise

        return until(attempt)

    def _address(self, name: str) -> str:
        return f"127.0.0.1:{self.ports[name]}"

    def _await_serving(self, name: str) -> None:
        def serving() -> bool:
            with grpc.insecure_channel(self._address(name)) as channel:
                try:
                    health: Any = health_pb2_grpc.HealthStub(channel)
                    answer = health.Check(health_pb2.HealthCheckRequest(), timeout=2)
                except grpc.RpcError:
                    return False
                return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

        until(serving)


def until(found: Callable[[], Found | None], patience: float = PATIENCE_SECONDS) -> Found:
    """Ask again until the answer is true, and return it; fails when patience runs out."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"nothing after {patience} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
