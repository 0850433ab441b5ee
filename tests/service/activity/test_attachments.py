"""Files of follow-ups: only what the gateway says its author uploaded, and never twice unseen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from crm.activity.v1 import follow_ups_pb2 as a

from chassis.identity import PEER, Signer, new_key_pair
from tests.acceptance.actions import Company
from tests.acceptance.doing import GOOD, Doing
from tests.builders import company_name, form, variant
from tests.platform import Platform, haixin, keys
from tests.refusals import refused
from tests.uploads import gateway_signer, uploaded, with_receipt, without_receipt

OTHER = "第二次上门确认了付款时间和开票的信息"


@pytest.fixture
def doing(company: Company) -> Doing:
    return Doing(company)


@pytest.fixture
def customer(company: Company) -> str:
    return company.acquire("li")


def test_a_receipt_alone_says_everything(doing: Doing, customer: str) -> None:
    photo = uploaded(doing.platform, "li")
    found = doing.follow_up("li", customer, attachments=[a.Attachment(receipt=photo.receipt)])
    assert list(found.attachments) == [without_receipt(photo)]
    assert doing.read_follow_up("li", found.follow_up_id) == found


def missing(platform: Platform) -> a.Attachment:
    return without_receipt(uploaded(platform, "li"))


def expired(platform: Platform) -> a.Attachment:
    return with_receipt(missing(platform), "li", platform.now - timedelta(hours=12))


def of_a_colleague(platform: Platform) -> a.Attachment:
    return uploaded(platform, "wang")


def of_another_file(platform: Platform) -> a.Attachment:
    photo = uploaded(platform, "li")
    photo.sha256 = "b" * 64
    return photo


def with_another_place(platform: Platform) -> a.Attachment:
    photo = uploaded(platform, "li")
    photo.camera_place.latitude = 30.0
    return photo


def by_a_stranger(platform: Platform) -> a.Attachment:
    stranger = Signer(new_key_pair("gateway")[0])
    return with_receipt(missing(platform), "li", platform.now, stranger)


def by_a_service(platform: Platform) -> a.Attachment:
    assert f"{PEER}review" in keys()[2]
    return with_receipt(missing(platform), "li", platform.now, Signer(keys()[1]["review"]))


def access_token(platform: Platform) -> a.Attachment:
    photo = missing(platform)
    photo.receipt = platform.token(platform.people["li"])
    return photo


def for_another_purpose(platform: Platform) -> a.Attachment:
    photo = missing(platform)
    content = {"attachment_id": photo.attachment_id}
    hours = timedelta(hours=1)
    photo.receipt = gateway_signer().state("something-else", "li", content, platform.now, hours)
    return photo


def about_nothing_known(platform: Platform) -> a.Attachment:
    content = {"no_such_field": 1}
    hours = timedelta(hours=1)
    receipt = gateway_signer().state("upload-receipt", "li", content, platform.now, hours)
    return a.Attachment(receipt=receipt)


@pytest.mark.parametrize(
    "make, reason",
    [
        (missing, "RECEIPT_MISSING"),
        (expired, "RECEIPT_EXPIRED"),
        (of_a_colleague, "RECEIPT_NOT_YOURS"),
        (of_another_file, "RECEIPT_INVALID"),
        (with_another_place, "RECEIPT_INVALID"),
        (by_a_stranger, "RECEIPT_INVALID"),
        (by_a_service, "RECEIPT_INVALID"),
        (access_token, "RECEIPT_INVALID"),
        (for_another_purpose, "RECEIPT_INVALID"),
        (about_nothing_known, "RECEIPT_INVALID"),
    ],
)
def test_without_a_receipt_of_ones_own_nothing_is_attached(
    doing: Doing, customer: str, make: Callable[[Platform], a.Attachment], reason: str
) -> None:
    files = [uploaded(doing.platform, "li", 7), make(doing.platform)]
    told = refused(doing.follow_up, "li", customer, attachments=files)
    assert (told.reason, told.code) == (reason, "INVALID_ARGUMENT")
    assert told.fields == {"attachments[1]": [reason]}
    assert doing.list_follow_ups("li") == []
    assert (
        refused(doing.follow_up, "li", customer, attachments=files, validate_only=True).reason
        == reason
    )


def test_a_file_is_given_once(doing: Doing, customer: str) -> None:
    photo = uploaded(doing.platform, "li")
    told = refused(doing.follow_up, "li", customer, attachments=[photo, photo])
    assert told.fields == {"attachments[1]": ["ATTACHMENT_TWICE"]}


def test_a_receipt_opens_no_door(doing: Doing, customer: str) -> None:
    metadata = [("authorization", f"Bearer {uploaded(doing.platform, 'li').receipt}")]
    told = refused(doing.follow_ups.ListFollowUps, a.ListFollowUpsRequest(), 5.0, metadata)
    assert told.reason == "UNAUTHENTICATED"


def test_a_repetition_after_the_receipt_expired_gets_the_first_answer(
    doing: Doing, customer: str
) -> None:
    photo = uploaded(doing.platform, "li")
    asked = {"attachments": [photo], "request_id": "one"}
    first = doing.follow_up("li", customer, **asked)
    doing.platform.now += timedelta(days=1)
    assert doing.follow_up("li", customer, **asked) == first
    told = refused(doing.follow_up, "li", customer, OTHER, attachments=[photo])
    assert told.reason == "RECEIPT_EXPIRED"


def flags(found: a.FollowUp) -> list[tuple[str, str, str, str]]:
    return [(one.reason, one.clause, one.field, one.follow_up_id) for one in found.flags]


def test_whoever_completes_a_record_that_did_not_count_shows_the_same_photo(
    company: Company, doing: Doing, customer: str
) -> None:
    photo = uploaded(doing.platform, "li")
    assert not doing.follow_up("li", customer, "太短", attachments=[photo]).valid
    completed = doing.follow_up("li", customer, attachments=[photo])
    assert (completed.valid, flags(completed)) == (True, [])
    other = company.acquire("li", form(company_name(1)))
    assert flags(doing.follow_up("li", other, attachments=[photo])) != []


@pytest.mark.parametrize(
    "compared, media_type, flagged",
    [("photos", "application/pdf", 0), ("all", "application/pdf", 1), ("none", "image/jpeg", 0)],
)
def test_which_files_are_compared_is_policy(
    doing: Doing, customer: str, compared: str, media_type: str, flagged: int
) -> None:
    pack = variant(haixin(), followup__reused_attachments=compared)
    doing.platform.apply(pack, doing.platform.now)
    found = [
        doing.follow_up(
            "li",
            customer,
            content,
            attachments=[uploaded(doing.platform, "li", media_type=media_type)],
        )
        for content in (GOOD, OTHER)
    ]
    assert [len(one.flags) for one in found] == [0, flagged]


def test_services_learn_which_files_are_needed(doing: Doing, customer: str) -> None:
    photos = [uploaded(doing.platform, "li", number) for number in range(3)]
    doing.follow_up("li", customer, attachments=photos[:2])
    doing.follow_up("li", customer, "太短", attachments=photos[:1])
    ids = [photo.attachment_id for photo in photos]
    ask = a.FindAttachmentsRequest(attachment_ids=[*ids, "unknown"])
    assert set(doing.ask(doing.peers.FindAttachments, ask).attachment_ids) == set(ids[:2])
    told = refused(doing.company.call, "zhou", doing.peers.FindAttachments, ask)
    assert told.code == "PERMISSION_DENIED"
