"""FileService: photos and papers come in, and go out to those who may see them."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import grpc
from anyio import TemporaryDirectory, to_thread
from crm.activity.v1 import follow_ups_pb2 as activity
from crm.gateway.v1 import files_pb2 as pb
from google.protobuf import json_format
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chassis.db import Database
from chassis.identity import UNAUTHENTICATED, UPLOAD_RECEIPT, Signer
from chassis.kernel import Clock, Identity, Ids
from services.gateway.app import uploads
from services.gateway.blobs import Blobs, blob_name, thumb_name
from services.gateway.directory import Send
from services.gateway.domain import reasons
from services.gateway.domain.file_names import disposition, kept_name
from services.gateway.domain.media import Media
from services.gateway.photos.darkroom import ORIGINAL, PHOTO, THUMB, Darkroom
from services.gateway.problems import of_call
from services.gateway.rates import Rates
from services.gateway.receiving import Received, receive, size_and_hash
from services.gateway.settings import GatewaySettings
from services.gateway.sign_in import read
from services.gateway.transcoding.transcoder import Call, Handler

SERVICE = "/crm.gateway.v1.FileService/"
_GET_FOLLOW_UP = "/crm.activity.v1.FollowUpService/GetFollowUp"
_HIDDEN = (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.PERMISSION_DENIED)


class Files:
    """The servicer."""

    def __init__(
        self,
        *,
        settings: GatewaySettings,
        database: Database,
        blobs: Blobs,
        rates: Rates,
        send: Send,
        signer: Signer,
        clock: Clock,
        new_id: Ids,
    ) -> None:
        self._settings = settings
        self._database = database
        self._blobs = blobs
        self._rates = rates
        self._send = send
        self._signer = signer
        self._clock = clock
        self._new_id = new_id
        self._darkroom = Darkroom(
            processes=settings.photo_processes,
            queue=settings.photo_queue,
            seconds=settings.photo_seconds,
            most_pixels=settings.photo_pixels,
        )

    def handlers(self) -> Mapping[str, Handler]:
        """Return what serves each method, by its path."""
        return {
            f"{SERVICE}UploadFile": self.upload,
            f"{SERVICE}DownloadAttachment": self.download,
        }

    async def upload(self, call: Call, request: Request) -> pb.UploadFileResponse:
        """Check a file by its content, keep it, and state that the caller sent it."""
        asked = read(call, pb.UploadFileRequest)
        uploader = _identity(call)
        await self._rates.upload(uploader.staff_id)
        most = self._settings.upload_bytes_per_day
        await to_thread.run_sync(
            uploads.require_room, self._database, uploader.staff_id, self._clock(), most
        )
        async with TemporaryDirectory(prefix="crm-upload-") as name:
            folder = Path(name)
            received = await receive(
                request,
                folder / ORIGINAL,
                most_bytes=self._settings.upload_bytes,
                seconds=self._settings.upload_seconds,
            )
            attachment = await self._keep(asked.file_name, received, uploader, folder)
        attachment.receipt = self._receipt(attachment, uploader)
        return pb.UploadFileResponse(attachment=attachment)

    async def _keep(
        self, file_name: str, received: Received, uploader: Identity, folder: Path
    ) -> activity.Attachment:
        attachment = activity.Attachment(
            attachment_id=self._new_id(), original_sha256=received.sha256
        )
        files = {blob_name: ORIGINAL}
        media = received.media
        if media.is_photo:
            developed = await self._darkroom.develop(folder)
            attachment.width_pixels, attachment.height_pixels = developed.width, developed.height
            attachment.camera_time = developed.camera_time
            if developed.camera_place:
                json_format.ParseDict(developed.camera_place, attachment.camera_place)
            media, files = Media.JPEG, {blob_name: PHOTO, thumb_name: THUMB}
        kept = folder / files[blob_name]
        attachment.media_type, attachment.file_name = media.value, kept_name(file_name, media)
        attachment.size_bytes, attachment.sha256 = await to_thread.run_sync(size_and_hash, kept)
        now = self._clock()
        attachment.upload_time.FromDatetime(now)
        await to_thread.run_sync(
            lambda: uploads.enter(
                self._database,
                attachment_id=attachment.attachment_id,
                staff_id=uploader.staff_id,
                sha256=attachment.sha256,
                sent_bytes=received.size_bytes,
                now=now,
            )
        )
        for naming, file in files.items():
            name = naming(attachment.sha256, attachment.attachment_id)
            await self._blobs.put(name, folder / file)
        return attachment

    def _receipt(self, attachment: activity.Attachment, uploader: Identity) -> str:
        content = json_format.MessageToDict(attachment, preserving_proto_field_name=True)
        lifetime = timedelta(hours=self._settings.receipt_hours)
        return self._signer.state(
            UPLOAD_RECEIPT, uploader.staff_id, content, self._clock(), lifetime
        )

    async def download(self, call: Call, request: Request) -> Response:
        """Give a file to whom activity shows its follow-up; raises NO_SUCH_FILE to anybody else."""
        asked = read(call, pb.DownloadAttachmentRequest)
        found = await self._find(call, asked)
        naming = thumb_name if asked.size else blob_name
        etag = f'"{found.sha256[:32]}{asked.size}"'
        # The browser may keep it, and asks each time whether the caller may still see it.
        headers = {"etag": etag, "cache-control": "private, no-cache", "vary": "authorization"}
        if _names(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        blob = await self._blobs.get(naming(found.sha256, found.attachment_id))
        if blob is None:
            raise reasons.NO_SUCH_FILE.refuse()
        is_photo = found.media_type == Media.JPEG
        headers |= {
            "content-type": found.media_type,
            "content-length": str(blob.size_bytes),
            "content-disposition": disposition(
                "inline" if is_photo else "attachment", found.file_name
            ),
            "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        }
        return StreamingResponse(blob.chunks, headers=headers)

    async def _find(self, call: Call, asked: pb.DownloadAttachmentRequest) -> activity.Attachment:
        request = activity.GetFollowUpRequest(follow_up_id=asked.follow_up_id)
        try:
            raw = await self._send("activity", _GET_FOLLOW_UP, request, call.metadata)
        except grpc.aio.AioRpcError as error:
            if error.code() in _HIDDEN:
                raise reasons.NO_SUCH_FILE.refuse() from None
            raise of_call(error) from error
        for attachment in activity.GetFollowUpResponse.FromString(raw).follow_up.attachments:
            if attachment.attachment_id == asked.attachment_id:
                return attachment
        raise reasons.NO_SUCH_FILE.refuse()


def _identity(call: Call) -> Identity:
    if call.caller.identity is None:
        raise UNAUTHENTICATED.refuse()
    return call.caller.identity


def _names(if_none_match: str, etag: str) -> bool:
    """Whether a client has what the ETag stands for."""
    known = (part.strip().removeprefix("W/") for part in if_none_match.split(","))
    return any(one in ("*", etag) for one in known)
