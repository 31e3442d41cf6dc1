"""Records for tests: keyword-only, with a default for everything but the parents."""

import datetime
import hashlib
import itertools
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import Base
from schema.node import identity

M = TypeVar("M", bound=Base)
_counter = itertools.count(1)
DAY = datetime.date(2025, 9, 1)


async def _add(session: AsyncSession, row: M) -> M:
    session.add(row)
    await session.flush()
    return row


async def create_student(session: AsyncSession, school: Any, **values: Any) -> models.Student:
    number = next(_counter)
    defaults = {
        "student_number": f"STU-2025-{number:05}",
        "first_name": "Asha",
        "last_name": "Rao",
        "gender": models.Gender.FEMALE,
        "date_of_birth": datetime.date(2013, 5, 17),
        "registration_date": datetime.date(2025, 6, 1),
    }
    return await _add(session, models.Student(institution_id=school.id, **(defaults | values)))


async def create_guardian(session: AsyncSession, school: Any, **values: Any) -> models.Guardian:
    defaults = {"first_name": "Ravi", "last_name": "Rao"}
    return await _add(session, models.Guardian(institution_id=school.id, **(defaults | values)))


async def link_guardian(
    session: AsyncSession, student: models.Student, guardian: models.Guardian, **values: Any
) -> models.StudentGuardian:
    defaults = {"relation": models.GuardianRelation.FATHER}
    link = models.StudentGuardian(
        institution_id=student.institution_id,
        student_id=student.id,
        guardian_id=guardian.id,
        **(defaults | values),
    )
    return await _add(session, link)


async def create_user(session: AsyncSession, school: Any, **values: Any) -> models.User:
    defaults = {"username": f"user{next(_counter)}", "first_name": "Meera", "last_name": "Nair"}
    return await _add(session, models.User(institution_id=school.id, **(defaults | values)))


async def create_school_year(session: AsyncSession, school: Any, **values: Any) -> models.SchoolYear:
    defaults = {
        "code": "2025-2026",
        "start_date": datetime.date(2025, 6, 1),
        "end_date": datetime.date(2026, 4, 30),
        "current": True,
    }
    return await _add(session, models.SchoolYear(institution_id=school.id, **(defaults | values)))


async def create_semester(session: AsyncSession, year: models.SchoolYear, **values: Any) -> models.Semester:
    defaults = {
        "name": "First semester",
        "code": f"S{next(_counter)}",
        "sequence": 1,
        "start_date": datetime.date(2025, 6, 1),
        "end_date": datetime.date(2025, 10, 31),
    }
    return await _add(
        session,
        models.Semester(institution_id=year.institution_id, school_year_id=year.id, **(defaults | values)),
    )


async def create_subject(session: AsyncSession, school: Any, **values: Any) -> models.Subject:
    defaults = {"name": f"Subject {next(_counter)}"}
    return await _add(session, models.Subject(institution_id=school.id, **(defaults | values)))


async def create_course(session: AsyncSession, year: models.SchoolYear, **values: Any) -> models.Course:
    defaults = {"name": f"Course {next(_counter)}", "section": "A"}
    return await _add(
        session, models.Course(institution_id=year.institution_id, school_year_id=year.id, **(defaults | values))
    )


async def teach(session: AsyncSession, course: models.Course, user: models.User, **values: Any) -> models.CourseTeacher:
    row = models.CourseTeacher(institution_id=course.institution_id, course_id=course.id, user_id=user.id, **values)
    return await _add(session, row)


async def enroll(
    session: AsyncSession, student: models.Student, course: models.Course, **values: Any
) -> models.Enrollment:
    defaults = {"begin_date": datetime.date(2025, 6, 1)}
    row = models.Enrollment(
        institution_id=student.institution_id, student_id=student.id, course_id=course.id, **(defaults | values)
    )
    return await _add(session, row)


