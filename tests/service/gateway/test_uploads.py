"""Files on their way in: told apart by their content, photos written anew, the rest refused."""

import gzip
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL.ExifTags import GPS

from tests.pictures import (
    BLUE,
    CHENGDU,
    RED,
    bomb,
    encoded,
    exif,
    is_like,
    opened,
    pdf,
    photo,
    picture,
)
from tests.service.gateway.company import Web, company_on_the_web

MOST = 15 * 1024 * 1024


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[Web]:
    with company_on_the_web(folder, upload_rate="1000000/minute") as one:
        yield one


@pytest.fixture(scope="module")
def customer(web: Web) -> str:
    return web.company.acquire("li")


def kept(folder: Path, attachment: dict[str, Any], ending: str = "") -> bytes:
    """Return what lies in the store."""
    (found,) = (folder / "blobs").rglob(attachment["attachment_id"] + ending)
    return found.read_bytes()


def blobs(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "blobs").rglob("*"))


def test_a_photo_is_turned_upright_made_smaller_and_stripped(web: Web, folder: Path) -> None:
    sent = photo(2400, 1800, orientation=6)
    told = web.uploaded("li", sent, "门头 照片.JPEG")
    assert (told["width_pixels"], told["height_pixels"]) == (1200, 1600)
    assert (told["media_type"], told["file_name"]) == ("image/jpeg", "门头 照片.JPEG")
    assert told["original_sha256"] == sha256(sent).hexdigest()
    assert told["camera_time"] == "2026-03-02T10:05:00+08:00"
    assert told["camera_place"] == {
        "latitude": 30.658622,
        "longitude": 104.06485,
        "accuracy_metres": 8,
        "address": "",
    }
    assert told["upload_time"] == "2026-03-02T01:00:00Z"
    content = kept(folder, told)
    assert (sha256(content).hexdigest(), str(len(content))) == (told["sha256"], told["size_bytes"])
    image = opened(content)
    assert image.size == (1200, 1600)
    assert is_like(image.getpixel((600, 100)), RED)
    assert is_like(image.getpixel((600, 1500)), BLUE)
    assert not image.getexif()
    assert b"Secretphone" not in content
    assert b"Exif" not in content
    assert opened(kept(folder, told, ".thumb")).size == (240, 320)


def test_a_small_photo_stays_as_small(web: Web) -> None:
    told = web.uploaded("li", photo(80, 60))
    assert (told["width_pixels"], told["height_pixels"]) == (80, 60)
    assert told["file_name"] == "photo.jpg"


@pytest.mark.parametrize(
    "sent, name",
    [
        (encoded(picture(mode="RGBA"), "PNG"), "聊天截图.png"),
        (encoded(picture(mode="P"), "PNG"), "a.png"),
        (encoded(picture(mode="LA"), "PNG"), "a.png"),
        (encoded(picture(mode="I;16"), "PNG"), "a.png"),
        (encoded(picture(mode="1"), "PNG"), "a.png"),
        (encoded(picture(mode="CMYK"), "JPEG"), "a.jpg"),
        (encoded(picture(mode="L"), "JPEG"), "a.jpg"),
        (encoded(picture(mode="RGBA"), "WEBP"), "a.webp"),
        (encoded(picture(), "MPO", save_all=True, append_images=[picture(40, 30)]), "a.jpg"),
        (photo() + b"\0\0\0\x18ftypmp42 a film of the moment", "moving.jpg"),
    ],
)
def test_every_photo_becomes_a_jpeg(web: Web, folder: Path, sent: bytes, name: str) -> None:
    told = web.uploaded("li", sent, name)
    stem = name.partition(".")[0]
    assert (told["media_type"], told["file_name"]) == ("image/jpeg", f"{stem}.jpg")
    image = opened(kept(folder, told))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (80, 60))


def test_what_is_transparent_becomes_white(web: Web, folder: Path) -> None:
    image = picture(mode="RGBA")
    image.putalpha(0)
    told = web.uploaded("li", encoded(image, "PNG"))
    assert is_like(opened(kept(folder, told)).getpixel((40, 30)), (255, 255, 255))


