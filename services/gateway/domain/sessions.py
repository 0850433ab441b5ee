"""What a refresh token is good for, and which one follows it."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

REPEATABLE = timedelta(seconds=30)
"""How long a spent token gets its answer again: the first may have been lost on its way."""


class Standing(Enum):
    """What is known of a refresh token when somebody shows it."""

    LIVE = auto()
    """It was not used and may be spent."""
    REPEATED = auto()
    """It was spent a moment ago; whoever shows it gets the same answer."""
    REUSED = auto()
    """It was spent before that: one of its two users stole it."""
    OVER = auto()
    """It or its session is at an end."""


def standing_of(token: Mapping[Any, Any], now: datetime) -> Standing:
    """Return the standing of a token as stored, with its session's and its account's columns."""
    used_at = token["used_at"]
    if used_at is not None and now >= used_at + REPEATABLE:
        return Standing.REUSED
    if token["ended_at"] or token["disabled_at"] or now >= token["ends_at"]:
        return Standing.OVER
    if used_at is not None:
        return Standing.REPEATED
    return Standing.LIVE if now < token["expires_at"] else Standing.OVER


def digest(token: str) -> str:
    """Return what is stored of a token; it has 256 random bits, so a plain hash will do."""
    return hashlib.sha256(token.encode()).hexdigest()


def successor(token: str, salt: str) -> str:
    """Return the token that follows this one: the same again for the same salt.

    Who knows the salt alone, as the database does, learns no token from it.
    """
    mixed = hmac.digest(token.encode(), salt.encode(), "sha256")
    return base64.urlsafe_b64encode(mixed).rstrip(b"=").decode()
