"""Good calls about courses: see `tests/writing/good_calls.py`."""

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import Role
from tests import factories as make
from tests.factories import gid
from tests.writing.calls import Call, Input, on

RETIRED = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)


async def _year(session: AsyncSession, school: Any) -> Any:
    return await make.create_school_year(session, school, current=False)


async def _create_course(session: AsyncSession, school: Any) -> Input:
    return {"schoolYear": gid(await _year(session, school)), **await _course_values(session, school)}


async def _course_values(session: AsyncSession, school: Any) -> Input:
    return {
        "gradeLevel": gid(await make.create_grade_level(session, school)),
        "section": "B",
        "name": "Biology B",
        "classType": "HOMEROOM",
        "subject": gid(await make.create_subject(session, school)),
        "meetingDays": [1, 3, 5],
        "meetingSessions": "AM_PM",
        "gradingScale": gid(await make.create_grading_scale(session, school)),
    }


async def _course(session: AsyncSession, school: Any, **values: Any) -> Any:
    return await make.create_course(session, await _year(session, school), **values)


async def _retired_course(session: AsyncSession, school: Any) -> Any:
    return await _course(session, school, deleted_at=RETIRED)


async def _update_course(session: AsyncSession, school: Any) -> Input:
    return {"id": gid(await _course(session, school)), "version": 1, **await _course_values(session, school)}


async def _course_subject(session: AsyncSession, school: Any) -> Any:
    course = await _course(session, school)
    return await make.teach_subject(session, course, await make.create_subject(session, school), credits=4)


async def _add_course_subject(session: AsyncSession, school: Any) -> Input:
    course, subject = await _course(session, school), await make.create_subject(session, school)
    return {"course": gid(course), "subject": gid(subject), "coefficient": "2.5", "credits": "3"}


async def _course_teacher(session: AsyncSession, school: Any) -> Any:
    return await make.teach(session, await _course(session, school), await make.create_user(session, school))


async def _assign_teacher(session: AsyncSession, school: Any) -> Input:
    user = await make.create_user(session, school)
    await make.give_role(session, user, Role.TEACHER)
    return {"course": gid(await _course(session, school)), "user": gid(user), "role": "ASSISTANT", "position": 2}


CALLS_OF_COURSES: Mapping[str, Call] = {
    "createCourse": _create_course,
    "updateCourse": _update_course,
    "retireCourse": on(_course),
    "restoreCourse": on(_retired_course),
    "addCourseSubject": _add_course_subject,
    "updateCourseSubject": on(_course_subject, coefficient="2.5", credits="3"),
    "removeCourseSubject": on(_course_subject),
    "assignTeacher": _assign_teacher,
    "updateCourseTeacher": on(_course_teacher, role="SUPPORT", position=3),
    "unassignTeacher": on(_course_teacher),
}
