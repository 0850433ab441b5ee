from collections.abc import Iterator

import limits.aio.storage.memory
import limits.aio.strategies
import pytest

from services.gateway.descriptors import crm_descriptors
from services.gateway.transcoding.schema import Schema
from tests.service.gateway.echo import descriptors, echo_server
from tests.service.gateway.running import Gateway, running_gateway


@pytest.fixture(scope="session")
def descriptor_set() -> bytes:
    """The real services and the test service, in one set."""
    return crm_descriptors() + descriptors()


@pytest.fixture(scope="session")
def schema(descriptor_set: bytes) -> Schema:
    return Schema(descriptor_set)


@pytest.fixture(scope="session")
def echo_address(schema: Schema) -> Iterator[str]:
    with echo_server(schema) as port:
        yield f"127.0.0.1:{port}"


@pytest.fixture(scope="session")
def echo(descriptor_set: bytes, echo_address: str) -> Iterator[Gateway]:
    """A gateway in front of the echo service, for tests that leave nothing behind."""
    with running_gateway(descriptor_set, {"echo": echo_address}) as gateway:
        gateway.http.headers["authorization"] = f"Bearer {gateway.token(minutes=60)}"
        yield gateway


@pytest.fixture
def gateway(
    descriptor_set: bytes, echo_address: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Gateway]:
    """A gateway of one's own, whose rate limits run on the test's clock."""
    with running_gateway(descriptor_set, {"echo": echo_address}) as one:
        monkeypatch.setattr(limits.aio.storage.memory, "time", one.clock)
        monkeypatch.setattr(limits.aio.strategies, "time", one.clock)
        yield one
