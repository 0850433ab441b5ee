"""Where files are kept: a folder, or a bucket that speaks S3."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from services.gateway.domain import reasons

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Blob:
    """A file under way to who asked for it."""

    size_bytes: int
    chunks: AsyncIterator[bytes]


class Blobs:
    """Files by name. A name is written once; raises FILES_UNAVAILABLE when the store is away.

    `place` is a folder, `file:///…`, or `s3://bucket/prefix` with the usual `AWS_…` variables.
    """

    def __init__(self, place: str) -> None:
        self._store = _open(place)

    async def put(self, name: str, file: Path) -> None:
        """Keep the content of a file."""
        try:
            await obstore.put_async(self._store, name, file)
        except (BaseError, OSError) as error:
            raise reasons.FILES_UNAVAILABLE.refuse() from error

    async def get(self, name: str) -> Blob | None:
        """Return a file, or None when there is none of this name."""
        try:
            found = await obstore.get_async(self._store, name)
        except (FileNotFoundError, ValueError):  # ValueError: nothing can have such a name
            return None
        except (BaseError, OSError) as error:
            raise reasons.FILES_UNAVAILABLE.refuse() from error
        stream = found.stream(min_chunk_size=_CHUNK)

        async def chunks() -> AsyncIterator[bytes]:
            async for chunk in stream:
                yield bytes(chunk)

        return Blob(found.meta["size"], chunks())

    async def delete(self, names: Iterable[str]) -> None:
        """Remove files; one that is not there is no error."""
        for name in names:
            try:
                await obstore.delete_async(self._store, name)
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as error:
                raise reasons.FILES_UNAVAILABLE.refuse() from error


def _open(place: str) -> ObjectStore:
    if "://" in place and not place.startswith("file://"):
        return from_url(
            place,
            # The operator names the endpoint; one that begins with http:// is meant.
            client_options={"connect_timeout": "5s", "timeout": "60s", "allow_http": True},
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=10)},
        )
    return LocalStore(Path(place.removeprefix("file://")).absolute(), mkdir=True)


def blob_name(sha256: str, attachment_id: str) -> str:
    """Return where a file is kept: by its content, and apart from any other upload of the same.

    So removing one upload never takes another's file away.
    """
    return f"{sha256[:2]}/{sha256}/{attachment_id}"


def thumb_name(sha256: str, attachment_id: str) -> str:
    """Return where the small picture of a photo is kept."""
    return f"{blob_name(sha256, attachment_id)}.thumb"
