"""What a report card names: the school, the student, the course, the semester, the comments and the letters."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from models import (
    ConfigurationSetting,
    Course,
    Grade,
    GradeLevel,
    GradingScale,
    GradingScaleBand,
    Institution,
    ReportCard,
    ReportCardComment,
    ReportCardState,
    Role,
    SchoolProfile,
    SchoolYear,
    Semester,
    SettingCategory,
    Student,
    Subject,
    User,
)
from models.computed import tenant, value
from resolvers.access import scope
from resolvers.context import Context
from resolvers.reports.attendance_figures import exact
from resolvers.reports.cards.content import CardBand, CardComment, CardCourse, CardSchool, CardSemester, CardStudent
from resolvers.reports.figures import RankMethod
from resolvers.rows import Row
from resolvers.statements import Statement, compiled
from resolvers.trail.subjects import of_rows

RANKS = "REPORT_CARD_RANKS"
STUDENTS = bindparam("students", type_=ARRAY(BigInteger()))


NO_RANKS = "NONE"


@dataclass(frozen=True, slots=True)
class Frame:
    """The days of the semester, both included, and how cards rank; None: they do not."""

    since: datetime.date
    until: datetime.date
    ranks: RankMethod | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card of one student names."""

    school: CardSchool
    student: CardStudent
    course: CardCourse
    semester: CardSemester


@lru_cache(maxsize=1)
def _frame() -> Statement:
    setting = ConfigurationSetting
    ranks = select(setting.value).where(
        setting.institution_id == tenant(), setting.category == SettingCategory.ACADEMIC, setting.key == RANKS
    )
    found = select(Semester.start_date, Semester.end_date, ranks.scalar_subquery().label("ranks"))
    key = bindparam("semester", type_=BigInteger())
    return _plain(found.where(Semester.institution_id == tenant(), Semester.id == key), Semester, None)


async def frame_of(context: Context, semester: int) -> Frame:
    """One statement. A school that has not set how cards rank has them ranked as reports are."""
    (row,) = await context.fetch(_frame(), semester=semester)
    said = row["ranks"] or RankMethod.COMPETITION
    return Frame(row["start_date"], row["end_date"], None if said == NO_RANKS else RankMethod[said])


def _joined(model: Any, key: Any) -> Any:
    return and_(model.institution_id == tenant(), model.id == key)


def _columns(lead: Any) -> dict[str, Any]:
    profile, student, course, part = SchoolProfile, Student, Course, Semester
    school = {name: getattr(profile, name) for name in ("address", "phone", "email")}
    names = ("first_name", "last_name", "date_of_birth", "gender")
    return {
        "student_id": student.id,
        "course_id": course.id,
        "school_name": func.coalesce(profile.school_name, Institution.name),
        "school_code": Institution.code,
        **school,
        "number": student.student_number,
        "full_name": value(student, "full_name"),
        **{name: getattr(student, name) for name in names},
        "course_name": course.name,
        "section": course.section,
        "grade_level": GradeLevel.name,
        "school_year": SchoolYear.code,
        "lead_teacher": value(lead, "full_name"),
        "semester_name": part.name,
        "code": part.code,
        "start_date": part.start_date,
        "end_date": part.end_date,
    }


@lru_cache(maxsize=64)
def _facts(roles: frozenset[Role]) -> Statement:
    lead = aliased(User)
    columns = _columns(lead)
    found = select(*(each.label(name) for name, each in columns.items())).select_from(Student)
    found = found.join(Course, _joined(Course, bindparam("course", type_=BigInteger())))
    found = found.join(Semester, _joined(Semester, bindparam("semester", type_=BigInteger())))
    found = found.join(Institution, Institution.id == tenant())
    found = found.join(SchoolYear, _joined(SchoolYear, Course.school_year_id))
    found = found.outerjoin(SchoolProfile, SchoolProfile.institution_id == tenant())
    found = found.outerjoin(GradeLevel, _joined(GradeLevel, Course.grade_level_id))
    found = found.outerjoin(lead, _joined(lead, value(Course, "lead_teacher_id")))
    found = found.where(Student.institution_id == tenant(), Student.id == func.any(STUDENTS))
    # Who sees a student's marks in the course sees what is printed beside them.
    found = found.where(scope(Grade, SimpleNamespace(student_id=Student.id, course_id=Course.id), roles))
    return _plain(found, Grade, "student_id")


