"""The school's logo stands at the head of every sheet, in whatever form it was uploaded."""

import base64
import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.file_folder import FileFolder
from app.printing.report import Format, Kind
from models import Role, SchoolProfile, StoredFile
from tests.conftest import School
from tests.factories import gid
from tests.printing.conftest import Print
from tests.printing.reading import Reading
from tests.reports.worked_school import worked_school

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


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [(300, 40), (40, 300)], ids=["wide", "tall"])
async def test_the_logo_is_on_every_sheet(
    prints: Print, session: AsyncSession, school: School, tmp_path: Path, form: str, size: tuple[int, int]
) -> None:
    made = await worked_school(session, school)
    content = await keep(session, school, tmp_path, form, size)
    of = {"course": gid(made.unmarked), "semester": gid(made.semester)}
    found = await prints(Kind.CARD, viewer=school.viewer(Role.REPORTER), files=tmp_path, **of)
    sources = [given["src"] for tag, given in Reading(found.written(Format.HTML)).tags if tag == "img"]
    assert sources == [f"data:image/{form.lower()};base64,{base64.b64encode(content).decode()}"]
    (page,) = PdfReader(io.BytesIO(found.written(Format.PDF))).pages
    (picture,) = page.images
    assert picture.image is not None
    assert picture.image.size == size
    assert found.students == {made.students["Gita"].id}
