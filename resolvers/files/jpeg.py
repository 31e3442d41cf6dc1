"""JPEG (ITU-T T.81): markers, each with a segment; behind a start of scan the coded pixels up to the next marker."""

import re
import struct

from resolvers.files.parts import Broken, Parts, piece

START, END, SCAN = 0xD8, 0xD9, 0xDA
# Frames of baseline, extended and progressive coding: what browsers show.
FRAMES = {0xC0, 0xC1, 0xC2}
# Tables, frames, scans and restart intervals; of the segments of applications only what says how colours are coded.
TABLES = {0xC4, 0xDB, 0xDD}
ADOBE = 0xEE, b"Adobe"
EXIF = 0xE1, b"Exif\0\0"
ORIENTATION, ON_ITS_SIDE = 0x0112, range(5, 9)
# In coded pixels FF is followed by 00, or by one of eight marks that belong to them.
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")


def parts(content: bytes) -> Parts:
    """Raises Broken."""
    kept, size, scans, upright, place = [b"\xff\xd8"], None, 0, 1, 2
    while True:
        marker, place = _marker(content, place)
        if marker == END:
            break
        segment = _segment(content, place)
        place += 2 + len(segment)
        written = b"\xff" + bytes([marker]) + struct.pack(">H", 2 + len(segment)) + segment
        if marker in FRAMES:
            if size is not None:
                raise Broken("it has two frames")
            size = _size(segment)
            kept.append(written)
        elif marker == SCAN:
            if size is None:
                raise Broken("it has pixels before their size")
            end = _end_of_scan(content, place)
            kept.append(written + content[place:end])
            place, scans = end, scans + 1
        elif marker in TABLES or (marker == ADOBE[0] and segment.startswith(ADOBE[1])):
            kept.append(written)
        elif marker == EXIF[0] and segment.startswith(EXIF[1]):
            upright = _orientation(segment[len(EXIF[1]) :])
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            raise Broken(f"its segment {marker:02X} is not shown by browsers")
    if size is None or not scans:
        raise Broken("it has no pixels")
    if upright != 1:
        kept.insert(1, _exif(upright))
    width, height = size[::-1] if upright in ON_ITS_SIDE else size
    return Parts(width, height, b"".join(kept) + b"\xff\xd9")


def _marker(content: bytes, place: int) -> tuple[int, int]:
    """The marker at a place, and the place behind it; any number of FF may stand before one."""
    if piece(content, place, 2)[0] != 0xFF:
        raise Broken("there is no marker where one must be")
    while piece(content, place, 2)[1] == 0xFF:
        place += 1
    return content[place + 1], place + 2


def _segment(content: bytes, place: int) -> bytes:
    (length,) = struct.unpack(">H", piece(content, place, 2))
    if length < 2:
        raise Broken("a segment is shorter than its length")
    return piece(content, place + 2, length - 2)


def _size(segment: bytes) -> tuple[int, int]:
    precision, height, width, components = struct.unpack(">BHHB", piece(segment, 0, 6))
    if precision != 8 or components not in (1, 3) or len(segment) != 6 + 3 * components:
        raise Broken("its pixels are neither grey nor coloured in 8 bits")
    return width, height


def _end_of_scan(content: bytes, place: int) -> int:
    found = _MARKER.search(content, place)
    if found is None:
        raise Broken("it ends too early")
    return found.start()


def _orientation(tiff: bytes) -> int:
    """Which side is up, 1 to 8, by EXIF; 1 where that says nothing."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    (start,) = struct.unpack(f"{order}I", tiff[4:8])
    for place in range(start + 2, min(start + 2 + 12 * 100, len(tiff) - 11), 12):
        tag, kind, count, value = struct.unpack(f"{order}HHIH", tiff[place : place + 10])
        if (tag, kind, count) == (ORIENTATION, 3, 1):
            return value if 1 <= value <= 8 else 1
    return 1


def _exif(orientation: int) -> bytes:
    """A segment that says nothing but which side is up."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    return b"\xff\xe1" + struct.pack(">H", 2 + len(EXIF[1]) + len(tiff)) + EXIF[1] + tiff
