"""Good calls about report cards: see `tests/writing/good_calls.py`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import ReportCardCommentKind, ReportCardState, SchoolYear, User
from tests import factories as make
from tests.answers import NOW
from tests.factories import gid
from tests.writing.calls import Call, Input, on

FROZEN: dict[str, Any] = {"content": {}, "checksum": bytes(32), "published_at": NOW}


async def _class(session: AsyncSession, school: Any) -> tuple[Any, Any, Any]:
    """A student in a course that the user with the key 1 teaches, and a semester of its year."""
    course = await make.create_course(session, await make.create_school_year(session, school, current=False))
    if await session.get(User, (school.id, 1)) is None:
        await make.create_user(session, school, id=1)
    await make.teach(session, course, await session.get_one(User, (school.id, 1)))
    student = await make.create_student(session, school)
    await make.enroll(session, student, course)
    year = await session.get_one(SchoolYear, (school.id, course.school_year_id))
    return student, course, await make.create_semester(session, year)


async def _draft(session: AsyncSession, school: Any) -> Any:
    return await make.create_report_card(session, *await _class(session, school))


async def _published(session: AsyncSession, school: Any) -> Any:
    where = await _class(session, school)
    return await make.create_report_card(session, *where, state=ReportCardState.PUBLISHED, **FROZEN)


async def _of_class(session: AsyncSession, school: Any) -> Input:
    student, course, semester = await _class(session, school)
    return {"course": gid(course), "semester": gid(semester), "students": [gid(student)]}


async def _reopen_class(session: AsyncSession, school: Any) -> Input:
    student, course, semester = await _class(session, school)
    await make.create_report_card(session, student, course, semester, state=ReportCardState.PUBLISHED, **FROZEN)
    of = {"course": gid(course), "semester": gid(semester), "students": [gid(student)]}
    return {**of, "reason": "A mark was wrong"}


async def _teachers(session: AsyncSession, school: Any) -> Input:
    card, subject = await _draft(session, school), await make.create_subject(session, school)
    return {"reportCard": gid(card), "subject": gid(subject), "text": "Paints well"}


async def _on_class(session: AsyncSession, school: Any) -> Input:
    student, course, semester = await _class(session, school)
    await make.create_report_card(session, student, course, semester)
    comment = {"student": gid(student), "text": "Works well"}
    return {"course": gid(course), "semester": gid(semester), "comments": [comment]}


async def _heads(session: AsyncSession, school: Any) -> Input:
    return {"reportCard": gid(await _draft(session, school)), "text": "Well done"}


async def _of_teacher(session: AsyncSession, school: Any) -> Any:
    return await make.comment_on(session, await _draft(session, school))


async def _of_head(session: AsyncSession, school: Any) -> Any:
    return await make.comment_on(session, await _draft(session, school), kind=ReportCardCommentKind.HEAD)


CALLS_OF_REPORT_CARDS: Mapping[str, Call] = {
    "prepareReportCards": _of_class,
    "publishReportCards": _of_class,
    "reopenReportCards": _reopen_class,
    "reopenReportCard": on(_published, reason="A mark was wrong"),
    "deleteReportCard": on(_draft),
    "createTeacherComment": _teachers,
    "updateTeacherComment": on(_of_teacher, text="Paints very well"),
    "deleteTeacherComment": on(_of_teacher),
    "setTeacherComments": _on_class,
    "createHeadComment": _heads,
    "setHeadComments": _on_class,
    "updateHeadComment": on(_of_head, text="Very well done"),
    "deleteHeadComment": on(_of_head),
}
