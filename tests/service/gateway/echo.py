"""A gRPC server for `echo.proto` that answers with what arrived."""

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import grpc
from grpc_status import rpc_status
from grpc_tools import protoc

from chassis.grpc_errors import to_status
from chassis.kernel import Kind, Reason
from services.gateway.transcoding.schema import Method, Schema

HERE = Path(__file__).parent / "protos"
PROTOS = Path(__file__).parents[3] / "protos"
SECRET = "10.11.12.13:5432 password=hunter2"

FULL = Reason(
    "QUOTA_FULL",
    Kind.QUOTA,
    zh="已有 {held} 个客户，上限 {limit} 个。",
    en="{held} customers are held, {limit} are allowed.",
    next_zh="请先释放一个客户。",
    next_en="Release a customer first.",
)
BAD = Reason("BAD", Kind.INVALID, zh="有误。", en="Bad.")
SHORT = Reason("TOO_SHORT", Kind.INVALID, zh="至少 {least} 个字。", en="At least {least} letters.")


def refusals() -> dict[str, Any]:
    """Every kind of refusal, as services raise them."""
    ways: dict[str, Any] = {
        kind.value: Reason(kind.name, kind, zh=f"{kind}！", en=f"{kind}!").refuse(clause="H-1.1")
        for kind in Kind
    }
    ways["full"] = FULL.refuse(clause="H-2.2a", held=50, limit=50)
    violations = [
        SHORT.violate("customer.full_name", clause="H-3.1", least=4),
        SHORT.violate("contacts[2].name", least=2),
    ]
    ways["fields"] = BAD.refuse(violations=violations)
    return ways


def descriptors() -> bytes:
    """Compile the test proto into a descriptor set with comments."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "echo.binpb"
        arguments = [
            f"--proto_path={HERE}",
            f"--proto_path={PROTOS / 'third_party'}",
            f"--proto_path={files('grpc_tools') / '_proto'}",
            "--include_imports",
            "--include_source_info",
            f"--descriptor_set_out={target}",
            str(HERE / "echo.proto"),
        ]
        assert protoc.main(["protoc", *arguments]) == 0
        return target.read_bytes()


@contextmanager
def echo_server(schema: Schema) -> Iterator[int]:
    """Serve every method of the test proto; yield the port."""
    server = grpc.server(futures.ThreadPoolExecutor(8))
    handlers: dict[str, Any] = {
        method.descriptor.name: grpc.unary_unary_rpc_method_handler(_behaviour(method))
        for method in schema.methods
        if method.package == "test.echo.v1"
    }
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("test.echo.v1.EchoService", handlers),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(0).wait()


def _behaviour(method: Method) -> Callable[[bytes, grpc.ServicerContext], bytes]:
    def echo(raw: bytes, context: grpc.ServicerContext) -> bytes:
        return raw

    def delete(raw: bytes, context: grpc.ServicerContext) -> bytes:
        return b""

    def show(raw: bytes, context: grpc.ServicerContext) -> bytes:
        answer: Any = method.response()
        answer.metadata.update({key: str(value) for key, value in context.invocation_metadata()})
        return bytes(answer.SerializeToString())

    def fail(raw: bytes, context: grpc.ServicerContext) -> bytes:
        request: Any = method.request.FromString(raw)
        if request.way in refusals():
            status = to_status(refusals()[request.way], "echo")
            context.abort_with_status(rpc_status.to_status(status))
        if request.way == "slow":
            deadline = context.time_remaining()
            time.sleep(min(deadline or 0, 2) + 0.05)
        if request.way == "crash":
            raise RuntimeError(SECRET)
        if request.way.startswith("code "):
            code = grpc.StatusCode[request.way.removeprefix("code ")]
            context.abort(code, SECRET)
        return raw

    return {"DeleteThing": delete, "ShowMetadata": show, "Fail": fail}.get(
        method.descriptor.name, echo
    )
