"""The whole platform behind HTTP, for the command line: events are delivered after each request."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from chassis.db import Database
from chassis.identity import Signer, Verifier
from chassis.kernel import ADMINISTRATOR
from chassis.main import serve_together
from cli import session
from cli.__main__ import main
from cli.seeding import seed_demo_company
from services.gateway.api import Parts, build_app
from services.gateway.app.accounts import create_account
from services.gateway.descriptors import crm_descriptors
from services.gateway.settings import GatewaySettings
from services.gateway.store.tables import metadata
from tests.platform import ADMIN, SERVICES, Platform, haixin, keys
from tests.service.gateway.running import QUICK, serving

PASSWORD = "correct horse"


class Company:
    """A running platform with the demo company, and the command line in front of it."""

    def __init__(self, platform: Platform, url: str, folder: Path) -> None:
        self.platform = platform
        self.url = url
        self.folder = folder

    def crm(self, *arguments: str) -> Result:
        """Run a command as a person at a terminal would, in English."""
        environment = {"CRM_VAR": str(self.folder), "LANG": "en_US.UTF-8", "LC_ALL": ""}
        return CliRunner().invoke(main, arguments, env=environment)


class _Settling(httpx.HTTPTransport):
    """Delivers every event before an answer is seen."""

    platform: Platform

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        self.platform.settle()
        return answer


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("company")
    urls = {service.name: f"sqlite:///{folder}/{service.name}.db" for service in SERVICES}
    platform = Platform(urls=urls)
    platform.apply(haixin())
    platform.hire("admin", ADMIN.name, [ADMINISTRATOR])
    platform.settle()
    signer, verifier = Signer(keys()[0]), Verifier(keys()[2])
    grpc = serve_together(
        list(platform.parts.values()),
        verifier,
        {name: Signer(key) for name, key in keys()[1].items()},
        "127.0.0.1:0",
        threads=4,
    )
    database = Database(f"sqlite:///{folder}/gateway.db")
    metadata.create_all(database.engine)
    create_account(
        database,
        username="admin",
        password=PASSWORD,
        staff_id="admin",
        now=platform.now,
        hasher=QUICK,
    )
    app = build_app(
        Parts(
            settings=GatewaySettings(
                request_rate="1000000/minute",
                sign_in_rate_per_address="1000000/minute",
                sign_in_rate_per_username="1000000/minute",
                blobs=str(folder / "blobs"),
            ),
            descriptors=crm_descriptors(),
            addresses={service.name: f"127.0.0.1:{grpc.port}" for service in SERVICES},
            database=database,
            signer=signer,
            verifier=verifier,
            clock=lambda: platform.now,
            new_id=platform.new_id,
            hasher=QUICK,
        )
    )
    with serving(app) as url:
        login = httpx.post(f"{url}/v1/login", json={"username": "admin", "password": PASSWORD})
        bearer = {"authorization": f"Bearer {login.json()['access_token']}"}
        with httpx.Client(base_url=url, headers=bearer) as client:
            logins = seed_demo_company(client, PASSWORD)
            assert seed_demo_company(client, PASSWORD) == logins
        platform.settle()
        run = {"url": url, "logins": logins}
        (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
        yield Company(platform, url, folder)
    grpc.server.stop(0).wait()
    database.close()
    for parts in platform.parts.values():
        parts.database.close()


@pytest.fixture(autouse=True)
def settled(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands' requests be followed by the delivery of events."""
    kind = type("Settling", (_Settling,), {"platform": company.platform})
    monkeypatch.setattr(session.httpx, "HTTPTransport", kind)
