"""Attachments as the gateway answers an upload: with its receipt."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from crm.activity.v1 import follow_ups_pb2 as a
from google.protobuf import json_format

from chassis.identity import UPLOAD_RECEIPT, Signer
from tests.platform import Platform, keys

HOURS = timedelta(hours=12)


def uploaded(platform: Platform, who: str, number: int = 1, **changes: Any) -> a.Attachment:
    """Return what a person gets for uploading photo `number` now."""
    values = {
        "attachment_id": platform.new_id(),
        "file_name": "门头.jpg",
        "media_type": "image/jpeg",
        "size_bytes": 400_000,
        "sha256": f"{number:064x}",
        "original_sha256": f"{number:063x}f",
        "width_pixels": 1200,
        "height_pixels": 1600,
    }
    found = a.Attachment(**values | changes)
    found.upload_time.FromDatetime(platform.now)
    return with_receipt(found, who, platform.now)


def with_receipt(
    attachment: a.Attachment, who: str, now: datetime, signer: Signer | None = None
) -> a.Attachment:
    """Return the attachment with a receipt of `who`, from `now` on for twelve hours."""
    content = json_format.MessageToDict(attachment, preserving_proto_field_name=True)
    receipt = (signer or gateway_signer()).state(UPLOAD_RECEIPT, who, content, now, HOURS)
    found = a.Attachment(receipt=receipt)
    found.MergeFrom(attachment)
    return found


def without_receipt(attachment: a.Attachment) -> a.Attachment:
    """Return what a follow-up shows of the attachment."""
    found = a.Attachment()
    found.CopyFrom(attachment)
    found.ClearField("receipt")
    return found


@cache
def gateway_signer() -> Signer:
    """Return what signs for the gateway of every rehearsed platform."""
    return Signer(keys()[0])
