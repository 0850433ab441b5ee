"""What a file is, by its bytes. Names and headers are not believed."""

from enum import StrEnum

EDGE = 64 * 1024
"""How many bytes of each end of a file are looked at."""
_SNIFFED = 1024
"""Where programs that guess look for what a file is."""
_PAGES = (b"<!doctype html", b"<html", b"<script", b"<iframe", b"<svg", b"<?php")
_ARCHIVE = (b"PK\x01\x02", b"PK\x05\x06")
"""What a ZIP or JAR file ends with, whatever it begins with."""
_APPLE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")


class Media(StrEnum):
    """What is taken."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"

    @property
    def is_photo(self) -> bool:
        """Whether it is written anew as a JPEG; anything else is kept as it is."""
        return self is not Media.PDF


def recognise(head: bytes) -> Media | None:
    """Return what a file that begins like this is; None for what is not taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return Media.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Media.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Media.WEBP
    return Media.PDF if head.startswith(b"%PDF-") else None


def is_heic(head: bytes) -> bool:
    """Whether a file is a photo as new phones keep it (HEIC, AVIF), which is not taken."""
    return head[4:8] == b"ftyp" and head[8:12] in _APPLE_BRANDS


def is_cut_off(media: Media, tail: bytes) -> bool:
    """Whether a PDF lacks its end. Of photos only decoding tells."""
    end = tail[-_SNIFFED:]
    return media is Media.PDF and (b"%%EOF" not in end or b"startxref" not in tail)


def hides_another(media: Media, head: bytes, tail: bytes) -> bool:
    """Whether other programs would take the file for something else: a page, an archive, a PDF."""
    if all(mark in tail for mark in _ARCHIVE):
        return True
    looked_at = (head[:_SNIFFED] if media is Media.PDF else head + tail).lower()
    if any(mark in looked_at for mark in _PAGES):
        return True
    return media.is_photo and b"%pdf-" in looked_at
