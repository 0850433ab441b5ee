"""Starts a gRPC server as all services do: health, reflection, bounded threads, graceful stop."""

from collections.abc import Callable, Sequence
from concurrent import futures
from dataclasses import dataclass

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

MAX_MESSAGE_BYTES = 4 * 1024 * 1024
GRACE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Servicer:
    """A servicer with the generated function that adds it to a server."""

    full_name: str
    add: Callable[[grpc.Server], None]


@dataclass(slots=True)
class RunningServer:
    """A started server."""

    server: grpc.Server
    port: int
    health: health.HealthServicer

    def stop(self) -> None:
        """Say NOT_SERVING, let calls under way finish, then stop."""
        self.health.enter_graceful_shutdown()
        self.server.stop(GRACE_SECONDS).wait()


def start_server(address: str, servicers: Sequence[Servicer], threads: int) -> RunningServer:
    """Serve `servicers` at `address` (`host:port`, port 0 picks one); RuntimeError if taken."""
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=threads, thread_name_prefix="grpc"),
        options=[
            ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
            ("grpc.so_reuseport", 0),
            ("grpc.max_connection_age_ms", 300_000),
            ("grpc.max_connection_age_grace_ms", 30_000),
        ],
        maximum_concurrent_rpcs=threads * 16,
    )
    status = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(status, server)
    names = [servicer.full_name for servicer in servicers]
    for servicer in servicers:
        servicer.add(server)
    reflection.enable_server_reflection(
        [*names, health.SERVICE_NAME, reflection.SERVICE_NAME], server
    )
    port = server.add_insecure_port(address)
    server.start()
    for name in ("", *names):
        status.set(name, health_pb2.HealthCheckResponse.SERVING)
    return RunningServer(server, port, status)
