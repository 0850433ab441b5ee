"""How much a person may send, how photos queue, and what happens to files that nothing needs."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import limits.aio.storage.memory
import limits.aio.strategies
import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from services.gateway.api import service_of
from services.gateway.backends import Backends
from services.gateway.blobs import Blobs
from services.gateway.orphans import Orphans
from services.gateway.settings import GatewaySettings
from services.gateway.store.tables import upload
from services.gateway.transcoding.schema import Schema
from tests.pictures import pdf, photo
from tests.service.gateway.company import Web, company_on_the_web

DAY = timedelta(hours=24)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    with company_on_the_web(tmp_path) as one:
        yield one


def remove_orphans(web: Web, **away: str) -> int:
    """Do what the gateway does every half hour."""
    parts = web.parts

    async def work() -> int:
        backends = Backends(
            Schema(parts.descriptors),
            {**parts.addresses, **away},
            service_of=service_of,
            own={},
            timeout_seconds=2,
        )
        blobs = Blobs(parts.settings.blobs)
        orphans = Orphans(
            parts.database, blobs, backends.send, parts.signer, parts.clock, after=DAY
        )
        try:
            return await orphans.remove()
        finally:
            await backends.close()

    return asyncio.run(work())


def left(web: Web) -> set[str]:
    """Return the names of the files in the store."""
    return {path.name for path in Path(web.parts.settings.blobs).rglob("*") if path.is_file()}


def known(web: Web) -> dict[str, bool]:
    """Return which uploads are remembered, and whether as needed."""
    with web.parts.database.read() as connection:
        rows = connection.execute(sa.select(upload)).all()
    return {row.attachment_id: row.kept_at is not None for row in rows}


def test_what_belongs_to_no_follow_up_goes_after_a_day(web: Web) -> None:
    customer = web.company.acquire("li")
    used = web.uploaded("li", photo(100, 60))
    found = web.recorded("li", customer, used)
    same = web.uploaded("li", photo(100, 60))
    paper = web.uploaded("wang", pdf())
    needed = {used["attachment_id"], f"{used['attachment_id']}.thumb"}
    everything = left(web)
    assert needed < everything
    web.company.platform.now += DAY - timedelta(seconds=1)
    late = web.uploaded("li", photo(110, 60))
    assert remove_orphans(web) == 0
    assert left(web) > everything
    web.company.platform.now += timedelta(seconds=2)
    assert remove_orphans(web) == 2
    fresh = {late["attachment_id"], f"{late['attachment_id']}.thumb"}
    assert left(web) == needed | fresh
    assert known(web) == {used["attachment_id"]: True, late["attachment_id"]: False}
    assert remove_orphans(web) == 0
    web.company.platform.now += timedelta(days=400)
    assert remove_orphans(web) == 1
    assert left(web) == needed
    answer = web.download("zhou", found["follow_up_id"], used["attachment_id"])
    assert answer.status_code == 200
    for one in (same, paper):
        told = web.record("li", customer, one).json()["reason"]
        assert told == "RECEIPT_EXPIRED"


def test_while_activity_is_away_nothing_is_removed(web: Web) -> None:
    web.uploaded("li", photo())
    before = left(web)
    web.company.platform.now += 2 * DAY
    with pytest.raises(grpc.aio.AioRpcError):
        remove_orphans(web, activity="127.0.0.1:9")
    assert (left(web), len(known(web))) == (before, 1)


def test_no_receipt_outlives_the_file(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="unused_hours must exceed receipt_hours"):
        GatewaySettings(receipt_hours=24)


def test_how_often_a_person_uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with company_on_the_web(tmp_path, upload_rate="2/minute") as web:
        clock: Any = type("Clock", (), {"time": lambda: web.parts.clock().timestamp()})
        monkeypatch.setattr(limits.aio.storage.memory, "time", clock)
        monkeypatch.setattr(limits.aio.strategies, "time", clock)
        statuses = [web.upload("li", b"x").status_code for _ in range(3)]
        assert statuses == [415, 415, 429]
        answer = web.upload("li", photo())
        assert answer.json()["reason"] == "TOO_MANY_UPLOADS"
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert web.upload("wang", photo()).status_code == 200
        web.company.platform.now += timedelta(minutes=2)
        assert web.upload("li", photo()).status_code == 200


def test_how_much_a_person_uploads_in_a_day(tmp_path: Path) -> None:
    with company_on_the_web(tmp_path, upload_bytes_per_day=len(photo()) + 1) as web:
        assert [web.upload("li", photo()).status_code for _ in range(3)] == [200, 200, 429]
        told = web.upload("li", photo()).json()
        assert told["reason"] == "UPLOADS_USED_UP"
        assert told["figures"]["used_bytes"] == str(2 * len(photo()))
        assert web.upload("wang", photo()).status_code == 200
        web.company.platform.now += DAY
        assert web.upload("li", photo()).status_code == 200


def test_a_photo_that_takes_too_long(tmp_path: Path) -> None:
    with company_on_the_web(tmp_path, photo_seconds=0.001) as web:
        assert web.upload("li", photo()).json()["reason"] == "FILE_DAMAGED"
        assert web.upload("li", pdf()).status_code == 200


def test_a_file_that_never_ends(tmp_path: Path) -> None:
    with company_on_the_web(tmp_path, upload_seconds=0.05) as web:
        address = (web.http.base_url.host, web.http.base_url.port)
        head = (
            "POST /v1/uploads HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n"
            f"authorization: {web.bearer('li')['authorization']}\r\n\r\n"
        )
        with socket.create_connection(address, timeout=20) as connection:
            connection.sendall(head.encode() + photo()[:100])
            answer = connection.makefile("rb").read().decode()
        assert answer.startswith("HTTP/1.1 408 ")
        assert '"FILE_TOO_SLOW"' in answer
        assert left(web) == set()
