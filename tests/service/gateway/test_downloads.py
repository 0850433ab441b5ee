"""Files of follow-ups on their way out: to those who see the follow-up, and to nobody else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pictures import opened, pdf, photo
from tests.service.gateway.company import Web, company_on_the_web

VARYING = {"trace_id"}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with company_on_the_web(tmp_path_factory.mktemp("downloads")) as one:
        yield one


@pytest.fixture(scope="module")
def customer(web: Web) -> str:
    return web.company.acquire("li")


@pytest.fixture(scope="module")
def files(web: Web) -> tuple[dict[str, Any], dict[str, Any]]:
    """A photo and a paper of Li's."""
    licence = web.uploaded("li", pdf(), '营业"执照".pdf')
    return web.uploaded("li", photo(2000, 1000), "门头.jpg"), licence


@pytest.fixture(scope="module")
def follow_up(web: Web, customer: str, files: tuple[dict[str, Any], dict[str, Any]]) -> str:
    found = web.recorded("li", customer, *files)
    assert [one["receipt"] for one in found["attachments"]] == ["", ""]
    for shown, sent in zip(found["attachments"], files, strict=True):
        assert shown | {"receipt": sent["receipt"]} == sent
    return str(found["follow_up_id"])


def test_a_photo_is_shown(web: Web, follow_up: str, files: Any) -> None:
    for who in ("li", "sun", "zhou"):
        answer = web.download(who, follow_up, files[0]["attachment_id"])
        assert answer.status_code == 200
        assert len(answer.content) == int(answer.headers["content-length"])
        assert str(len(answer.content)) == files[0]["size_bytes"]
        assert opened(answer.content).size == (1600, 800)
    told = answer.headers
    assert told["content-type"] == "image/jpeg"
    assert told["x-content-type-options"] == "nosniff"
    assert told["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert told["cache-control"] == "private, no-cache"
    assert told["vary"] == "authorization"
    assert told["content-disposition"] == (
        "inline; filename=\"__.jpg\"; filename*=UTF-8''%E9%97%A8%E5%A4%B4.jpg"
    )


def test_a_paper_is_saved_and_not_shown(web: Web, follow_up: str, files: Any) -> None:
    answer = web.download("li", follow_up, files[1]["attachment_id"])
    assert answer.content == pdf()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith('attachment; filename="______.pdf"; ')


def test_a_small_picture(web: Web, follow_up: str, files: Any) -> None:
    answer = web.download("li", follow_up, files[0]["attachment_id"], "thumb")
    assert opened(answer.content).size == (320, 160)
    assert len(answer.content) < 30_000
    assert web.download("li", follow_up, files[1]["attachment_id"], "thumb").status_code == 404
    assert web.download("li", follow_up, files[0]["attachment_id"], "huge").status_code == 400


def test_what_the_browser_has_is_not_sent_again(web: Web, follow_up: str, files: Any) -> None:
    which = (follow_up, files[0]["attachment_id"])
    etag = web.download("li", *which).headers["etag"]
    small = web.download("li", *which, "thumb").headers["etag"]
    assert etag != small
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = web.download("li", *which, **{"if-none-match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
        assert answer.headers["cache-control"] == "private, no-cache"
    assert web.download("li", *which, **{"if-none-match": small}).status_code == 200
    assert web.download("wang", *which, **{"if-none-match": etag}).status_code == 404


def without_chance(answer: Any) -> tuple[int, dict[str, Any], set[str]]:
    body = {key: value for key, value in answer.json().items() if key not in VARYING}
    return answer.status_code, body, set(answer.headers) - {"date"}


def test_another_reps_file_is_refused_like_one_that_does_not_exist(
    web: Web, follow_up: str, files: Any
) -> None:
    photo_id = files[0]["attachment_id"]
    missing = without_chance(web.download("wang", "no-such-follow-up", photo_id))
    assert (missing[0], missing[1]["reason"]) == (404, "NO_SUCH_FILE")
    for size in ("", "thumb"):
        assert without_chance(web.download("wang", follow_up, photo_id, size)) == missing
        assert without_chance(web.download("wang", follow_up, "no-such-file", size)) == missing
    assert web.http.get(f"/v1/followUps/{follow_up}/attachments/{photo_id}").status_code == 401


def test_a_file_is_found_by_its_own_follow_up_only(
    web: Web, customer: str, follow_up: str, files: Any
) -> None:
    other = web.recorded("li", customer, content="第二次上门确认了付款时间和开票的信息")
    answer = web.download("li", other["follow_up_id"], files[0]["attachment_id"])
    assert answer.json()["reason"] == "NO_SUCH_FILE"
    assert web.download("li", follow_up, "../../etc/passwd").status_code == 404


def test_whoever_takes_a_customer_over_sees_its_files(
    web: Web, follow_up: str, customer: str, files: Any
) -> None:
    web.company.platform.hire("ma", "马总", ["manager"])
    assert web.download("ma", follow_up, files[0]["attachment_id"]).status_code == 200


def test_a_receipt_of_a_colleague_is_refused(web: Web, customer: str) -> None:
    answer = web.record("li", customer, web.uploaded("wang", photo(90, 60)))
    assert (answer.status_code, answer.json()["reason"]) == (400, "RECEIPT_NOT_YOURS")
    assert answer.json()["errors"][0]["pointer"] == "#/attachments/0"


def test_the_same_photo_is_seen_again(web: Web, customer: str) -> None:
    sent = photo(100, 60)
    first = web.recorded(
        "li", customer, web.uploaded("li", sent), content="第三次上门谈了价格和合同的条款"
    )
    again = web.recorded(
        "li", customer, web.uploaded("li", sent), content="电话回访确认了下周二的见面安排"
    )
    (flag,) = again["flags"]
    assert (flag["reason"], flag["follow_up_id"]) == ("ATTACHMENT_REUSED", first["follow_up_id"])


def test_files_lie_where_they_belong(web: Web, files: Any) -> None:
    place = Path(web.parts.settings.blobs)
    for one in files:
        sha = one["sha256"]
        assert (place / sha[:2] / sha / one["attachment_id"]).is_file()
