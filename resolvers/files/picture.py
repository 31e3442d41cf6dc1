"""A picture as it came → what it is by its content, without anything but the pixels.

Nothing is decoded: the parts that make up the file are read, those that hold the pixels are kept, and all others are
left out, so that nobody learns from a photo where it was taken, when and with what. Of a JPEG only which side is up
stays, since it would lie on its side without. What follows the picture in the file is left out too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from resolvers.errors import Invalid
from resolvers.files import jpeg, png, webp
from resolvers.files.parts import Broken, Parts

LOWEST, HIGHEST, MOST_PIXELS = 16, 8_000, 40_000_000
# They are served whole, to whoever is slow too, so MAX_FILE_UPLOAD_MB does not bound them alone.
MOST_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Picture:
    """`width` and `height` in pixels, as it is to be shown."""

    content_type: str
    extension: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True)
class Kind:
    """A form of pictures; `parts` reads one, and raises Broken where it is none."""

    content_type: str
    extension: str
    begins: Callable[[bytes], bool]
    parts: Callable[[bytes], Parts]


KINDS: Final = (
    Kind("image/jpeg", "jpg", lambda content: content.startswith(b"\xff\xd8\xff"), jpeg.parts),
    Kind("image/png", "png", lambda content: content.startswith(png.SIGNATURE), png.parts),
    Kind("image/webp", "webp", lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP", webp.parts),
)


def picture(content: bytes, field: str) -> Picture:
    """Raises Invalid where the content is no JPEG, PNG or WebP, is broken, too small or too large."""
    kind = next((each for each in KINDS if each.begins(content)), None)
    if kind is None:
        raise Invalid(f"{field}: is no JPEG, PNG or WebP", field=field)
    try:
        found = kind.parts(content)
    except Broken as error:
        raise Invalid(f"{field}: the {kind.extension.upper()} is broken: {error}", field=field) from None
    _check_size(found.width, found.height, field)
    return Picture(kind.content_type, kind.extension, found.width, found.height, found.content)


def check_bytes(size: int, field: str) -> None:
    """Raises Invalid where a file is larger than any picture may be."""
    if size > MOST_BYTES:
        message = f"{field}: {size:,} bytes are more than {MOST_BYTES:,}, the most that a picture may have"
        raise Invalid(message, field=field)


def _check_size(width: int, height: int, field: str) -> None:
    if not (LOWEST <= width <= HIGHEST and LOWEST <= height <= HIGHEST):
        message = f"{field}: {width} by {height} pixels are not between {LOWEST} and {HIGHEST:,} a side"
        raise Invalid(message, field=field)
    if width * height > MOST_PIXELS:
        message = f"{field}: {width} by {height} are more than {MOST_PIXELS:,} pixels"
        raise Invalid(message, field=field)
