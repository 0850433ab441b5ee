"""Files that were uploaded and belong to no follow-up go after a while; those that do, never."""

import logging
from datetime import timedelta

import grpc
from anyio import sleep, to_thread
from crm.activity.v1 import follow_ups_pb2 as pb

from chassis.db import Database
from chassis.identity import PEER_METADATA, PEER_TOKEN, Signer, system
from chassis.kernel import Clock, Refused
from services.gateway.app import uploads
from services.gateway.blobs import Blobs, blob_name, thumb_name
from services.gateway.directory import Send

BATCH = 200
_FIND = "/crm.activity.v1.ActivityService/FindAttachments"
_log = logging.getLogger(__name__)


class Orphans:
    """Removes them. By then their receipts have long expired, so none can still be used."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        send: Send,
        signer: Signer,
        clock: Clock,
        *,
        after: timedelta,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._send = send
        self._signer = signer
        self._clock = clock
        self._after = after

    async def go_round(self, seconds: float) -> None:
        """Remove orphans again and again, until cancelled; what fails is tried the next time."""
        while True:
            await sleep(seconds)
            try:
                await self.remove()
            except (grpc.aio.AioRpcError, Refused) as error:
                _log.warning("unused uploads were not removed: %s", error)
            except Exception:  # noqa: BLE001 - logged; a round that fails is no reason to stop serving
                _log.exception("unused uploads were not removed")

    async def remove(self) -> int:
        """Remove those that are old enough; return how many. Repeatable, also by several at once.

        Raises AioRpcError when activity cannot tell what is needed, and FILES_UNAVAILABLE.
        """
        removed = 0
        while True:
            before = self._clock() - self._after
            found = await to_thread.run_sync(uploads.find_not_kept, self._database, before, BATCH)
            if not found:
                return removed
            needed = await self._needed([row["attachment_id"] for row in found])
            if needed:
                await to_thread.run_sync(uploads.keep, self._database, needed, self._clock())
            gone = [row for row in found if row["attachment_id"] not in needed]
            for row in gone:
                kept = (row["sha256"], row["attachment_id"])
                await self._blobs.delete((thumb_name(*kept), blob_name(*kept)))
            ids = [row["attachment_id"] for row in gone]
            if ids:
                await to_thread.run_sync(uploads.forget, self._database, ids)
                _log.info("%s unused uploads removed", len(ids))
            removed += len(ids)

    async def _needed(self, attachment_ids: list[str]) -> set[str]:
        """Ask activity which of them belong to a follow-up."""
        token = self._signer.sign(system("gateway"), self._clock(), PEER_TOKEN)
        metadata = (("authorization", f"Bearer {token}"), (PEER_METADATA, token))
        request = pb.FindAttachmentsRequest(attachment_ids=attachment_ids)
        raw = await self._send("activity", _FIND, request, metadata)
        return set(pb.FindAttachmentsResponse.FromString(raw).attachment_ids)
