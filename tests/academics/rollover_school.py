"""A small school at the end of a year, with all that can become of a student."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    ClassType,
    Course,
    EnrollmentStatus,
    GradeLevel,
    SchoolEnrollment,
    SchoolYear,
    Student,
    StudentStatus,
    Subject,
)
from tests import factories as make
from tests.conftest import Execute
from tests.factories import gid
from tests.mutating import done

PAST = {"code": "2023-2024", "start_date": datetime.date(2023, 6, 1), "end_date": datetime.date(2024, 4, 30)}
ENDS = {"code": "2024-2025", "start_date": datetime.date(2024, 6, 1), "end_date": datetime.date(2025, 4, 30)}
BEGINS = {"code": "2025-2026", "start_date": datetime.date(2025, 6, 1), "end_date": datetime.date(2026, 4, 30)}
MARKED = datetime.date(2024, 9, 2)
# By name: the level, the section, and the scores in mathematics (of coefficient 2) and science (1).
STUDENTS: Mapping[str, tuple[str | None, str, tuple[str | None, str | None]]] = {
    "Asha": ("I", "A", ("8", "5.75")),
    "Bala": ("I", "A", ("3", "8.9")),
    "Chitra": ("I", "A", (None, None)),
    "Dev": ("I", "B", ("5", "5")),
    "Esha": ("III", "A", ("8", "8")),
    "Farid": ("III", "A", ("3", None)),
    "Gita": ("X", "A", ("9", None)),
    "Hari": (None, "A", (None, None)),
    "Indu": ("I", "A", ("9", None)),
    "Jaya": ("I", "A", ("9", None)),
    "Kiran": ("I", "A", ("9", None)),
    "Lila": ("I", "A", ("9", None)),
    "Mohan": ("I", "A", ("4.995", None)),
}


@dataclass
class Years:
    """Everything by its name; courses of the year that ends as `IA`, of the one that begins as `IA next`."""

    ends: SchoolYear
    begins: SchoolYear
    levels: dict[str, GradeLevel]
    subjects: dict[str, Subject]
    courses: dict[str, Course]
    students: dict[str, Student]


async def _courses(session: AsyncSession, made: Years) -> None:
    home = {"class_type": ClassType.HOMEROOM}
    for level, section in (("I", "A"), ("I", "B"), ("III", "A"), ("X", "A")):
        of = {"grade_level_id": made.levels[level].id, "section": section}
        course = await make.create_course(session, made.ends, name=f"{level}{section}", **of, **home)
        made.courses[course.name] = course
        for subject, coefficient in (("Mathematics", 2), ("Science", 1)):
            await make.teach_subject(session, course, made.subjects[subject], coefficient=coefficient)
    for level in ("I", "II", "III"):
        of = {"grade_level_id": made.levels[level].id, "section": "A"}
        course = await make.create_course(session, made.begins, name=f"{level}A", **of, **home)
        made.courses[f"{level}A next"] = course
    await _single_subjects(session, made)


async def _single_subjects(session: AsyncSession, made: Years) -> None:
    """In the first year music, and in the second music and French."""
    for year, level, names in ((made.ends, "I", ["Music"]), (made.begins, "II", ["Music", "French"])):
        for name in names:
            of = {"grade_level_id": made.levels[level].id, "subject_id": made.subjects[name].id}
            course = await make.create_course(session, year, name=f"{name} {level}", **of)
            made.courses[course.name] = course


async def _student(session: AsyncSession, school: Any, made: Years, name: str, semester: Any) -> None:
    level, section, scores = STUDENTS[name]
    student = made.students[name] = await make.create_student(session, school, first_name=name)
    if level is None:
        await make.admit(session, student, made.ends)
        return
    await make.admit(session, student, made.ends, grade_level_id=made.levels[level].id)
    course = made.courses[f"{level}{section}"]
    await make.enroll(session, student, course, begin_date=made.ends.start_date)
    for subject, score in zip(("Mathematics", "Science"), scores, strict=True):
        if score is not None:
            given = {"score": Decimal(score), "date": MARKED, "semester_id": semester.id}
            await make.grade(session, student, course, made.subjects[subject], **given)


async def _exceptions(session: AsyncSession, school: Any, made: Years) -> None:
    """Somebody who does not attend, whose span is an old one, who has left, and who is retired."""
    made.students["Indu"].status = StudentStatus.INACTIVE
    past = await make.create_school_year(session, school, current=False, **PAST)
    for name in ("Jaya", "Kiran"):
        span = (await session.scalars(select(SchoolEnrollment).filter_by(student_id=made.students[name].id))).one()
        if name == "Jaya":
            span.school_year_id, span.entry_date = past.id, past.start_date
        else:
            span.exit_date = datetime.date(2025, 1, 31)
    made.students["Lila"].deleted_at = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    music = made.courses["Music I"]
    await make.enroll(session, made.students["Asha"], music, begin_date=ENDS["start_date"])
    pending = {"begin_date": ENDS["start_date"], "status": EnrollmentStatus.PENDING}
    await make.enroll(session, made.students["Chitra"], music, **pending)
    await session.flush()


async def create_years(session: AsyncSession, school: Any) -> Years:
    ends = await make.create_school_year(session, school, **ENDS)
    begins = await make.create_school_year(session, school, current=False, **BEGINS)
    made = Years(ends, begins, {}, {}, {}, {})
    for number, code in enumerate(("III", "II", "I", "X")):
        following = {"II": "III", "I": "II"}.get(code)
        made.levels[code] = await make.create_grade_level(
            session,
            school,
            code=code,
            name=f"Class {code}",
            sequence=90 - number,
            leaves_after=code == "III",
            next_level_id=made.levels[following].id if following else None,
        )
    for name in ("Mathematics", "Science", "Music", "French"):
        made.subjects[name] = await make.create_subject(session, school, name=name)
    await _courses(session, made)
    days = {"start_date": ends.start_date, "end_date": ends.end_date}
    semester = await make.create_semester(session, ends, **days)
    for name in STUDENTS:
        await _student(session, school, made, name, semester)
    await _exceptions(session, school, made)
    return made


LINES = """id version lines(first: 100) { nodes {
    id version decision reason note average exitReason student { firstName } fromCourse { name }
    toGradeLevel { code } toCourse { name }
} }"""


async def plan(execute: Execute, made: Years, **more: Any) -> dict[str, Any]:
    """The plan, with its lines by first name."""
    payload = await done(execute, "planRollover", f"rolloverPlan {{ {LINES} }}", fromSchoolYear=gid(made.ends), **more)
    found: dict[str, Any] = payload["rolloverPlan"]
    found["lines"] = {each["student"]["firstName"]: each for each in found["lines"]["nodes"]}
    return found


async def decide(execute: Execute, planned: dict[str, Any], name: str, **given: Any) -> None:
    line = planned["lines"][name]
    await done(execute, "updateRolloverLine", "__typename", id=line["id"], version=line["version"], **given)


async def decide_all(execute: Execute, planned: dict[str, Any], made: Years) -> None:
    """What a person has to decide before the plan can be applied."""
    await decide(execute, planned, "Gita", decision="LEAVE", exitReason="TRANSFERRED")
    await decide(execute, planned, "Hari", decision="SKIP")
    await decide(execute, planned, "Indu", decision="LEAVE", exitReason="DROPPED_OUT")
    await decide(execute, planned, "Jaya", decision="RETAIN", note="Was away for a year")


async def apply(execute: Execute, planned: dict[str, Any], **more: Any) -> dict[str, Any]:
    return await done(
        execute,
        "applyRollover",
        "operation schoolEnrollmentsEnded schoolEnrollmentsBegun enrollmentsEnded enrollmentsBegun"
        " rolloverPlan { status appliedAt operation students promoted retained leaving skipped undecided }",
        id=planned["id"],
        version=planned["version"],
        **more,
    )
