"""The school's logo stands at the head of every sheet, in whatever form it was uploaded."""

import base64
import datetime
import hashlib
import io
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from pypdf import PdfReader
from reportlab.lib.utils import ImageReader
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.file_bucket import BucketError
from app.file_folder import FileFolder
from app.printing import pdf_blocks
from app.printing.logo import fetched, scaled
from app.printing.wanted import Format, Kind
from models import Role, SchoolProfile, StoredFile
from resolvers.files.png import SIGNATURE as PNG_BEGINS
from resolvers.files.store import FileMissing
from tests.conftest import School
from tests.factories import gid
from tests.files.samples import JPEG, PNG, WEBP, chunk, png
from tests.printing.conftest import Print
from tests.printing.reading import Reading
from tests.reports.worked_school import HAND, WorkedSchool, worked_school

FORMS = {"PNG": "RGBA", "JPEG": "RGB", "WEBP": "RGBA"}


def drawn(form: str, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new(FORMS[form], size, (31, 95, 139)).save(out, form)
    return out.getvalue()


async def keep(session: AsyncSession, school: School, folder: Path, form: str, size: tuple[int, int]) -> bytes:
    content = drawn(form, size)
    digest = hashlib.sha256(content).digest()
    location = f"{school.id}/{digest.hex()}"
    await FileFolder(folder).put(location, content, f"image/{form.lower()}")
    file = StoredFile(
        institution_id=school.id,
        name="logo",
        content_type=f"image/{form.lower()}",
        size=len(content),
        width=size[0],
        height=size[1],
        sha256=digest,
        location=location,
    )
    session.add(file)
    await session.flush()
    of = SchoolProfile.institution_id == school.id
    await session.execute(update(SchoolProfile).where(of).values(logo_id=file.id))
    return content


def only_file(folder: Path) -> Path:
    (path,) = [path for path in folder.rglob("*") if path.is_file()]
    return path


def pictures(html: bytes) -> list[bytes]:
    """The pictures that an HTML file has in itself."""
    found = [given.get("href") or given.get("src") or "" for _, given in Reading(html).tags]
    return [base64.b64decode(each.partition(";base64,")[2]) for each in found if each.startswith("data:image/")]


@pytest.fixture
async def made(session: AsyncSession, school: School) -> WorkedSchool:
    return await worked_school(session, school)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [(300, 40), (40, 300)], ids=["wide", "tall"])
async def test_the_logo_is_on_every_sheet(
    prints: Print,
    session: AsyncSession,
    school: School,
    made: WorkedSchool,
    tmp_path: Path,
    form: str,
    size: tuple[int, int],
) -> None:
    await keep(session, school, tmp_path, form, size)
    of = {"course": gid(made.unmarked), "semester": gid(made.semester)}
    found = await prints(Kind.CARD, viewer=school.viewer(Role.REPORTER), files=tmp_path, **of)
    (picture,) = pictures(found.written(Format.HTML))
    with Image.open(io.BytesIO(picture)) as image:
        assert (image.size, image.format) == (size, "JPEG" if form == "JPEG" else "PNG")
    (page,) = PdfReader(io.BytesIO(found.written(Format.PDF))).pages
    (shown,) = page.images
    assert shown.image is not None
    assert shown.image.size == size
    assert found.students == {made.students["Gita"].id}


async def test_a_file_has_the_logo_once_and_small(
    monkeypatch: pytest.MonkeyPatch,
    prints: Print,
    session: AsyncSession,
    school: School,
    made: WorkedSchool,
    tmp_path: Path,
) -> None:
    readers: list[object] = []

    class Counted(ImageReader):
        def __init__(self, source: object) -> None:
            readers.append(source)
            super().__init__(source)

    await keep(session, school, tmp_path, "PNG", (2400, 1200))
    found = await prints(Kind.CARD, files=tmp_path, course=gid(made.course), semester=gid(made.semester))
    html = found.written(Format.HTML)
    (picture,) = pictures(html)
    with Image.open(io.BytesIO(picture)) as image:
        assert image.size == (600, 300)
    assert [given for tag, given in Reading(html).tags if tag == "use"] == [{"href": "#logo"}] * len(HAND)

    monkeypatch.setattr(pdf_blocks, "ImageReader", Counted)
    read = PdfReader(io.BytesIO(found.written(Format.PDF)))
    assert [len(page.images) for page in read.pages] == [1] * len(HAND)
    assert len(readers) == 1
    assert {image.image.size for page in read.pages for image in page.images if image.image} == {(600, 300)}


def test_a_picture_on_its_side_is_set_upright() -> None:
    picture = scaled(JPEG)
    assert picture is not None
    assert (picture.width, picture.height, picture.media_type) == (24, 32, "image/jpeg")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGB", "RGBA"])
def test_a_picture_of_any_colours(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (900, 300)).save(out, "PNG")
    picture = scaled(out.getvalue())
    assert picture is not None
    assert (picture.width, picture.height, picture.media_type) == (600, 200, "image/png")


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 7_000, 7_000, 8, 0, 0, 0, 0))
BROKEN = {
    "nothing": b"",
    "no pixels": PNG_BEGINS + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)) + chunk(b"IEND", b""),
    "cut off": PNG[:-40],
    "wrong pixels": png(more=chunk(b"IDAT", b"these are none")),
    "half a JPEG": JPEG[:700],
    "half a WebP": WEBP[:150],
    "too many pixels": PNG_BEGINS + HEADER + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_picture_is_told_once_and_left_out(caplog: pytest.LogCaptureFixture, content: bytes) -> None:
    assert scaled(content) is None
    assert [record.name for record in caplog.records] == ["schoolgraph.printing"]


class Failing:
    """A store that gives nothing."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def get(self, location: str) -> bytes:
        raise self.error

    async def put(self, location: str, content: bytes, content_type: str) -> None:
        return None

    async def remove(self, location: str) -> None:
        return None

    def left(self, institution_id: int, before: datetime.datetime) -> AsyncIterator[str]:
        raise self.error

    async def close(self) -> None:
        return None


FAILURES = FileMissing("7/x"), BucketError("GET 7/x: 503"), httpx.ConnectTimeout("slow"), PermissionError("not yours")


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
async def test_a_store_that_does_not_give_the_logo_is_told_once(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    assert await fetched(Failing(error), "7/x") is None
    (record,) = caplog.records
    assert type(error).__name__ in record.getMessage()


@pytest.mark.parametrize("broken", [None, BROKEN["wrong pixels"]], ids=["lost", "broken"])
async def test_a_report_is_printed_without_a_logo_that_cannot_be_had(
    prints: Print,
    session: AsyncSession,
    school: School,
    made: WorkedSchool,
    tmp_path: Path,
    broken: bytes | None,
) -> None:
    await keep(session, school, tmp_path, "PNG", (64, 64))
    path = only_file(tmp_path)
    if broken is None:
        path.unlink()
    else:
        path.write_bytes(broken)
    of = {"course": gid(made.unmarked), "semester": gid(made.semester)}
    found = await prints(Kind.CARD, viewer=school.viewer(Role.REPORTER), files=tmp_path, **of)
    assert pictures(found.written(Format.HTML)) == []
    (page,) = PdfReader(io.BytesIO(found.written(Format.PDF))).pages
    assert "Gita" in page.extract_text()
    assert len(page.images) == 0
