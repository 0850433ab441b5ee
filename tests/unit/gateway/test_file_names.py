"""Names of files: nothing of a path, nothing invisible, and an ending that is true."""

import pytest

from services.gateway.domain.file_names import disposition, kept_name
from services.gateway.domain.media import Media


@pytest.mark.parametrize(
    "given, kept, name",
    [
        ("门头.jpg", Media.JPEG, "门头.jpg"),
        ("IMG 0001.JPEG", Media.JPEG, "IMG 0001.JPEG"),
        ("聊天截图.png", Media.JPEG, "聊天截图.jpg"),
        ("合同", Media.PDF, "合同.pdf"),
        ("run.exe", Media.PDF, "run.pdf"),
        ("", Media.JPEG, "photo.jpg"),
        ("", Media.PDF, "document.pdf"),
        ("../../etc/passwd", Media.JPEG, "passwd.jpg"),
        ("C:\\photos\\a.jpg", Media.JPEG, "a.jpg"),
        (" .. ", Media.PDF, "document.pdf"),
        (".jpg", Media.JPEG, "jpg.jpg"),
        ("fdp.\u202egpj.jpg", Media.JPEG, "fdp.gpj.jpg"),
        ("a\u200b\u2028b.pdf", Media.PDF, "ab.pdf"),
        ("名" * 300 + ".pdf", Media.PDF, "名" * 196 + ".pdf"),
        ("名" * 300, Media.JPEG, "名" * 196 + ".jpg"),
    ],
)
def test_what_is_kept_of_a_name(given: str, kept: Media, name: str) -> None:
    assert kept_name(given, kept) == name
    assert kept_name(name, kept) == name


def test_a_name_in_any_script_is_told() -> None:
    told = disposition("inline", 'a "b"; 门头.jpg')
    assert told == (
        'inline; filename="a _b__ __.jpg"; '
        "filename*=UTF-8''a%20%22b%22%3B%20%E9%97%A8%E5%A4%B4.jpg"
    )
