"""Names of files: what is kept of one that a stranger gave, and how it is told to a browser."""

import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

from services.gateway.domain.media import Media

MOST = 200
_ENDINGS = {Media.PDF: (".pdf",), Media.JPEG: (".jpg", ".jpeg")}
_UNNAMED = {True: "photo", False: "document"}


def kept_name(given: str, kept: Media) -> str:
    """Return a name without folders and invisible characters, whose ending says what is kept."""
    visible = "".join(ch for ch in given if unicodedata.category(ch)[0] not in "CZ" or ch == " ")
    name = PurePosixPath(visible.replace("\\", "/")).name.strip(" .") or _UNNAMED[kept.is_photo]
    endings = _ENDINGS[kept]
    if not name.lower().endswith(endings):
        name = PurePosixPath(name).stem[: MOST - len(endings[0])] + endings[0]
    stem, _, ending = name.rpartition(".")
    return f"{stem[: MOST - 1 - len(ending)]}.{ending}"


def disposition(kind: str, name: str) -> str:
    """Return the Content-Disposition of `kind` for a name in any script (RFC 6266)."""
    plain = "".join(ch if ch.isascii() and (ch.isalnum() or ch in "._- ") else "_" for ch in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
