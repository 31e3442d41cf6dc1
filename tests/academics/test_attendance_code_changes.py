"""Rules of attendance codes: marks keep what they said."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_attendance_code,
    create_course,
    create_school_year,
    create_student,
    gid,
    mark_attendance,
)
from tests.mutating import done, mutate, refused


async def test_a_code_with_marks_keeps_code_and_status(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    code = await create_attendance_code(session, school, code="ILL")
    student, year = await create_student(session, school), await create_school_year(session, school)
    await mark_attendance(session, student, await create_course(session, year), code="ILL", status=code.status)
    async with audited(connections, school, nothing=True):
        given = {"id": gid(code), "version": 1, "code": "SICK", "status": "ABSENT"}
        assert await refused(execute, "updateAttendanceCode", **given) == [
            ("CONFLICT", ["code"]),
            ("CONFLICT", ["status"]),
        ]
        deleted = await mutate(execute, "deleteAttendanceCode", "__typename", id=gid(code), version=1)
    assert [error["message"] for error in deleted["errors"]] == ["id: it is still used by 1 attendance mark"]
    async with audited(connections, school):
        await done(execute, "updateAttendanceCode", "__typename", id=gid(code), version=1, label="At home")


BAD: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
    ({"code": "PRESENT"}, ("CONFLICT", ["code"])),
    ({"presentValue": "1.0001"}, ("BAD_USER_INPUT", ["presentValue"])),
    ({"presentValue": "-0.5"}, ("BAD_USER_INPUT", ["presentValue"])),
    ({"presentValue": "0.00001"}, ("BAD_USER_INPUT", ["presentValue"])),
    ({"status": None}, ("BAD_USER_INPUT", ["status"])),
]


@pytest.mark.parametrize(("given", "error"), BAD)
async def test_a_code_is_refused(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    error: tuple[str, list[str]],
) -> None:
    code = await create_attendance_code(session, school)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "updateAttendanceCode", **{"id": gid(code), "version": 1} | given) == [error]
