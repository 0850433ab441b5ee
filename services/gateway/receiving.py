"""A file on its way in: bounded in size and time, written down, and told apart by its content."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from anyio import fail_after, open_file, to_thread
from starlette.requests import Request

from services.gateway.domain import media, reasons
from services.gateway.domain.media import EDGE, Media
from services.gateway.problems import Problem
from services.gateway.transcoding.bodies import limited

_FORMS = ("multipart/", "application/x-www-form-urlencoded")


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it was sent."""

    media: Media
    size_bytes: int
    sha256: str


async def receive(request: Request, file: Path, *, most_bytes: int, seconds: float) -> Received:
    """Write the body to `file` and say what it is.

    Raises Problem (413, 415, 408) and Refused: FILE_EMPTY, FILE_DAMAGED, FILE_HIDES_ANOTHER.
    """
    encoded = request.headers.get("content-encoding", "identity") != "identity"
    if encoded or request.headers.get("content-type", "").lower().startswith(_FORMS):
        raise Problem(415, reasons.FILE_ENCODED.refuse())
    try:
        with fail_after(seconds):
            async with await open_file(file, "wb") as target:
                async for chunk in limited(request, most_bytes):
                    await target.write(chunk)
    except TimeoutError:
        slow = reasons.FILE_TOO_SLOW.refuse(seconds=round(seconds))
        raise Problem(408, slow, {"connection": "close"}) from None
    kind = await to_thread.run_sync(_examine, file)
    return Received(kind, *await to_thread.run_sync(size_and_hash, file))


def _examine(file: Path) -> Media:
    with file.open("rb") as content:
        head = content.read(EDGE)
        size = content.seek(0, 2)
        content.seek(max(size - EDGE, 0))
        tail = content.read()
    if not head:
        raise reasons.FILE_EMPTY.refuse()
    kind = media.recognise(head)
    if kind is None:
        reason = reasons.FILE_HEIC if media.is_heic(head) else reasons.FILE_TYPE
        raise Problem(415, reason.refuse())
    if media.is_cut_off(kind, tail):
        raise reasons.FILE_DAMAGED.refuse()
    if media.hides_another(kind, head, tail):
        raise reasons.FILE_HIDES_ANOTHER.refuse()
    return kind


def size_and_hash(file: Path) -> tuple[int, str]:
    """Return the size and the SHA-256 of a file."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256")
    return file.stat().st_size, digest.hexdigest()
