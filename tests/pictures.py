"""Photos as cameras write them, and files that only look like photos."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

RED, BLUE = (200, 30, 30), (30, 30, 200)
TAKEN = "2026:03:02 10:05:00"
CHENGDU = {
    GPS.GPSLatitudeRef: "N",
    GPS.GPSLatitude: (30.0, 39.0, 31.04),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (104.0, 3.0, 53.46),
    GPS.GPSHPositioningError: 8.0,
}


def picture(width: int = 80, height: int = 60, mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """Return the file of a picture."""
    content = BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def exif(
    orientation: int = 1,
    taken: str = TAKEN,
    offset: str = "+08:00",
    place: dict[Any, Any] | None = None,
) -> Image.Exif:
    """Return what a phone writes beside a photo."""
    written = Image.Exif()
    written[Base.Orientation] = orientation
    written[Base.Make] = "Secretphone"
    fields = written.get_ifd(IFD.Exif)
    fields[Base.DateTimeOriginal] = taken
    if offset:
        fields[Base.OffsetTimeOriginal] = offset
    written.get_ifd(IFD.GPSInfo).update(CHENGDU if place is None else place)
    return written


def photo(width: int = 80, height: int = 60, **written: Any) -> bytes:
    """Return a JPEG with what a phone writes beside it."""
    return encoded(picture(width, height), quality=95, exif=exif(**written), comment="Secretphone")


def pdf(body: bytes = b"") -> bytes:
    """Return a PDF of one empty page, or with something of its own."""
    parts = [b"%PDF-1.4\n"]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>",
    ]
    places = []
    for number, content in enumerate(objects, 1):
        places.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj%s endobj\n" % (number, content))
    parts.append(body)
    start = sum(map(len, parts))
    parts.append(b"xref\n0 4\n0000000000 65535 f \n")
    parts += [b"%010d 00000 n \n" % place for place in places]
    parts.append(b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start)
    return b"".join(parts)


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a small PNG that unfolds to gigabytes."""
    rows = zlib.compressobj(9)
    row = b"\0" * (1 + width * 3)
    data = b"".join(rows.compress(row) for _ in range(50)) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def opened(content: bytes) -> Image.Image:
    """Return the picture in a file, decoded."""
    image = Image.open(BytesIO(content))
    image.load()
    return image


def is_like(pixel: Any, colour: tuple[int, int, int]) -> bool:
    """Whether a pixel has the colour, but for what JPEG does to it."""
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))


Maker = Callable[[], bytes]
