"""Which files of a record people should look at: those that showed another record before."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.kernel import Advice
from services.activity.domain.policy import FollowUpRules
from services.activity.domain.reasons import ATTACHMENT_REUSED

PHOTO = "image/"


def watched(attachments: Sequence[Mapping[str, Any]], rules: FollowUpRules) -> set[str]:
    """Return the hashes of the files, as they were sent, that policy wants compared."""
    rule = rules.reused_attachments
    if rule is None or rule.value == "none":
        return set()
    return {
        file["original_sha256"]
        for file in attachments
        if rule.value == "all" or file["media_type"].startswith(PHOTO)
    }


def flag_reused(
    attachments: Sequence[Mapping[str, Any]], shown: Mapping[str, str], rules: FollowUpRules
) -> list[tuple[Advice, str]]:
    """Return a flag for each file that showed a follow-up before, with that follow-up's id.

    `shown` tells the follow-up by the hash of the file as it was sent.
    """
    clause = rules.reused_attachments.clause if rules.reused_attachments else ""
    return [
        (
            ATTACHMENT_REUSED.advise(f"attachments[{number}]", clause, name=file["file_name"]),
            shown[file["original_sha256"]],
        )
        for number, file in enumerate(attachments)
        if file["original_sha256"] in shown
    ]
