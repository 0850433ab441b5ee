"""The company of the acceptance cases behind a gateway: every service over gRPC, HTTP in front."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from chassis.db import Database
from chassis.identity import Signer, Verifier
from chassis.main import serve_together
from services.gateway.api import Parts, build_app
from services.gateway.descriptors import crm_descriptors
from services.gateway.settings import GatewaySettings
from services.gateway.store.tables import metadata
from tests.acceptance.actions import Company
from tests.acceptance.doing import GOOD
from tests.platform import SERVICES, keys
from tests.service.gateway.running import QUICK, serving


@dataclass
class Web:
    """A company, and HTTP in front of it."""

    company: Company
    http: httpx.Client
    parts: Parts

    def bearer(self, who: str) -> dict[str, str]:
        """Return the header of a person's token."""
        identity = self.company.platform.people[who]
        token = self.parts.signer.sign(identity, self.parts.clock(), timedelta(minutes=15))
        return {"authorization": f"Bearer {token}"}

    def upload(self, who: str, content: Any, name: str = "", **headers: str) -> httpx.Response:
        """Send a file."""
        return self.http.post(
            "/v1/uploads",
            params={"file_name": name} if name else {},
            content=content,
            headers=self.bearer(who) | headers,
        )

    def uploaded(self, who: str, content: bytes, name: str = "") -> dict[str, Any]:
        """Send a file that is taken; return the attachment."""
        answer = self.upload(who, content, name)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["attachment"]
        return found

    def record(
        self, who: str, customer_id: str, *attachments: dict[str, Any], content: str = GOOD
    ) -> httpx.Response:
        """Record a follow-up with files."""
        body = {
            "kind": "FOLLOW_UP_KIND_VISIT",
            "title": "回访",
            "content": content,
            "attachments": attachments,
            "request_id": str(uuid4()),
        }
        return self.http.post(
            f"/v1/customers/{customer_id}/followUps", json=body, headers=self.bearer(who)
        )

    def recorded(
        self, who: str, customer_id: str, *attachments: dict[str, Any], content: str = GOOD
    ) -> dict[str, Any]:
        """Record a follow-up that is taken; return it."""
        answer = self.record(who, customer_id, *attachments, content=content)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["follow_up"]
        return found

    def download(
        self, who: str, follow_up_id: str, attachment_id: str, size: str = "", **headers: str
    ) -> httpx.Response:
        """Read a file of a follow-up."""
        return self.http.get(
            f"/v1/followUps/{follow_up_id}/attachments/{attachment_id}",
            params={"size": size} if size else {},
            headers=self.bearer(who) | headers,
        )


@contextmanager
def company_on_the_web(folder: Path, **settings: Any) -> Iterator[Web]:
    """Start everything under `folder`."""
    urls = {service.name: f"sqlite:///{folder}/{service.name}.db" for service in SERVICES}
    company = Company(urls=urls)
    platform = company.platform
    signer, verifier = Signer(keys()[0]), Verifier(keys()[2])
    signers = {name: Signer(key) for name, key in keys()[1].items()}
    together = list(platform.parts.values())
    grpc = serve_together(together, verifier, signers, "127.0.0.1:0", threads=4)
    database = Database(f"sqlite:///{folder}/gateway.db")
    metadata.create_all(database.engine)
    parts = Parts(
        settings=GatewaySettings(
            **{"request_rate": "1000000/minute", "blobs": str(folder / "blobs"), **settings}
        ),
        descriptors=crm_descriptors(),
        addresses={service.name: f"127.0.0.1:{grpc.port}" for service in SERVICES},
        database=database,
        signer=signer,
        verifier=verifier,
        clock=lambda: platform.now,
        new_id=lambda: str(uuid4()),
        hasher=QUICK,
    )
    with serving(build_app(parts)) as url, httpx.Client(base_url=url, timeout=60) as http:
        yield Web(company, http, parts)
    grpc.server.stop(0).wait()
    database.close()
    platform.close()
