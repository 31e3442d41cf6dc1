"""WebP (RFC 9649): a RIFF file, whose chunks hold one picture in one of two codings, and what is said of it."""

import struct

from resolvers.files.parts import Broken, Parts, piece

LOSSY, LOSSLESS, EXTENDED, ALPHA = b"VP8 ", b"VP8L", b"VP8X", b"ALPH"
HAS_ALPHA, ANIMATED = 0x10, 0x02


def parts(content: bytes) -> Parts:
    """Raises Broken."""
    (length,) = struct.unpack("<I", piece(content, 4, 4))
    chunks = _chunks(piece(content, 12, length - 4) if length >= 4 else b"")
    names = [name for name, _ in chunks]
    found = dict(chunks)
    if len(found) < len(chunks) and any(names.count(name) > 1 for name in (LOSSY, LOSSLESS, EXTENDED, ALPHA)):
        raise Broken("it has a part twice")
    if (LOSSY in found) == (LOSSLESS in found):
        raise Broken("it does not have one picture")
    size = _lossy(found[LOSSY]) if LOSSY in found else _lossless(found[LOSSLESS])
    kept = [(name, found[name]) for name in (ALPHA, LOSSY, LOSSLESS) if name in found]
    if EXTENDED in found:
        kept.insert(0, (EXTENDED, _extended(found[EXTENDED], size)))
    elif ALPHA in found:
        raise Broken("it has transparency that it does not announce")
    body = b"WEBP" + b"".join(map(_written, kept))
    return Parts(*size, b"RIFF" + struct.pack("<I", len(body)) + body)


def _chunks(body: bytes) -> list[tuple[bytes, bytes]]:
    found, place = [], 0
    while place < len(body):
        name, length = struct.unpack("<4sI", piece(body, place, 8))
        found.append((name, piece(body, place + 8, length)))
        place += 8 + length + length % 2
    return found


def _written(chunk: tuple[bytes, bytes]) -> bytes:
    name, data = chunk
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _lossy(data: bytes) -> tuple[int, int]:
    head = piece(data, 0, 10)
    if head[0] & 1 or head[3:6] != b"\x9d\x01\x2a":
        raise Broken("it does not begin with a picture of its own")
    width, height = struct.unpack("<HH", head[6:])
    return width & 0x3FFF, height & 0x3FFF


def _lossless(data: bytes) -> tuple[int, int]:
    head = piece(data, 0, 5)
    (bits,) = struct.unpack("<I", head[1:])
    if head[0] != 0x2F or bits >> 29:
        raise Broken("it does not begin with a picture of its own")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _extended(data: bytes, size: tuple[int, int]) -> bytes:
    """The header of what follows, without what is left out."""
    flags, width, height = piece(data, 0, 10)[0], data[4:7], data[7:10]
    if flags & ANIMATED:
        raise Broken("it is an animation")
    if (int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1) != size:
        raise Broken("its parts have two sizes")
    return bytes([flags & HAS_ALPHA, 0, 0, 0]) + width + height