async def grade(
    session: AsyncSession, student: models.Student, course: models.Course, subject: models.Subject, **values: Any
) -> models.Grade:
    defaults = {"date": DAY, "score": Decimal("7.5")}
    row = models.Grade(
        institution_id=student.institution_id,
        student_id=student.id,
        course_id=course.id,
        subject_id=subject.id,
        **(defaults | values),
    )
    return await _add(session, row)


async def create_report_card(
    session: AsyncSession, student: models.Student, course: models.Course, semester: models.Semester, **values: Any
) -> models.ReportCard:
    keys = {"student_id": student.id, "course_id": course.id, "semester_id": semester.id}
    return await _add(session, models.ReportCard(institution_id=student.institution_id, **keys, **values))


async def comment_on(
    session: AsyncSession, card: models.ReportCard, text: str = "Works hard", **values: Any
) -> models.ReportCardComment:
    defaults = {"kind": models.ReportCardCommentKind.TEACHER}
    keys = {"institution_id": card.institution_id, "report_card_id": card.id}
    return await _add(session, models.ReportCardComment(**keys, text=text, **(defaults | values)))


async def mark_attendance(
    session: AsyncSession, student: models.Student, course: models.Course, /, **values: Any
) -> models.Attendance:
    defaults = {"date": DAY, "status": models.AttendanceStatus.PRESENT, "code": "PRESENT"}
    row = models.Attendance(
        institution_id=student.institution_id, student_id=student.id, course_id=course.id, **(defaults | values)
    )
    return await _add(session, row)


async def create_family_info(session: AsyncSession, student: models.Student, **values: Any) -> models.FamilyInfo:
    row = models.FamilyInfo(institution_id=student.institution_id, student_id=student.id, **values)
    return await _add(session, row)


async def create_scholarship(session: AsyncSession, student: models.Student, **values: Any) -> models.Scholarship:
    defaults = {"name": f"Merit {next(_counter)}", "start_date": datetime.date(2025, 6, 1)}
    row = models.Scholarship(institution_id=student.institution_id, student_id=student.id, **(defaults | values))
    return await _add(session, row)


async def admit(
    session: AsyncSession, student: models.Student, year: models.SchoolYear, **values: Any
) -> models.SchoolEnrollment:
    """A span of belonging to the school, open from the year's first day where nothing else is said."""
    defaults = {"entry_date": year.start_date, "school_year_id": year.id}
    row = models.SchoolEnrollment(institution_id=student.institution_id, student_id=student.id, **(defaults | values))
    return await _add(session, row)


async def name_outside(session: AsyncSession, record: models.Record, **values: Any) -> models.ExternalId:
    """What another system calls the record."""
    defaults = {"system": "oneroster", "value": f"id-{next(_counter)}"}
    row = models.ExternalId(
        institution_id=record.institution_id,
        entity=record.__tablename__,
        record_id=record.id,
        **(defaults | values),
    )
    return await _add(session, row)


async def create_grade_level(session: AsyncSession, school: Any, **values: Any) -> models.GradeLevel:
    number = 100 + next(_counter)
    defaults = {"code": f"L{number}", "name": f"Level {number}", "sequence": number}
    return await _add(session, models.GradeLevel(institution_id=school.id, **(defaults | values)))


async def create_calendar_day(session: AsyncSession, year: models.SchoolYear, **values: Any) -> models.CalendarDay:
    defaults = {"date": DAY, "kind": models.CalendarDayKind.INSTRUCTIONAL}
    row = models.CalendarDay(institution_id=year.institution_id, school_year_id=year.id, **(defaults | values))
    return await _add(session, row)


async def teach_subject(
    session: AsyncSession, course: models.Course, subject: models.Subject, **values: Any
) -> models.CourseSubject:
    row = models.CourseSubject(
        institution_id=course.institution_id, course_id=course.id, subject_id=subject.id, **values
    )
    return await _add(session, row)