def test_the_header_is_not_believed(web: Web) -> None:
    page = b"<!doctype html><script>alert(1)</script>"
    assert web.upload("li", page, **{"content-type": "image/jpeg"}).status_code == 415
    told = web.upload("li", photo(), "page.html", **{"content-type": "text/html"}).json()
    assert told["attachment"]["media_type"] == "image/jpeg"
    assert told["attachment"]["file_name"] == "page.jpg"


@pytest.mark.parametrize(
    "written, time, place",
    [
        ({"offset": ""}, "2026-03-02T10:05:00", True),
        ({"offset": "+99:00"}, "2026-03-02T10:05:00", True),
        ({"taken": "0000:00:00 00:00:00"}, "", True),
        ({"taken": "yesterday"}, "", True),
        ({"place": {}}, "2026-03-02T10:05:00+08:00", False),
        (
            {"place": {**CHENGDU, GPS.GPSLatitude: (0, 0, 0), GPS.GPSLongitude: (0, 0, 0)}},
            None,
            False,
        ),
        ({"place": {**CHENGDU, GPS.GPSLatitude: (91.0, 0, 0)}}, None, False),
        ({"place": {**CHENGDU, GPS.GPSLatitude: (30.0,)}}, None, False),
        ({"place": {**CHENGDU, GPS.GPSLatitudeRef: "X"}}, None, False),
        ({"place": {**CHENGDU, GPS.GPSLatitudeRef: ""}}, None, False),
    ],
)
def test_what_the_camera_says_is_told_where_it_makes_sense(
    web: Web, written: dict[str, Any], time: str | None, place: bool
) -> None:
    told = web.uploaded("li", photo(**written))
    assert told["camera_time"] == ("2026-03-02T10:05:00+08:00" if time is None else time)
    assert ("camera_place" in told) == place


def test_a_camera_in_the_south_west(web: Web) -> None:
    there = {**CHENGDU, GPS.GPSLatitudeRef: "S", GPS.GPSLongitudeRef: "W"}
    told = web.uploaded("li", photo(place=there))["camera_place"]
    assert (told["latitude"], told["longitude"]) == (-30.658622, -104.06485)


def test_damaged_exif_is_no_reason_to_refuse_a_photo(web: Web) -> None:
    broken = exif().tobytes()
    broken = broken[:20] + b"\xff" * 60 + broken[80:]
    told = web.uploaded("li", encoded(picture(), exif=broken))
    assert told["width_pixels"] == 80


def test_a_pdf_is_kept_as_it_is(web: Web, folder: Path) -> None:
    told = web.uploaded("li", pdf(), "营业执照")
    assert (told["media_type"], told["file_name"]) == ("application/pdf", "营业执照.pdf")
    assert kept(folder, told) == pdf()
    assert told["sha256"] == told["original_sha256"]
    assert (told["width_pixels"], told["camera_time"], "camera_place" in told) == (0, "", False)


def archive() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("run.class", "x" * 200)
    return content.getvalue()


def heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100


