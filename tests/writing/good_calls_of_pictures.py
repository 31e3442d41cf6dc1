"""Good calls about photos and the logo: see `tests/writing/good_calls.py`."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from tests import factories as make
from tests.factories import gid
from tests.files.samples import JPEG, upload
from tests.writing.calls import Call, Input, Made, on
from tests.writing.good_calls_of_settings import profile


async def _student(session: AsyncSession, school: Any) -> Any:
    return await make.create_student(session, school)


def _on_a_picture(made: Callable[..., Awaitable[Any]], column: str) -> Made:
    """A record that has a picture."""

    async def with_picture(session: AsyncSession, school: Any) -> Any:
        row = await made(session, school)
        file = await make.create_file(session, school)
        table = type(row).__table__
        pointed = update(table).where(table.c.institution_id == school.id, table.c.id == row.id)
        await session.execute(pointed.values(**{column: file.id}))
        return row

    return with_picture


def _with(made: Callable[..., Awaitable[Any]], field: str) -> Call:
    async def call(session: AsyncSession, school: Any) -> Input:
        return {"id": gid(await made(session, school)), "version": 1, field: upload(JPEG)}

    return call


CALLS_OF_PICTURES: Mapping[str, Call] = {
    "setStudentPhoto": _with(_student, "photo"),
    "clearStudentPhoto": on(_on_a_picture(_student, "photo_id")),
    "setUserPhoto": _with(make.create_user, "photo"),
    "clearUserPhoto": on(_on_a_picture(make.create_user, "photo_id")),
    "setSchoolLogo": _with(profile, "logo"),
    "clearSchoolLogo": on(_on_a_picture(profile, "logo_id")),
}