async def create_grading_scale(session: AsyncSession, school: Any, **values: Any) -> models.GradingScale:
    defaults = {"name": f"Scale {next(_counter)}", "min_score": 0, "max_score": 20, "pass_mark": 10}
    return await _add(session, models.GradingScale(institution_id=school.id, **(defaults | values)))


async def create_band(session: AsyncSession, scale: models.GradingScale, **values: Any) -> models.GradingScaleBand:
    defaults = {"letter": "A", "lower_bound": 16}
    row = models.GradingScaleBand(institution_id=scale.institution_id, grading_scale_id=scale.id, **(defaults | values))
    return await _add(session, row)


async def create_assessment_category(session: AsyncSession, school: Any, **values: Any) -> models.AssessmentCategory:
    defaults = {"name": f"Exam {next(_counter)}"}
    return await _add(session, models.AssessmentCategory(institution_id=school.id, **(defaults | values)))


async def create_assessment(session: AsyncSession, course: models.Course, **values: Any) -> models.Assessment:
    defaults = {"title": f"Test {next(_counter)}", "date": DAY}
    row = models.Assessment(institution_id=course.institution_id, course_id=course.id, **(defaults | values))
    return await _add(session, row)


async def create_attendance_code(session: AsyncSession, school: Any, **values: Any) -> models.AttendanceCode:
    defaults = {"code": f"C{next(_counter)}", "label": "Ill", "status": models.AttendanceStatus.EXCUSED}
    row = models.AttendanceCode(institution_id=school.id, **({"present_value": 0} | defaults | values))
    return await _add(session, row)


async def take_attendance(session: AsyncSession, course: models.Course, /, **values: Any) -> models.AttendanceTaken:
    defaults = {"date": DAY}
    row = models.AttendanceTaken(institution_id=course.institution_id, course_id=course.id, **(defaults | values))
    return await _add(session, row)


async def give_role(session: AsyncSession, user: models.User, role: models.Role, **values: Any) -> models.UserRole:
    row = models.UserRole(institution_id=user.institution_id, user_id=user.id, role=role, **values)
    return await _add(session, row)


async def open_session(session: AsyncSession, user: models.User, **values: Any) -> models.Session:
    """A session of the user in the own institution, with a token that nobody knows."""
    number = next(_counter)
    defaults = {
        "acting_institution_id": user.institution_id,
        "token_hash": number.to_bytes(32),
        "expires_at": datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=30),
    }
    row = models.Session(institution_id=user.institution_id, user_id=user.id, **(defaults | values))
    return await _add(session, row)


async def create_key(session: AsyncSession, school: Any, **values: Any) -> models.ApiKey:
    """A key for a report generator, with a secret that nobody knows."""
    number = next(_counter)
    defaults = {"name": f"Key {number}", "prefix": "sgk", "key_hash": number.to_bytes(32), "role": models.Role.REPORTER}
    return await _add(session, models.ApiKey(institution_id=school.id, **(defaults | values)))


async def create_setting(session: AsyncSession, school: Any, **values: Any) -> models.ConfigurationSetting:
    defaults = {
        "category": models.SettingCategory.GENERAL,
        "key": f"KEY_{next(_counter)}",
        "value": "value",
        "value_type": models.SettingType.STRING,
    }
    return await _add(session, models.ConfigurationSetting(institution_id=school.id, **(defaults | values)))


async def create_file(session: AsyncSession, school: Any, **values: Any) -> models.StoredFile:
    digest = hashlib.sha256(f"{next(_counter)}".encode())
    defaults = {
        "name": "photo.png",
        "content_type": "image/png",
        "size": 10,
        "width": 32,
        "height": 24,
        "sha256": digest.digest(),
        "location": f"{school.id}/{digest.hexdigest()}",
    }
    return await _add(session, models.StoredFile(institution_id=school.id, **(defaults | values)))


def gid(record: models.Base) -> str:
    """The id of a record as clients know it."""
    return identity(type(record)).encode(record)
