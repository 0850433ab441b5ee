"""Tokens that were not made by this gateway, or not for now, open nothing."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from chassis.identity import Signer, new_key_pair
from chassis.kernel import Identity
from tests.service.gateway.running import Gateway


def claims(gateway: Gateway, **changed: Any) -> dict[str, Any]:
    now = int(gateway.clock().timestamp())
    good = {"iss": "crm-gateway", "aud": "crm", "sub": "s1", "roles": ["administrator"]}
    return {**good, "iat": now, "exp": now + 600, **changed}


def encode(gateway: Gateway, key: Any, algorithm: str, **changed: Any) -> str:
    return jwt.encode(claims(gateway, **changed), key, algorithm=algorithm, headers={"kid": "test"})


def own_key(gateway: Gateway) -> Any:
    return jwt.PyJWK.from_json(gateway.private_key, algorithm="EdDSA")


def by_stranger(gateway: Gateway) -> str:
    identity = Identity(staff_id="s1", name="x", roles=frozenset({"administrator"}))
    stranger = Signer(new_key_pair("test")[0])
    return stranger.sign(identity, gateway.clock(), timedelta(minutes=5))


def without_signature(gateway: Gateway) -> str:
    return jwt.encode(claims(gateway), "", algorithm="none", headers={"kid": "test"})


def with_the_public_key_as_secret(gateway: Gateway) -> str:
    public = json.loads(gateway.public_keys)["keys"][0]["x"]
    return encode(gateway, (public + "=" * 32)[:64], "HS256")


def with_rsa(gateway: Gateway) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return encode(gateway, key, "RS256")


def with_changed_claims(gateway: Gateway) -> str:
    head, _, signature = gateway.token("sales_rep").split(".")
    body = json.dumps(claims(gateway)).encode()
    return ".".join((head, base64.urlsafe_b64encode(body).rstrip(b"=").decode(), signature))


FORGED: list[Callable[[Gateway], str]] = [
    lambda gateway: "",
    lambda gateway: "x",
    lambda gateway: "a.b.c",
    lambda gateway: "x" * 20_000,
    without_signature,
    with_the_public_key_as_secret,
    with_rsa,
    by_stranger,
    with_changed_claims,
    lambda gateway: gateway.token("administrator")[:-4] + "AAAA",
    lambda gateway: gateway.token("administrator", minutes=-1),
    lambda gateway: gateway.token("administrator", minutes=0),
    lambda gateway: encode(gateway, own_key(gateway), "EdDSA", aud="other"),
    lambda gateway: encode(gateway, own_key(gateway), "EdDSA", iss="other"),
    lambda gateway: encode(gateway, own_key(gateway), "EdDSA", exp="soon"),
    lambda gateway: encode(gateway, own_key(gateway), "EdDSA", exp=None),
]


@pytest.mark.parametrize("forge", FORGED)
def test_a_forged_or_expired_token_opens_nothing(
    echo: Gateway, forge: Callable[[Gateway], str]
) -> None:
    headers = {"authorization": f"Bearer {forge(echo)}".strip()}
    for path in ("/v1/me", "/v1/books/7", "/v1/accounts"):
        answer = echo.http.get(path, headers=headers)
        assert (answer.status_code, answer.json()["reason"]) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Basic YTpi", "bearer", "Token x", "Bearer"])
def test_other_credentials_are_none(echo: Gateway, header: str) -> None:
    assert echo.http.get("/v1/me", headers={"authorization": header}).status_code == 401


def test_a_token_by_the_same_key_opens(echo: Gateway) -> None:
    token = encode(echo, own_key(echo), "EdDSA")
    headers = {"authorization": f"bearer {token}"}
    assert echo.http.get("/v1/me", headers=headers).status_code == 200


def test_a_token_in_the_query_is_not_taken(echo: Gateway) -> None:
    query = {"access_token": echo.token()}
    answer = echo.http.get("/v1/me", params=query, headers={"authorization": ""})
    assert answer.status_code == 401


def test_what_is_open_to_everyone(echo: Gateway) -> None:
    for path in ("/healthz/live", "/healthz/ready", "/openapi.json", "/docs"):
        assert echo.http.get(path, headers={"authorization": ""}).status_code == 200


def test_a_token_that_was_good_is_checked_for_its_time_again(gateway: Gateway) -> None:
    headers = gateway.bearer()
    assert gateway.http.get("/v1/me", headers=headers).status_code == 200
    gateway.clock.move(minutes=15)
    assert gateway.http.get("/v1/me", headers=headers).status_code == 401
    gateway.clock.move(minutes=-1)
    assert gateway.http.get("/v1/me", headers=headers).status_code == 200


@pytest.mark.parametrize("claim", [{"roles": 5}, {"roles": [["x"]]}, {"sub": 5}, {"sub": None}])
def test_a_signed_token_with_odd_claims_is_refused_not_a_fault(
    echo: Gateway, claim: dict[str, Any]
) -> None:
    headers = {"authorization": f"Bearer {encode(echo, own_key(echo), 'EdDSA', **claim)}"}
    assert echo.http.get("/v1/me", headers=headers).status_code == 401