def _plain(found: Select[Any], like: Any, student: str | None) -> Statement:
    return replace(compiled(found, like, subjects=of_rows(found, student)), record=Row)


async def facts_of(context: Context, course: int, semester: int, students: Sequence[int]) -> dict[int, Facts]:
    """What cards of the students name, by student. One statement."""
    statement = _facts(context.viewer.roles)
    rows = await context.fetch(statement, course=course, semester=semester, students=list(students))
    return {row["student_id"]: _fact(row) for row in rows}


def _fact(row: Any) -> Facts:
    born, days = row["date_of_birth"], (row["start_date"], row["end_date"])
    return Facts(
        CardSchool(row["school_name"], row["school_code"], row["address"], row["phone"], row["email"]),
        CardStudent(row["number"], row["first_name"], row["last_name"], row["full_name"], born, row["gender"]),
        CardCourse(row["course_name"], row["section"], row["grade_level"], row["school_year"], row["lead_teacher"]),
        CardSemester(row["semester_name"], row["code"], *days),
    )


@lru_cache(maxsize=64)
def _comments(roles: frozenset[Role]) -> Statement:
    comment, card = ReportCardComment, ReportCard
    columns = comment.kind, comment.subject_id, Subject.name.label("subject_name"), comment.text
    found = select(card.student_id, *columns, value(User, "full_name").label("author")).select_from(card)
    found = found.join(comment, and_(comment.institution_id == tenant(), comment.report_card_id == card.id))
    found = found.outerjoin(Subject, _joined(Subject, comment.subject_id))
    found = found.outerjoin(User, _joined(User, comment.author_id))
    same = card.course_id == bindparam("course", type_=BigInteger()), card.student_id == func.any(STUDENTS)
    found = found.where(card.institution_id == tenant(), *same, card.state != ReportCardState.SUPERSEDED)
    found = found.where(card.semester_id == bindparam("semester", type_=BigInteger()), scope(card, card, roles))
    found = found.order_by(comment.kind.desc(), Subject.name.nulls_first(), comment.subject_id)
    return _plain(found, ReportCardComment, "student_id")


async def comments_of(
    context: Context, course: int, semester: int, students: Sequence[int]
) -> dict[int, list[CardComment]]:
    """The comments as they stand, by student: those of the teachers first, overall before subjects. One statement."""
    statement = _comments(context.viewer.roles)
    rows = await context.fetch(statement, course=course, semester=semester, students=list(students))
    found: dict[int, list[CardComment]] = {}
    for row in rows:
        found.setdefault(row["student_id"], []).append(CardComment(*row[1:]))
    return found


@lru_cache(maxsize=1)
def _subjects() -> Statement:
    keys = bindparam("subjects", type_=ARRAY(BigInteger()))
    columns: list[Any] = [Subject.id, Subject.name, Subject.code]
    found = select(*columns)
    return _plain(found.where(Subject.institution_id == tenant(), Subject.id == func.any(keys)), Subject, None)


async def subjects_of(context: Context, keys: Collection[int]) -> dict[int, tuple[str, str | None]]:
    """Names and codes of subjects, by key. One statement."""
    rows = await context.fetch(_subjects(), subjects=list(keys))
    return {row["id"]: (row["name"], row["code"]) for row in rows}


@lru_cache(maxsize=1)
def _legend() -> Statement:
    scale, band = GradingScale, GradingScaleBand
    columns = band.letter, exact(value(band, "lower_bound"), "lower_bound"), exact(value(band, "points"), "points")
    found = select(scale.name, *columns).select_from(scale)
    found = found.outerjoin(band, and_(band.institution_id == tenant(), band.grading_scale_id == scale.id))
    found = found.where(_joined(scale, bindparam("scale", type_=BigInteger()))).order_by(band.lower_bound.desc())
    return _plain(found, GradingScale, None)


async def legend_of(context: Context, scale: int | None) -> tuple[str | None, Sequence[CardBand]]:
    """The name of a scale and its letters, the highest first. One statement, or none where there is no scale."""
    if scale is None:
        return None, ()
    rows = await context.fetch(_legend(), scale=scale)
    return rows[0]["name"], tuple(CardBand(*row[1:]) for row in rows if row["letter"] is not None)
