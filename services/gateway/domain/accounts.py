"""What a username and a password must be like."""

import re
import unicodedata

from chassis.kernel import Kind, Reason, Violation
from services.gateway.domain import reasons

LONGEST_PASSWORD = 200
_USERNAME = re.compile(r"[\w.@-]{1,64}")

BAD_ACCOUNT = Reason(
    "BAD_ACCOUNT",
    Kind.INVALID,
    zh="用户名或密码不符合要求。",
    en="The username or the password is not as it must be.",
)


def canonical_username(text: str) -> str:
    """Return the form in which usernames are compared, whatever their case or width."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def canonical_password(text: str) -> str:
    """Return the form that is hashed, so that one password typed on two keyboards is one."""
    return unicodedata.normalize("NFKC", text)


def check_username(username: str) -> list[Violation]:
    """Return what is wrong with a canonical username."""
    return [] if _USERNAME.fullmatch(username) else [reasons.BAD_USERNAME.violate("username")]


def check_password(password: str, username: str, least: int, field: str) -> list[Violation]:
    """Return what is wrong with a canonical password; length is what counts (NIST SP 800-63B)."""
    fits = least <= len(password) <= LONGEST_PASSWORD and password.casefold() != username
    if fits:
        return []
    return [reasons.BAD_PASSWORD.violate(field, least=least, most=LONGEST_PASSWORD)]
