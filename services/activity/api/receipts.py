"""Attachments are believed only with a receipt: the gateway's statement of who uploaded what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crm.activity.v1 import follow_ups_pb2 as pb
from google.protobuf import json_format

from chassis.identity import UPLOAD_RECEIPT, BadStatement, Verifier
from chassis.kernel import Reason, Refused
from services.activity.domain.reasons import (
    ATTACHMENT_TWICE,
    RECEIPT_EXPIRED,
    RECEIPT_INVALID,
    RECEIPT_MISSING,
    RECEIPT_NOT_YOURS,
)


def read_attachments(
    attachments: Sequence[pb.Attachment], uploader_id: str, verifier: Verifier, now: datetime
) -> list[dict[str, Any]]:
    """Return what the receipts say of the files, as it is kept.

    Refused, with the place of the attachment, when a receipt is missing, expired, not the
    gateway's, about another file or another person's upload, and when a file is given twice.
    """
    found: list[dict[str, Any]] = []
    for number, given in enumerate(attachments):
        stated = _stated(given, number, uploader_id, verifier, now)
        if any(file["attachment_id"] == stated.attachment_id for file in found):
            raise _refusal(ATTACHMENT_TWICE, number)
        kept = json_format.MessageToDict(stated, preserving_proto_field_name=True)
        found.append(kept | {"size_bytes": stated.size_bytes})
    return found


def _stated(
    given: pb.Attachment, number: int, uploader_id: str, verifier: Verifier, now: datetime
) -> pb.Attachment:
    if not given.receipt:
        raise _refusal(RECEIPT_MISSING, number)
    try:
        statement = verifier.read_statement(UPLOAD_RECEIPT, given.receipt, now)
        stated = json_format.ParseDict(dict(statement.content), pb.Attachment())
    except BadStatement as bad:
        raise _refusal(RECEIPT_EXPIRED if bad.expired else RECEIPT_INVALID, number) from None
    except json_format.ParseError:
        raise _refusal(RECEIPT_INVALID, number) from None
    if statement.subject != uploader_id:
        raise _refusal(RECEIPT_NOT_YOURS, number)
    for field, value in given.ListFields():
        if field.name != "receipt" and value != getattr(stated, field.name):
            raise _refusal(RECEIPT_INVALID, number)
    return stated


def _refusal(reason: Reason, number: int) -> Refused:
    return reason.refuse(violations=[reason.violate(f"attachments[{number}]")])
