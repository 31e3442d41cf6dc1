"""One good call of every mutation: what must be there, and the input. The tests of all mutations are derived from it.

An entry makes its records with the factories, in whichever school it is given, and gives the input as clients send it.
An update sets every field of its input, each to another value than the record has.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models import ActorKind, AttendanceStatus, Operation, Role, SchoolYear, User
from tests import factories as make
from tests.factories import gid
from tests.writing.calls import Call, Input, new, on
from tests.writing.good_calls_of_assessments import CALLS_OF_ASSESSMENTS
from tests.writing.good_calls_of_calendar import CALLS_OF_CALENDAR
from tests.writing.good_calls_of_courses import CALLS_OF_COURSES
from tests.writing.good_calls_of_enrollments import CALLS_OF_ENROLLMENTS
from tests.writing.good_calls_of_grade_entry import CALLS_OF_GRADE_ENTRY
from tests.writing.good_calls_of_people import CALLS_OF_PEOPLE
from tests.writing.good_calls_of_pictures import CALLS_OF_PICTURES
from tests.writing.good_calls_of_report_cards import CALLS_OF_REPORT_CARDS
from tests.writing.good_calls_of_rollover import CALLS_OF_ROLLOVER
from tests.writing.good_calls_of_scales import CALLS_OF_SCALES
from tests.writing.good_calls_of_settings import CALLS_OF_SETTINGS

# They sign in or out, are about passwords, sessions and erasure, or make institutions: tested where they are at home.
ELSEWHERE = {
    "login",
    "logout",
    "actIn",
    "revokeSession",
    "revokeSessions",
    "changePassword",
    "requestPasswordReset",
    "setPassword",
    "resetPassword",
    "eraseSubject",
    "createInstitution",
    "suspendInstitution",
    "resumeInstitution",
}


async def _retired_user(session: AsyncSession, school: Any) -> Any:
    return await make.create_user(session, school, deleted_at=datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC))


async def _unlock_user(session: AsyncSession, school: Any) -> Input:
    return {"id": gid(await make.create_user(session, school))}


async def _grant_role(session: AsyncSession, school: Any) -> Input:
    user = gid(await make.create_user(session, school))
    return {"user": user, "role": "TEACHER", "beginDate": "2025-06-01", "endDate": "2026-04-30"}


async def _role(session: AsyncSession, school: Any) -> Any:
    return await make.give_role(session, await make.create_user(session, school), Role.TEACHER)


async def _revoke_key(session: AsyncSession, school: Any) -> Input:
    return {"id": gid(await make.create_key(session, school))}


async def _year(session: AsyncSession, school: Any) -> Any:
    return await make.create_school_year(session, school, current=False)


async def _semester(session: AsyncSession, school: Any) -> Any:
    opens = datetime.datetime(2025, 9, 1, tzinfo=datetime.UTC)
    return await make.create_semester(session, await _year(session, school), grade_entry_opens_at=opens)


async def _create_semester(session: AsyncSession, school: Any) -> Input:
    return {
        "schoolYear": gid(await _year(session, school)),
        "name": "Second semester",
        "code": "S2-2025",
        "type": "TERM",
        "sequence": 2,
        "startDate": "2025-11-01",
        "endDate": "2026-04-30",
        "gradeEntryOpensAt": "2026-04-01T00:00:00Z",
        "gradeEntryClosesAt": "2026-05-15T00:00:00Z",
    }


async def _create_level(session: AsyncSession, school: Any) -> Input:
    following = await make.create_grade_level(session, school)
    return {"code": "0", "name": "Nursery", "sequence": 0, "nextLevel": gid(following), "leavesAfter": True}


async def _update_level(session: AsyncSession, school: Any) -> Input:
    level = gid(await make.create_grade_level(session, school, leaves_after=True))
    return {**await _create_level(session, school), "id": level, "version": 1, "leavesAfter": False}


async def course_of_first_user(session: AsyncSession, school: Any) -> Any:
    """A course that the user with the key 1 teaches."""
    course = await make.create_course(session, await _year(session, school))
    if await session.get(User, (school.id, 1)) is None:
        await make.create_user(session, school, id=1)
    await make.teach(session, course, await session.get_one(User, (school.id, 1)))
    return course


async def _enrolled(session: AsyncSession, school: Any) -> tuple[Any, Any]:
    student, course = await make.create_student(session, school), await course_of_first_user(session, school)
    await make.enroll(session, student, course)
    await make.create_attendance_code(session, school, code="TARDY", status=AttendanceStatus.LATE)
    return student, course


LATE = {"status": "LATE", "code": "TARDY", "reason": "Bus", "minutesLate": 5}


async def _record_attendance(session: AsyncSession, school: Any) -> Input:
    student, course = await _enrolled(session, school)
    return {"course": gid(course), "date": "2025-09-01", "marks": [{"student": gid(student), **LATE}]}


async def _attendance(session: AsyncSession, school: Any) -> Any:
    return await make.mark_attendance(session, *await _enrolled(session, school))


async def _taken(session: AsyncSession, school: Any) -> Any:
    return await make.take_attendance(session, await course_of_first_user(session, school))


async def _record_grades(session: AsyncSession, school: Any) -> Input:
    student, course = await _enrolled(session, school)
    subject, semester = await make.create_subject(session, school), await _part(session, course)
    work = await make.create_assessment(session, course, subject_id=subject.id)
    of = {"course": gid(course), "subject": gid(subject), "semester": gid(semester), "assessment": gid(work)}
    return {**of, "marks": [{"student": gid(student), "score": "7.5", "comment": "Well done"}]}


async def _part(session: AsyncSession, course: Any) -> Any:
    return await make.create_semester(
        session, await session.get_one(SchoolYear, (course.institution_id, course.school_year_id))
    )


async def _grade(session: AsyncSession, school: Any) -> Any:
    return await make.grade(session, *await _enrolled(session, school), await make.create_subject(session, school))


async def _undo(session: AsyncSession, school: Any) -> Input:
    mark = await _attendance(session, school)
    touched = {"course": mark.course_id, "made": [[mark.id, 1]], "changed": [], "date": str(mark.date)}
    by = {"actor_kind": ActorKind.USER, "actor_id": 1, "request_id": "request"}
    operation = Operation(institution_id=school.id, action="attendance.record", summary=touched, **by)
    session.add(operation)
    await session.flush()
    return {"operation": f"op_{operation.id}"}


PERSON = {"firstName": "Mira", "lastName": "Iyer", "mobile": "9876543210", "phone": "044", "position": "Head"}
YEAR = {"code": "2031-2032", "startDate": "2025-05-01", "endDate": "2026-05-31"}

CALLS: Mapping[str, Call] = {
    "createUser": new(username="mira", email="mira@example.org", **PERSON),
    "updateUser": on(make.create_user, username="mira", email="mira@example.org", **PERSON),
    "unlockUser": _unlock_user,
    "retireUser": on(make.create_user),
    "restoreUser": on(_retired_user),
    "grantRole": _grant_role,
    "revokeRole": on(_role),
    "createApiKey": new(name="Reports", role="REPORTER", expiresAt="2030-01-01T00:00:00Z"),
    "revokeApiKey": _revoke_key,
    "createAssessmentCategory": new(name="Project", weight="0.25"),
    "updateAssessmentCategory": on(make.create_assessment_category, name="Project", weight="0.25"),
    "deleteAssessmentCategory": on(make.create_assessment_category),
    "createAttendanceCode": new(code="TRIP", label="School trip", status="PRESENT", presentValue="1"),
    "updateAttendanceCode": on(
        make.create_attendance_code, code="TRIP", label="School trip", status="PRESENT", presentValue="0.5"
    ),
    "deleteAttendanceCode": on(make.create_attendance_code),
    "recordAttendance": _record_attendance,
    "updateAttendance": on(_attendance, **LATE),
    "deleteAttendance": on(_attendance),
    "deleteAttendanceTaken": on(_taken),
    "recordGrades": _record_grades,
    "updateGrade": on(_grade, score="8", scoreStatus="PARTIALLY_GRADED", comment="Better"),
    "deleteGrade": on(_grade),
    "undo": _undo,
    "createGradeLevel": _create_level,
    "updateGradeLevel": _update_level,
    "deleteGradeLevel": on(make.create_grade_level),
    "createSchoolYear": new(**YEAR),
    "updateSchoolYear": on(_year, **YEAR),
    "deleteSchoolYear": on(_year),
    "setCurrentSchoolYear": on(_year),
    "createSemester": _create_semester,
    "updateSemester": on(
        _semester,
        name="Last term",
        code="T3",
        type="TERM",
        sequence=3,
        startDate="2025-07-01",
        endDate="2025-12-31",
        gradeEntryOpensAt="2025-12-01T00:00:00Z",
        gradeEntryClosesAt="2026-01-15T00:00:00Z",
    ),
    "deleteSemester": on(_semester),
    "createSubject": new(name="Biology", code="BIO"),
    "updateSubject": on(make.create_subject, name="Biology", code="BIO"),
    "deleteSubject": on(make.create_subject),
    **CALLS_OF_PEOPLE,
    **CALLS_OF_PICTURES,
    **CALLS_OF_SCALES,
    **CALLS_OF_SETTINGS,
    **CALLS_OF_ASSESSMENTS,
    **CALLS_OF_CALENDAR,
    **CALLS_OF_COURSES,
    **CALLS_OF_ENROLLMENTS,
    **CALLS_OF_GRADE_ENTRY,
    **CALLS_OF_REPORT_CARDS,
    **CALLS_OF_ROLLOVER,
}