REFUSED: list[tuple[str, Callable[[], bytes], int, str]] = [
    ("nothing", lambda: b"", 400, "FILE_EMPTY"),
    ("text", "会议纪要".encode, 415, "FILE_TYPE"),
    ("a page", lambda: b"<!doctype html><script>alert(1)</script>", 415, "FILE_TYPE"),
    ("a drawing", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "FILE_TYPE"),
    ("an archive", archive, 415, "FILE_TYPE"),
    ("a program", lambda: b"MZ" + b"\0" * 200, 415, "FILE_TYPE"),
    ("a GIF", lambda: encoded(picture(mode="P"), "GIF"), 415, "FILE_TYPE"),
    ("a TIFF", lambda: encoded(picture(), "TIFF"), 415, "FILE_TYPE"),
    ("a PDF after something", lambda: b"\n" + pdf(), 415, "FILE_TYPE"),
    ("HEIC", heic, 415, "FILE_HEIC"),
    ("AVIF", lambda: encoded(picture(), "AVIF"), 415, "FILE_HEIC"),
    ("half a JPEG", lambda: photo(800, 600)[:6000], 400, "FILE_DAMAGED"),
    ("half a PNG", lambda: encoded(picture(800, 600), "PNG")[:-60], 400, "FILE_DAMAGED"),
    ("half a WebP", lambda: encoded(picture(800, 600), "WEBP")[:-40], 400, "FILE_DAMAGED"),
    ("half a PDF", lambda: pdf()[:-30], 400, "FILE_DAMAGED"),
    ("a JPEG in name", lambda: b"\xff\xd8\xff\xe0" + b"\x11" * 5000, 400, "FILE_DAMAGED"),
    ("a PNG in name", lambda: b"\x89PNG\r\n\x1a\n" + b"\x11" * 5000, 400, "FILE_DAMAGED"),
    ("a bomb", bomb, 400, "PHOTO_TOO_LARGE"),
    ("more pixels than allowed", lambda: bomb(8001, 8001), 400, "PHOTO_TOO_LARGE"),
    ("a photo with an archive", lambda: photo() + archive(), 400, "FILE_HIDES_ANOTHER"),
    ("a PDF with an archive", lambda: pdf(archive()), 400, "FILE_HIDES_ANOTHER"),
    (
        "a photo with a page",
        lambda: encoded(picture(), comment="<SCRIPT>alert(1)</SCRIPT>"),
        400,
        "FILE_HIDES_ANOTHER",
    ),
    (
        "a PDF that is a page",
        lambda: pdf().replace(b"%PDF-1.4\n", b"%PDF-1.4\n<html><body>"),
        400,
        "FILE_HIDES_ANOTHER",
    ),
    ("a photo that is a PDF", lambda: photo() + pdf(), 400, "FILE_HIDES_ANOTHER"),
]


@pytest.mark.parametrize(
    "make, status, reason", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_not_taken(
    web: Web, folder: Path, make: Callable[[], bytes], status: int, reason: str
) -> None:
    before = blobs(folder)
    answer = web.upload("li", make(), "a.jpg", **{"content-type": "image/jpeg"})
    told = answer.json()
    assert (answer.status_code, told["reason"]) == (status, reason)
    assert told["detail_zh"]
    assert told["detail_en"]
    assert blobs(folder) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"content-encoding": "gzip"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/x-www-form-urlencoded"},
    ],
)
def test_the_body_is_the_file_itself(web: Web, headers: dict[str, str]) -> None:
    answer = web.upload("li", gzip.compress(photo()), **headers)
    assert (answer.status_code, answer.json()["reason"]) == (415, "FILE_ENCODED")


@pytest.mark.parametrize("sent_in_pieces", [False, True])
def test_a_file_that_is_too_large(web: Web, folder: Path, sent_in_pieces: bool) -> None:
    before = blobs(folder)
    piece = photo() + b"\0" * (1024 * 1024)
    content: Any = (piece for _ in range(16)) if sent_in_pieces else piece * 16
    answer = web.upload("li", content)
    assert (answer.status_code, answer.json()["reason"]) == (413, "TOO_LARGE")
    assert answer.json()["figures"] == {"limit_bytes": str(MOST)}
    assert blobs(folder) == before


def test_a_file_just_small_enough(web: Web) -> None:
    told = web.uploaded("li", photo() + b"\0" * (MOST - len(photo())))
    assert told["width_pixels"] == 80


def test_nobody_uploads_unknown(web: Web) -> None:
    assert web.http.post("/v1/uploads", content=photo()).status_code == 401
    receipt = web.uploaded("li", photo())["receipt"]
    bearer = {"authorization": f"Bearer {receipt}"}
    assert web.http.post("/v1/uploads", content=photo(), headers=bearer).status_code == 401


def test_nothing_else_is_asked(web: Web) -> None:
    answer = web.http.post("/v1/uploads?folder=x", content=photo(), headers=web.bearer("li"))
    assert (answer.status_code, answer.json()["reason"]) == (400, "INVALID_REQUEST")
    assert web.upload("li", photo(), "名" * 201).status_code == 400
    assert web.http.put("/v1/uploads", headers=web.bearer("li")).status_code == 405
