"""Good calls about students in courses: see `tests/writing/good_calls.py`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests import factories as make
from tests.factories import gid
from tests.writing.calls import Call, Input, on


async def _course(session: AsyncSession, school: Any) -> Any:
    return await make.create_course(session, await make.create_school_year(session, school, current=False))


async def _enrollment(session: AsyncSession, school: Any) -> Any:
    return await make.enroll(session, await make.create_student(session, school), await _course(session, school))


async def _enroll(session: AsyncSession, school: Any) -> Input:
    return {
        "course": gid(await _course(session, school)),
        "student": gid(await make.create_student(session, school)),
        "beginDate": "2025-06-02",
        "endDate": "2025-12-31",
        "status": "PENDING",
    }


async def _enroll_many(session: AsyncSession, school: Any) -> Input:
    students = [gid(await make.create_student(session, school)) for _ in range(2)]
    days = {"beginDate": "2025-06-02", "endDate": "2025-12-31"}
    return {"course": gid(await _course(session, school)), "students": students, **days, "status": "PENDING"}


CALLS_OF_ENROLLMENTS: Mapping[str, Call] = {
    "enrollStudent": _enroll,
    "enrollStudents": _enroll_many,
    "updateEnrollment": on(_enrollment, beginDate="2025-06-02", endDate="2025-12-31", status="PENDING"),
    "dropEnrollment": on(_enrollment, dropDate="2025-09-30", dropReason="Moved away"),
    "completeEnrollment": on(_enrollment, endDate="2025-10-31"),
    "deleteEnrollment": on(_enrollment),
}
