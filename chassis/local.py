"""A gRPC server and channel without a network: the same servicers and messages, one thread."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import grpc
from google.rpc import status_pb2


class LocalRpcError(grpc.RpcError):
    """What a caller gets for a refused call."""

    def __init__(self, status: Any) -> None:
        super().__init__(status.details)
        self._status = status

    def code(self) -> grpc.StatusCode:
        """Return the status code."""
        code: grpc.StatusCode = self._status.code
        return code

    def details(self) -> str:
        """Return the message."""
        return str(self._status.details)

    def trailing_metadata(self) -> Any:
        """Return the metadata with the rich status."""
        return self._status.trailing_metadata

    def status(self) -> status_pb2.Status:
        """Return the rich status."""
        for key, value in self._status.trailing_metadata:
            if key == "grpc-status-details-bin":
                return status_pb2.Status.FromString(value)
        raise AssertionError("no rich status")


class _Context:
    def __init__(self, metadata: Iterable[tuple[str, str]]) -> None:
        self._metadata = tuple(metadata)
        self.aborted: Any = None

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return self._metadata

    def is_active(self) -> bool:
        return True

    def abort_with_status(self, status: Any) -> None:
        self.aborted = status
        raise LocalRpcError(status)

    def code(self) -> Any:
        return self.aborted


class LocalServer:
    """Collects servicers and gives a channel to them."""

    def __init__(self) -> None:
        self._handlers: dict[str, Any] = {}

    def add_generic_rpc_handlers(self, handlers: Iterable[Any]) -> None:
        """Part of the server interface that generated code calls."""

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Any]) -> None:
        """Part of the server interface that generated code calls."""
        for name, handler in handlers.items():
            self._handlers[f"/{service}/{name}"] = handler

    def unary_unary(
        self,
        path: str,
        request_serializer: Callable[[Any], bytes],
        response_deserializer: Callable[[bytes], Any],
        **_: Any,
    ) -> Callable[..., Any]:
        """Return a callable like a channel's."""

        def call(request: Any, timeout: float | None = None, metadata: Any = ()) -> Any:
            handler: Any = self._handlers[path]
            received = handler.request_deserializer(request_serializer(request))
            answer = handler.unary_unary(received, _Context(metadata))
            return response_deserializer(handler.response_serializer(answer))

        return call
