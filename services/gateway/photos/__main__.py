"""Writes one photo anew: `python -m services.gateway.photos FOLDER SIDE THUMB_SIDE MAX_PIXELS`.

Reads `FOLDER/original`, writes `FOLDER/photo.jpg` and `FOLDER/thumb.jpg`, prints one JSON
object: width, height, camera_time, camera_place; or `refused` with the reason's code.
"""

import json
import os
import resource
import sys
import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from services.gateway.photos.camera import place_of, time_of

MOST_MEMORY = 1536 * 1024 * 1024
MOST_SECONDS = 30
MOST_WRITTEN = 64 * 1024 * 1024
QUALITY = {"photo.jpg": 85, "thumb.jpg": 80}
FORMATS = ("JPEG", "PNG", "WEBP")
WHITE = (255, 255, 255)
_DAMAGED = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError)
"""What the library raises on damaged and hostile files."""


def limit() -> None:
    """Bound what this process may take, whatever the photo does to it; requests go first."""
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def write_anew(folder: Path, side: int, thumb_side: int) -> dict[str, object]:
    """Write both pictures; return what is to be told of the original."""
    with Image.open(folder / "original", formats=FORMATS) as image:
        exif = image.getexif()
        told: dict[str, object] = {
            "camera_time": time_of(exif),
            "camera_place": place_of(exif),
        }
        # With no gap the decoder itself makes the picture smaller, where it can: half the time.
        image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=1.0)
        upright = ImageOps.exif_transpose(image)
        photo = _plain(upright)
    told |= {"width": photo.width, "height": photo.height}
    _save(photo, folder, "photo.jpg")
    photo.thumbnail((thumb_side, thumb_side), Image.Resampling.LANCZOS)
    _save(photo, folder, "thumb.jpg")
    return told


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in sRGB, what is transparent being white."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        image = Image.new("RGB", image.size, WHITE)
        image.paste(layered, mask=layered.getchannel("A"))
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            wanted = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, wanted, outputMode="RGB")
            image = converted or image
        except ImageCms.PyCMSError:
            pass
    return image.convert("RGB")


def _save(photo: Image.Image, folder: Path, name: str) -> None:
    """Write the pixels alone: a picture that was copied carries what stood beside them."""
    bare = Image.frombytes("RGB", photo.size, photo.tobytes())
    bare.save(folder / name, "JPEG", quality=QUALITY[name], optimize=True)


def main(folder: str, side: str, thumb_side: str, most_pixels: str) -> int:
    """Write the photo anew, or say why not."""
    limit()
    Image.MAX_IMAGE_PIXELS = int(most_pixels)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        told = write_anew(Path(folder), int(side), int(thumb_side))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        told = {"refused": "PHOTO_TOO_LARGE"}
    except _DAMAGED:
        told = {"refused": "FILE_DAMAGED"}
    sys.stdout.write(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
