"""PNG (ISO/IEC 15948): a signature, then chunks, each with its length, name and checksum."""

import struct
import zlib

from resolvers.files.parts import Broken, Parts, piece

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What makes the pixels; of an animation only its first picture is left.
KEPT = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND"}
# Bits of a sample that each kind of colour may have.
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


def parts(content: bytes) -> Parts:
    """Raises Broken."""
    kept, names, size, place = [SIGNATURE], set[bytes](), None, len(SIGNATURE)
    while b"IEND" not in names:
        name, data, chunk = _chunk(content, place)
        if (name == b"IHDR") != (size is None):
            raise Broken("it does not begin with its size")
        if size is None:
            size = _size(data)
        if name in KEPT:
            kept.append(chunk)
        elif not name[0] & 0x20:
            raise Broken(f"its chunk {name.decode('ascii', 'replace')} is not known")
        names.add(name)
        place += len(chunk)
    if size is None or b"IDAT" not in names:
        raise Broken("it has no pixels")
    return Parts(*size, b"".join(kept))


def _chunk(content: bytes, place: int) -> tuple[bytes, bytes, bytes]:
    """Name, data and the whole of the chunk at a place."""
    length, name = struct.unpack(">I4s", piece(content, place, 8))
    if length > len(content):
        raise Broken("it ends too early")
    chunk = piece(content, place, 12 + length)
    data = chunk[8:-4]
    if zlib.crc32(name + data) != struct.unpack(">I", chunk[-4:])[0]:
        raise Broken("a checksum is wrong")
    return name, data, chunk


def _size(header: bytes) -> tuple[int, int]:
    if len(header) != 13:
        raise Broken("its header has another length")
    width, height, depth, colour, packing, filtering, interlacing = struct.unpack(">IIBBBBB", header)
    if depth not in DEPTHS.get(colour, ()) or packing or filtering or interlacing > 1:
        raise Broken("its header says what there is not")
    return width, height
