"""The same store in a folder and in a bucket that speaks S3."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from chassis.kernel import Refused
from services.gateway.blobs import Blobs, blob_name, thumb_name

SHA = "ab" * 32


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The address of an S3 server with one bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    keys: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys).create_bucket(
        Bucket="crm"
    )
    yield address
    server.stop()


@pytest.fixture(params=["folder", "address of a folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "s3":
        return f"{tmp_path}/new" if request.param == "folder" else f"file://{tmp_path}/new"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT": request.getfixturevalue("bucket"),
    }.items():
        monkeypatch.setenv(name, value)
    return "s3://crm/files"


async def read(blobs: Blobs, name: str) -> bytes | None:
    found = await blobs.get(name)
    if found is None:
        return None
    content = b"".join([chunk async for chunk in found.chunks])
    assert found.size_bytes == len(content)
    return content


def test_files_come_back_and_go(place: str, tmp_path: Path) -> None:
    one, two = blob_name(SHA, "one"), blob_name(SHA, "two")
    large = bytes(range(256)) * 40_000
    (tmp_path / "large").write_bytes(large)
    (tmp_path / "small").write_bytes(b"small")

    async def work() -> None:
        blobs = Blobs(place)
        assert await read(blobs, one) is None
        await blobs.put(one, tmp_path / "large")
        await blobs.put(thumb_name(SHA, "one"), tmp_path / "small")
        await blobs.put(two, tmp_path / "large")
        assert await read(blobs, one) == large
        assert await read(blobs, thumb_name(SHA, "one")) == b"small"
        await blobs.delete([thumb_name(SHA, "one"), one, blob_name(SHA, "never")])
        assert await read(Blobs(place), one) is None
        assert await read(Blobs(place), two) == large

    asyncio.run(work())


def put(blobs: Blobs, file: Path) -> Any:
    return blobs.put("a/b", file)


def get(blobs: Blobs, file: Path) -> Any:
    return blobs.get("a/b")


def delete(blobs: Blobs, file: Path) -> Any:
    return blobs.delete(["a/b"])


@pytest.mark.parametrize("act", [put, get, delete])
def test_a_store_that_is_away(
    act: Callable[[Blobs, Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"x")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_ENDPOINT", "https://127.0.0.1:9")

    async def work() -> None:
        await act(Blobs("s3://crm"), tmp_path / "file")

    with pytest.raises(Refused) as refused:
        asyncio.run(work())
    assert refused.value.reason == "FILES_UNAVAILABLE"


@pytest.mark.parametrize("name", ["../outside", "a/../../outside"])
def test_nothing_lies_outside(name: str, tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"secret")

    async def work() -> bytes | None:
        return await read(Blobs(f"{tmp_path}/store"), name)

    assert asyncio.run(work()) is None
