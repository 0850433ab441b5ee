"""Makes a fresh data folder a running company: keys, schemas, pack, administrator, people."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import httpx

from chassis.db import Database
from chassis.identity import PEER, Signer, join_keys, new_key_pair
from chassis.kernel import ADMINISTRATOR, Identity, Refused
from chassis.service import utc_now
from cli import packs
from cli.pack_file import Pack, PackError, load_pack
from services.gateway.app.accounts import create_account

ADMIN = Identity("admin", "系统管理员", frozenset({ADMINISTRATOR}))
DEMO_PASSWORD = "haixin-demo"  # noqa: S105 - printed for everybody to use


def prepare(var: Path) -> None:
    """Create what is missing under `var`: folders, the key pair, the databases' schemas."""
    import os

    from services import __main__ as services

    for folder in ("keys", "log"):
        (var / folder).mkdir(parents=True, exist_ok=True)
    _make_keys(var / "keys")
    os.environ["CRM_VAR"] = str(var)
    services.VAR = var
    services.migrate()


def _make_keys(folder: Path) -> None:
    """Make the gateway's key and one for each service, where they are missing."""
    wanted = {"private": f"local-{uuid.uuid4().hex[:8]}"}
    wanted |= {service: f"{PEER}{service}" for service in packs.SERVICES}
    public = folder / "public.jwks"
    for name, key_id in wanted.items():
        secret = folder / f"{name}.jwk"
        if secret.exists():
            continue
        private_jwk, public_jwks = new_key_pair(key_id)
        known = [public.read_text(encoding="utf-8")] if public.exists() else []
        public.write_text(join_keys(*known, public_jwks))
        _write_secret(secret, private_jwk)


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)


def set_up_company(url: str, var: Path, pack: Path, demo: bool) -> list[dict[str, str]]:
    """Apply the pack and add the first administrator; with `demo` also a company. Repeatable.

    Returns the logins that were given the demo password.
    """
    with _as_administrator(url, var) as client:
        try:
            apply_pack(client, load_pack(pack))
        except PackError as error:
            raise click.ClickException(str(error)) from None
        _add_administrator(client, var)
        if not demo:
            return []
        from cli.seeding import seed_demo_company

        return seed_demo_company(client, DEMO_PASSWORD)


def add_administrator(url: str, var: Path) -> dict[str, str]:
    """Add the first administrator to a company that has its pack. Repeatable. Returns the login."""
    with _as_administrator(url, var) as client:
        _add_administrator(client, var)
    return {
        "username": ADMIN.staff_id,
        "password": DEMO_PASSWORD,
        "role": ADMINISTRATOR,
        "name": ADMIN.name,
    }


def _as_administrator(url: str, var: Path) -> httpx.Client:
    signer = Signer((var / "keys" / "private.jwk").read_text(encoding="utf-8"))
    token = signer.sign(ADMIN, utc_now(), timedelta(minutes=15))
    return httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=30)


def apply_pack(client: httpx.Client, pack: Pack) -> None:
    """Apply a pack to every service that has a section and exists."""
    for service in packs.SERVICES:
        body = packs.application(pack, service, pack.meta.effective_time)
        body["request_id"] = str(uuid.uuid4())
        answer = client.post(f"/v1/services/{service}/policies", json=body)
        if answer.status_code >= 400:
            raise click.ClickException(_problem(answer))


def _add_administrator(client: httpx.Client, var: Path) -> None:
    body: dict[str, Any] = {
        "staff": {
            "staff_id": ADMIN.staff_id,
            "display_name": ADMIN.name,
            "hire_date": "2020-01-01",
            "department": "信息部",
            "roles": [ADMINISTRATOR],
        },
        "request_id": str(uuid.uuid4()),
    }
    answer = client.post("/v1/staff", json=body)
    if answer.status_code not in (200, 409):
        raise click.ClickException(_problem(answer))
    try:
        create_account(
            Database(f"sqlite:///{(var / 'gateway.db').resolve()}"),
            username="admin",
            password=DEMO_PASSWORD,
            staff_id=ADMIN.staff_id,
            now=utc_now(),
        )
    except Refused as refused:
        if refused.reason != "ACCOUNT_EXISTS":
            raise click.ClickException(str(refused)) from None


def _problem(answer: httpx.Response) -> str:
    return f"{answer.request.url.path}: {answer.status_code} {answer.text[:2000]}"
