"""A logo for each demo school and photos of some of its students: plain drawings, so that there are some to look at.

They are set by the server's own means, which keep them where the settings say.
"""

import hashlib
import io
import struct
import zlib
from collections.abc import Callable, Sequence

import asyncpg

from app.database import Database
from app.demo.plan import ZONE
from app.settings import Settings
from app.urls import Urls, asyncpg_url
from models import Role
from resolvers.files.changes import LOGOS, STUDENT_PHOTOS
from resolvers.upload import Upload
from resolvers.viewer import Viewer

TIMEOUT = 60.0
SIDE, PHOTOS = 96, 12
COLOURS = [(198, 93, 87), (87, 132, 198), (94, 160, 108), (176, 122, 186), (206, 158, 74), (84, 160, 170)]
LIGHT = (246, 240, 230)
PEOPLE = """
SELECT i.id AS institution, u.id AS admin, p.id AS profile, p.version,
       ARRAY(SELECT s.id FROM student s WHERE s.institution_id = i.id AND s.status = 'ACTIVE'
             ORDER BY s.student_number LIMIT $2) AS students
  FROM institution i
  JOIN app_user u ON u.institution_id = i.id AND u.username = 'admin'
  JOIN school_profile p ON p.institution_id = i.id
 WHERE i.code = ANY ($1) AND p.logo_id IS NULL
"""
Shape = Callable[[int, int], bool]


def face(x: int, y: int) -> bool:
    """A head over shoulders."""
    return (x - 48) ** 2 + (y - 38) ** 2 < 20**2 or (x - 48) ** 2 / 38**2 + (y - 96) ** 2 / 32**2 < 1


def house(x: int, y: int) -> bool:
    """A roof over walls with a door."""
    return (20 <= y < 46 and abs(x - 48) < 1.4 * (y - 18)) or (46 <= y < 80 and 20 <= x < 76 and not 42 <= x < 54)


def drawing(shape: Shape, number: int) -> bytes:
    """The shape in a colour of that number, as a PNG."""
    dark = bytes(COLOURS[number % len(COLOURS)])
    rows = (b"\0" + b"".join(bytes(LIGHT) if shape(x, y) else dark for x in range(SIDE)) for y in range(SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _upload(content: bytes) -> Upload:
    return Upload("drawing.png", len(content), hashlib.sha256(content).digest(), io.BytesIO(content))


async def _people(urls: Urls, codes: Sequence[str]) -> list[asyncpg.Record]:
    connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(asyncpg_url(urls.owner or ""))
    try:
        return await connection.fetch(PEOPLE, codes, PHOTOS)
    finally:
        await connection.close()


async def give_pictures(urls: Urls, settings: Settings, codes: Sequence[str]) -> None:
    """Set the logo of each school that has none, and photos of its first students."""
    database = await Database.open(urls, settings)
    try:
        for place, found in enumerate(await _people(urls, codes)):
            viewer = Viewer(found["admin"], found["institution"], frozenset({Role.ADMIN}), ZONE, 0)
            async with database.context(viewer, request_id="demo", timeout=TIMEOUT) as context:
                logo = _upload(drawing(house, place))
                await LOGOS.set(context, id=found["profile"], version=found["version"], logo=logo)
                for number, student in enumerate(found["students"]):
                    photo = _upload(drawing(face, number))
                    await STUDENT_PHOTOS.set(context, id=student, version=1, photo=photo)
    finally:
        await database.close()
