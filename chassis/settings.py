"""Settings come from the environment; an unknown CRM_ variable is an error, not a surprise."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

PREFIX = "CRM_"
Model = TypeVar("Model", bound="Settings")


class BadSettings(ValueError):
    """The environment does not say what a process needs; the message names each variable."""


class Settings(BaseModel):
    """What a service process needs to know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database_url: str
    """SQLAlchemy URL of this service's own database."""
    amqp_url: str = "memory://"
    """The broker; `memory://` only inside one worker process."""
    token_keys: str
    """File with the public keys (JWKS) that tokens are verified with."""
    peer_key: str = ""
    """File with the private key (JWK, `peer:<service>`) of a service that calls others."""
    listen: str = "127.0.0.1:0"
    """Address of the gRPC server."""
    peers: dict[str, str] = {}
    """Addresses of other services: `customers=host:port,ownership=host:port`."""
    log_level: str = "INFO"
    threads: int = 8
    """Threads that serve gRPC calls."""


def read_settings(environment: Mapping[str, str], model: type[Model]) -> Model:
    """Read settings; BadSettings names every variable that is missing, wrong or unknown."""
    values: dict[str, object] = {
        key.removeprefix(PREFIX).lower(): value
        for key, value in environment.items()
        if key.startswith(PREFIX)
    }
    try:
        if isinstance(peers := values.get("peers"), str):
            values["peers"] = _peers(peers)
        return model.model_validate(values)
    except ValidationError as error:
        problems = [
            f"{PREFIX}{'.'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
            for item in error.errors()
        ]
        raise BadSettings("; ".join(problems)) from None


def _peers(text: str) -> dict[str, str]:
    """Read `name=address,name=address`."""
    return dict(part.strip().split("=", 1) for part in text.split(",") if "=" in part)
