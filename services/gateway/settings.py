"""What the gateway can be told. Every value has a default that suits one machine."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chassis.settings import Settings


class GatewaySettings(BaseModel):
    """Limits and lifetimes. Rates are written as `limits` reads them: `600/minute`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_body_bytes: int = Field(default=1024 * 1024, gt=0)
    backend_timeout_seconds: float = Field(default=10.0, gt=0)
    request_rate: str = "1200/minute"
    """Requests of one caller: a person, or an address without a valid token."""
    sign_in_rate_per_username: str = "10/15minute"
    sign_in_rate_per_address: str = "60/15minute"
    rate_storage: str = "async+memory://"
    """`async+redis://host:port` when several replicas shall count together."""
    access_token_seconds: int = Field(default=900, gt=0, le=3600)
    refresh_token_days: float = Field(default=7, gt=0)
    session_days: float = Field(default=30, gt=0)
    hashing_threads: int = Field(default=2, gt=0)
    hashing_queue: int = Field(default=32, ge=0)
    least_password: int = Field(default=8, ge=8)
    change_poll_seconds: float = Field(default=1.0, gt=0)
    """How often a process that somebody listens to asks what changed."""
    stream_keep_alive_seconds: float = Field(default=15.0, gt=0)
    streams_per_person: int = Field(default=8, gt=0)
    most_streams: int = Field(default=1000, gt=0)
    blobs: str = "var/blobs"
    """Where files are: a folder, `file:///…`, or `s3://bucket/prefix` with `AWS_…`."""
    upload_bytes: int = Field(default=15 * 1024 * 1024, gt=0)
    upload_seconds: float = Field(default=300, gt=0)
    """How long a file may take to arrive."""
    upload_rate: str = "60/10minute"
    """Files of one person."""
    upload_bytes_per_day: int = Field(default=500 * 1024 * 1024, gt=0)
    """Of one person, within 24 hours."""
    photo_processes: int = Field(default=2, gt=0)
    photo_queue: int = Field(default=32, ge=0)
    photo_seconds: float = Field(default=30, gt=0)
    photo_pixels: int = Field(default=64_000_000, gt=0)
    """Larger photos are refused: each pixel takes four bytes while it is read."""
    receipt_hours: float = Field(default=12, gt=0)
    """How long after its upload a file can be used."""
    unused_hours: float = Field(default=24, gt=0)
    """How long a file is kept that nothing uses."""
    unused_round_seconds: float = Field(default=1800, gt=0)

    console_folder: Path = Path(__file__).parents[2] / "console" / "dist"
    """The built console, as `./crm console build` makes it."""

    @model_validator(mode="after")
    def _unused_outlive_receipts(self) -> Self:
        if self.unused_hours < self.receipt_hours + 1:
            raise ValueError("unused_hours must exceed receipt_hours by an hour at least")
        return self


class ProcessSettings(Settings, GatewaySettings):
    """What the gateway's processes need to know besides what every process does."""

    signing_key: str = ""
    """File with the private key (JWK) that tokens are signed with. Only the api has it."""
