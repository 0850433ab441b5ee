"""Calls to other services: with a deadline and the caller's identity, never in a transaction."""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message

from chassis.db import forbid_io
from chassis.grpc_errors import from_rpc_error

Answer = TypeVar("Answer", bound=Message)

_RETRY = json.dumps(
    {
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 4,
                    "initialBackoff": "0.1s",
                    "maxBackoff": "1s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ]
    }
)
"""Only UNAVAILABLE is tried again (AIP-194); every method called this way is idempotent."""


def open_channel(address: str) -> grpc.Channel:
    """Open a channel that spreads calls over all replicas behind `address`."""
    return grpc.insecure_channel(
        address,
        options=[
            ("grpc.service_config", _RETRY),
            ("grpc.lb_policy_name", "round_robin"),
            ("grpc.keepalive_time_ms", 30_000),
        ],
    )


def call_peer(
    method: Callable[..., Any],
    request: Message,
    *,
    metadata: Sequence[tuple[str, str]],
    timeout: float,
) -> Any:
    """Call a peer with the metadata of the call at hand; its refusal is raised as ours.

    Raises RuntimeError inside a transaction, Refused for every failure of the peer.
    """
    forbid_io("a call to a peer")
    try:
        return method(request, timeout=timeout, metadata=metadata)
    except grpc.RpcError as error:
        raise from_rpc_error(error) from error
