"""What is a picture, by its content, and what is left of one."""

import struct
import zlib

import pytest

from resolvers.errors import Invalid
from resolvers.files.picture import picture
from tests.files.samples import (
    ANIMATED,
    CMYK,
    JPEG,
    LOSSLESS,
    PNG,
    PROGRESSIVE,
    SAID,
    TRANSPARENT,
    WEBP,
    chunk,
    png,
)

GOOD = {
    "JPEG": (JPEG, "image/jpeg", (24, 32)),
    "progressive": (PROGRESSIVE, "image/jpeg", (32, 24)),
    "PNG": (PNG, "image/png", (32, 24)),
    "WebP": (WEBP, "image/webp", (32, 24)),
    "lossless": (LOSSLESS, "image/webp", (32, 24)),
    "transparent": (TRANSPARENT, "image/webp", (32, 24)),
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def scan(jpeg: bytes) -> bytes:
    """The coded pixels: from the first start of scan to the end."""
    return jpeg[jpeg.index(b"\xff\xda") : jpeg.index(b"\xff\xd9") + 2]


@pytest.mark.parametrize(("content", "content_type", "size"), GOOD.values(), ids=GOOD)
def test_a_picture(content: bytes, content_type: str, size: tuple[int, int]) -> None:
    found = picture(content, "photo")
    assert (found.content_type, (found.width, found.height)) == (content_type, size)
    assert SAID not in found.content
    again = picture(found.content, "photo")
    assert again == found


@pytest.mark.parametrize("content", [JPEG, PNG, WEBP], ids=["JPEG", "PNG", "WebP"])
def test_the_samples_say_what_is_to_be_left_out(content: bytes) -> None:
    assert SAID in content


def test_of_a_jpeg_the_pixels_stay_and_which_side_is_up() -> None:
    found = picture(JPEG, "photo").content
    assert scan(found) == scan(JPEG)
    assert found[2:4] == b"\xff\xe1"
    exif = found[4 : 4 + struct.unpack(">H", found[4:6])[0]]
    assert exif[2:] == b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    assert found.count(b"Exif") == 1
    assert b"Exif" not in picture(PROGRESSIVE, "photo").content


def test_of_a_png_the_parts_of_the_picture_stay() -> None:
    assert picture(PNG, "photo").content == png()


@pytest.mark.parametrize(
    "content",
    [b"", b"x", SVG, b"GIF89a" + bytes(100), b"%PDF-1.7", b"\xff\xd8", b"RIFF\0\0\0\0WAVE", b"\0\0\0\x18ftypheic"],
    ids=["nothing", "text", "SVG", "GIF", "PDF", "start", "sound", "HEIC"],
)
def test_no_picture(content: bytes) -> None:
    with pytest.raises(Invalid, match=r"^photo: is no JPEG, PNG or WebP$") as caught:
        picture(content, "photo")
    assert caught.value.field == "photo"


@pytest.mark.parametrize("content", [content for content, *_ in GOOD.values()], ids=GOOD)
def test_no_beginning_of_a_picture_is_one(content: bytes) -> None:
    whole = picture(content, "photo").content
    for length in range(len(whole)):
        with pytest.raises(Invalid):
            picture(whole[:length], "photo")


BROKEN = {
    "a page behind the signature": (b"\x89PNG\r\n\x1a\n<html>" + bytes(50), "it ends too early"),
    "a wrong checksum": (PNG.replace(b"IDAT", b"IDAU"), "a checksum is wrong"),
    "pixels before the size": (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
        "it does not begin with its size",
    ),
    "no pixels": (png()[: 8 + 25] + chunk(b"IEND", b""), "it has no pixels"),
    "a part that must be known": (png(more=chunk(b"ZETA", b"")), "its chunk ZETA is not known"),
    "a length beyond the end": (png()[:33] + struct.pack(">I", 2**31) + b"IDAT" + bytes(9), "it ends too early"),
    "colours that there are not": (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 24, 3, 7, 0, 0, 0)),
        "its header says what there is not",
    ),
    "two frames": (JPEG[:2] + JPEG[JPEG.index(b"\xff\xc0") : JPEG.index(b"\xff\xc4")] + JPEG[2:], "it has two frames"),
    "printing": (CMYK, "its pixels are neither grey nor coloured in 8 bits"),
    "no marker": (JPEG[:2] + b"\xff\xdb\0\x02<html>", "there is no marker where one must be"),
    "another coding": (JPEG[:2] + b"\xff\xcc\0\x02" + JPEG[2:], "its segment CC is not shown by browsers"),
    "an animation": (ANIMATED, "it does not have one picture"),
    "two sizes": (
        TRANSPARENT.replace(b"\x1f\0\0\x17\0\0", b"\x2f\0\0\x17\0\0", 1),
        "its parts have two sizes",
    ),
}


@pytest.mark.parametrize(("content", "why"), BROKEN.values(), ids=BROKEN)
def test_a_broken_picture(content: bytes, why: str) -> None:
    with pytest.raises(Invalid) as caught:
        picture(content, "logo")
    assert caught.value.message.startswith("logo: the ")
    assert caught.value.message.endswith(f" is broken: {why}")


@pytest.mark.parametrize(
    ("width", "height", "why"),
    [
        (15, 16, "15 by 16 pixels are not between 16 and 8,000 a side"),
        (16, 8001, "16 by 8001 pixels are not between 16 and 8,000 a side"),
        (8000, 5001, "8000 by 5001 are more than 40,000,000 pixels"),
        (0, 0, "0 by 0 pixels are not between 16 and 8,000 a side"),
    ],
)
def test_sizes(width: int, height: int, why: str) -> None:
    """By what the header says: pixels that would take up all memory are never unpacked."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    content = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    with pytest.raises(Invalid, match=why):
        picture(content, "photo")


def test_the_largest_and_the_smallest() -> None:
    for size in ((16, 16), (8000, 5000)):
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0))
        content = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
        assert (picture(content, "photo").width, picture(content, "photo").height) == size
