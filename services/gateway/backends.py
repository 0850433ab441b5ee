"""Where calls go: to a service over gRPC, or to the gateway's own methods."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping

import grpc
from google.protobuf.message import Message

from services.gateway.domain import reasons
from services.gateway.problems import of_call
from services.gateway.transcoding.schema import Method, Schema
from services.gateway.transcoding.transcoder import Call

MAX_ANSWER_BYTES = 16 * 1024 * 1024
Handler = Callable[[Call], Awaitable[Message]]


def repeatable(schema: Schema) -> str:
    """Return the gRPC service config: reads and calls with a request id are tried again."""
    reads = {binding.method.path for binding in schema.bindings if binding.http_method == "GET"}
    names = [
        {
            "service": method.descriptor.containing_service.full_name,
            "method": method.descriptor.name,
        }
        for method in schema.methods
        if method.repeatable or method.path in reads
    ]
    policy = {
        "maxAttempts": 3,
        "initialBackoff": "0.05s",
        "maxBackoff": "0.5s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    return json.dumps({"methodConfig": [{"name": names, "retryPolicy": policy}]})


class Backends:
    """Performs calls. Channels open at the first call, in the loop that serves it."""

    def __init__(
        self,
        schema: Schema,
        addresses: Mapping[str, str],
        *,
        service_of: Callable[[Method, Message], str],
        own: Mapping[str, Handler],
        timeout_seconds: float,
    ) -> None:
        self._addresses = dict(addresses)
        self._service_of = service_of
        self._own = own
        self._timeout = timeout_seconds
        self._config = repeatable(schema)
        self._channels: dict[str, grpc.aio.Channel] = {}

    async def __call__(self, call: Call) -> bytes:
        """Return the response's bytes. Raises Refused and Problem; no text of the transport."""
        handler = self._own.get(call.method.path)
        if handler:
            return (await handler(call)).SerializeToString()
        service = self._service_of(call.method, call.message)
        if service not in self._addresses:
            raise reasons.NO_SUCH_SERVICE.refuse()
        try:
            return await self.send(service, call.method.path, call.message, call.metadata)
        except grpc.aio.AioRpcError as error:
            raise of_call(error) from error

    async def send(
        self, service: str, path: str, message: Message, metadata: tuple[tuple[str, str], ...]
    ) -> bytes:
        """Call a method by its path and return the response's bytes; raises AioRpcError."""
        remote: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = self._channel(service).unary_unary(
            path
        )
        answer: bytes = await remote(
            message.SerializeToString(), timeout=self._timeout, metadata=metadata
        )
        return answer

    async def reachable(self) -> dict[str, bool]:
        """Return for every service whether its channel can be used, within a second."""

        async def reach(service: str) -> bool:
            try:
                await asyncio.wait_for(self._channel(service).channel_ready(), 1.0)
            except TimeoutError:
                return False
            return True

        outcomes = await asyncio.gather(*map(reach, self._addresses))
        return dict(zip(self._addresses, outcomes, strict=True))

    async def close(self) -> None:
        """Close every channel, letting calls under way finish for a while."""
        for channel in self._channels.values():
            await channel.close(grace=5.0)
        self._channels.clear()

    def _channel(self, service: str) -> grpc.aio.Channel:
        if service not in self._channels:
            self._channels[service] = grpc.aio.insecure_channel(
                self._addresses[service],
                options=[
                    ("grpc.service_config", self._config),
                    ("grpc.lb_policy_name", "round_robin"),
                    ("grpc.keepalive_time_ms", 30_000),
                    ("grpc.max_receive_message_length", MAX_ANSWER_BYTES),
                    ("grpc.max_reconnect_backoff_ms", 2_000),
                ],
            )
        return self._channels[service]
