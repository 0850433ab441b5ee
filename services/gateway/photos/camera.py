"""What a camera wrote into a photo: when and where it was taken. Corroborates, proves nothing."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Exif

_WRONG = (ValueError, TypeError, ZeroDivisionError, KeyError, IndexError, OverflowError)


def time_of(exif: Exif) -> str:
    """Return ISO 8601, with an offset only where the camera gives one; empty when not told."""
    try:
        fields = exif.get_ifd(IFD.Exif)
        taken = datetime.strptime(  # noqa: DTZ007 - a camera's clock tells no zone
            _text(fields[Base.DateTimeOriginal]), "%Y:%m:%d %H:%M:%S"
        )
    except _WRONG:
        return ""
    return taken.isoformat() + _offset(fields)


def place_of(exif: Exif) -> dict[str, float]:
    """Return latitude, longitude and accuracy_metres (0 when not told); empty when not told."""
    try:
        fields = exif.get_ifd(IFD.GPSInfo)
        latitude = _degrees(fields[GPS.GPSLatitude], fields[GPS.GPSLatitudeRef], "NS", 90)
        longitude = _degrees(fields[GPS.GPSLongitude], fields[GPS.GPSLongitudeRef], "EW", 180)
    except _WRONG:
        return {}
    # Cameras without a fix write zeros: nobody is visited in the Gulf of Guinea.
    if latitude == longitude == 0:
        return {}
    return {
        "latitude": latitude,
        "longitude": longitude,
        "accuracy_metres": _accuracy(fields),
    }


def _degrees(parts: Any, side: Any, sides: str, most: float) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= most:
        raise ValueError("not a place on earth")
    return round(value * (1, -1)[sides.index(_text(side).upper() or "?")], 6)


def _accuracy(fields: Mapping[int, Any]) -> float:
    try:
        metres = round(float(fields[GPS.GPSHPositioningError]), 1)
    except _WRONG:
        return 0.0
    return metres if math.isfinite(metres) and 0 <= metres <= 100_000 else 0.0


def _offset(fields: Mapping[int, Any]) -> str:
    try:
        offset = _text(fields[Base.OffsetTimeOriginal])
        moment = datetime.strptime(offset, "%z")
    except _WRONG:
        return ""
    within = abs(moment.utcoffset() or timedelta()) <= timedelta(hours=14)
    return offset if within and len(offset) == len("+08:00") else ""


def _text(value: Any) -> str:
    text = value.decode("ascii") if isinstance(value, bytes) else str(value)
    return text.strip("\0 ")
