"""The school's logo as reports carry it: small, upright, and left out where it cannot be had."""

import io
import logging

import httpx
from PIL import Image, ImageOps

from app.file_bucket import BucketError
from app.printing.parts import Picture
from resolvers.files.picture import MOST_PIXELS
from resolvers.files.store import FileMissing, FileStore

log = logging.getLogger("schoolgraph.printing")
# Printed 27 by 18 mm, that is more than most printers can show.
SIDE = 600
QUALITY = 90
# What the library raises of pictures that are broken, depending on where they are.
BROKEN = OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError


async def fetched(store: FileStore, location: str) -> bytes | None:
    """What the store has there; None where it does not give it, which the log tells."""
    try:
        return await store.get(location)
    except (FileMissing, BucketError, httpx.HTTPError, OSError) as error:
        log.warning("a report has no logo: %s cannot be read: %s %s", location, type(error).__name__, error)
        return None


def scaled(content: bytes) -> Picture | None:
    """At most SIDE pixels a side; None where it cannot be read, which the log tells. Takes a while."""
    try:
        return _scaled(content)
    except BROKEN as error:
        log.warning("a report has no logo: the picture cannot be read: %s %s", type(error).__name__, error)
        return None


def _scaled(content: bytes) -> Picture:
    image: Image.Image
    with Image.open(io.BytesIO(content)) as image:
        form = "JPEG" if image.format == "JPEG" else "PNG"
        if image.width * image.height > MOST_PIXELS:
            raise ValueError(f"{image.width} by {image.height} are more than {MOST_PIXELS:,} pixels")
        # Of a large JPEG no more is decoded than is needed.
        image.draft("RGB", (SIDE, SIDE))
        mode = "RGBA" if image.has_transparency_data else "RGB"
        if image.mode != mode:
            image = image.convert(mode)
        image.thumbnail((SIDE, SIDE))
        image = ImageOps.exif_transpose(image)
        out = io.BytesIO()
        image.save(out, form, quality=QUALITY)
    return Picture(out.getvalue(), f"image/{form.lower()}", image.width, image.height)
