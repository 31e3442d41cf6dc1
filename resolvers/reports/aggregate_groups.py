"""What aggregates are of, and what they are grouped by.

Every student stands in one group of each dimension in a school year: groups of one dimension add up to all of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Subquery, bindparam, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from models import (
    Attendance,
    Base,
    Choice,
    Course,
    Enrollment,
    EnrollmentStatus,
    FamilyInfo,
    Grade,
    Role,
    Scholarship,
    ScholarshipStatus,
    SchoolYear,
    Student,
)
from models.computed import tenant
from resolvers.access import audiences, scope
from resolvers.errors import Forbidden
from resolvers.policy import shown_as

FAMILY = frozenset({Role.GUARDIAN, Role.STUDENT})


class AggregateOf(Choice):
    GRADES = "GRADES", "Marks that count, each subject and semester by itself."
    ATTENDANCE = "ATTENDANCE", "Sessions that were expected, up to today."
    ENROLLMENTS = "ENROLLMENTS", "Enrolments in courses, without those that are PENDING."
    SCHOLARSHIPS = (
        "SCHOLARSHIPS",
        "Scholarships that begin in the year and are ACTIVE or ENDED, each currency by itself.",
    )


class AggregateBy(Choice):
    GENDER = "GENDER", "Gender of the student."
    GRADE_LEVEL = "GRADE_LEVEL", "Grade level of the course of the year that the student was enrolled in last."
    SECTION = "SECTION", "Section of that course, whatever its grade level."
    VILLAGE = "VILLAGE", "Village of the student's address."
    RELIGION = "RELIGION", "Religion of the student."
    CASTE = "CASTE", "Caste of the student."
    VACCINATED = "VACCINATED", "Whether the student has the required vaccinations."
    NEEDS_CLOTHES = "NEEDS_CLOTHES", "Whether the student needs help with clothes."
    NEEDS_MATERIALS = "NEEDS_MATERIALS", "Whether the student needs help with school materials."
    NEEDS_TRANSPORT = "NEEDS_TRANSPORT", "Whether the student needs help with transport."
    POVERTY_CARD = "POVERTY_CARD", "Whether the family has a poverty card."
    OWN_HOUSE = "OWN_HOUSE", "Whether the family owns its house."
    SCHOLARSHIP = "SCHOLARSHIP", "Whether the student has a scholarship that begins in the year, ACTIVE or ENDED."


FACTS: Mapping[AggregateOf, type[Base]] = {
    AggregateOf.GRADES: Grade,
    AggregateOf.ATTENDANCE: Attendance,
    AggregateOf.ENROLLMENTS: Enrollment,
    AggregateOf.SCHOLARSHIPS: Scholarship,
}


def year() -> BindParameter[Any]:
    """The school year asked for."""
    return bindparam("year", type_=BigInteger())


def awarded() -> list[ColumnElement[bool]]:
    """Scholarships of the year: those that begin in it, or after it and before the next one; the first has all earlier.

    So each is of one year, and no two years tell of the same one.
    """
    source = Scholarship
    before = aliased(SchoolYear)
    years = select(before.id).where(before.institution_id == tenant())
    last = years.where(before.start_date <= source.start_date).order_by(before.start_date.desc()).limit(1)
    first = years.order_by(before.start_date).limit(1)
    found = func.coalesce(last.correlate(Scholarship).scalar_subquery(), first.scalar_subquery())
    lasting = or_(source.status == ScholarshipStatus.ACTIVE, source.status == ScholarshipStatus.ENDED)
    return [source.institution_id == tenant(), lasting, found == year()]


@lru_cache(maxsize=32)
def _place(roles: frozenset[Role]) -> Subquery:
    """Each student's course of the year with a grade level that they were enrolled in last."""
    row = select(Enrollment.student_id, Course.grade_level_id, Course.section)
    row = (
        row.ext(distinct_on(Enrollment.student_id))
        .join(Course, (Course.institution_id == Enrollment.institution_id) & (Course.id == Enrollment.course_id))
        .where(
            Enrollment.institution_id == tenant(),
            Enrollment.status != EnrollmentStatus.PENDING,
            Course.school_year_id == year(),
            Course.grade_level_id.is_not(None),
            Course.deleted_at.is_(None),
            scope(Enrollment, Enrollment, roles),
        )
    )
    return row.order_by(Enrollment.student_id, Enrollment.begin_date.desc(), Enrollment.id.desc()).subquery("place")


@dataclass(frozen=True)
class Dimension:
    """`model` and `column` say whose policy it goes by; `value` is its SQL for a student, given their place."""

    model: type[Base]
    column: str
    value: Callable[[Any], ColumnElement[Any]]


def _of(model: Any, column: str) -> Dimension:
    return Dimension(model, column, lambda place: getattr(model, column))


# Unknown where nothing is known of the family.
_HAS_CARD = case((FamilyInfo.id.is_not(None), func.coalesce(FamilyInfo.poverty_card, "") != ""))
_HOLDS = exists().where(*awarded(), Scholarship.student_id == Student.id).correlate(Student)
DIMENSIONS: Mapping[AggregateBy, Dimension] = {
    AggregateBy.GENDER: _of(Student, "gender"),
    AggregateBy.GRADE_LEVEL: Dimension(Course, "grade_level_id", lambda place: place.c.grade_level_id),
    AggregateBy.SECTION: Dimension(Course, "section", lambda place: place.c.section),
    **{
        each: _of(Student, each.value.lower())
        for each in (
            AggregateBy.VILLAGE,
            AggregateBy.RELIGION,
            AggregateBy.CASTE,
            AggregateBy.VACCINATED,
            AggregateBy.NEEDS_CLOTHES,
            AggregateBy.NEEDS_MATERIALS,
            AggregateBy.NEEDS_TRANSPORT,
        )
    },
    AggregateBy.POVERTY_CARD: Dimension(FamilyInfo, "poverty_card", lambda place: _HAS_CARD),
    AggregateBy.OWN_HOUSE: _of(FamilyInfo, "own_house"),
    AggregateBy.SCHOLARSHIP: Dimension(Scholarship, "status", lambda place: _HOLDS),
}


def name_of(by: AggregateBy) -> str:
    """Under which name the groups of a dimension have their values."""
    return "grade_level_id" if by is AggregateBy.GRADE_LEVEL else by.value.lower()


def check_allowed(of: AggregateOf, named: Iterable[tuple[str, AggregateBy]], roles: frozenset[Role]) -> None:
    """Raises Forbidden where somebody with these roles sees no rows of that, or not all of what is grouped by.

    `named` are dimensions, each after the place in the arguments where it stands.
    """
    if not audiences(FACTS[of], roles):
        raise Forbidden(f"of: {of.value} is not shown to your roles", field="of")
    for place, by in named:
        if shown_as(DIMENSIONS[by].model, DIMENSIONS[by].column, roles) is not None:
            raise Forbidden(f"{place}: {by.value} is not shown to your roles", field=place)


def students(by: tuple[AggregateBy, ...], roles: frozenset[Role]) -> Subquery:
    """Each student who is not retired, `id`, with their groups, `g0` and `g1`."""
    place, source = _place(roles), Student.__table__
    models = {DIMENSIONS[each].model for each in by}
    joined: Any = source
    if Course in models:
        joined = joined.outerjoin(place, place.c.student_id == Student.id)
    if FamilyInfo in models:
        family = (FamilyInfo.institution_id == tenant()) & (FamilyInfo.student_id == Student.id)
        joined = joined.outerjoin(FamilyInfo.__table__, family)
    groups = [DIMENSIONS[each].value(place).label(f"g{n}") for n, each in enumerate(by)]
    rows = select(Student.id, *groups).select_from(joined)
    return rows.where(Student.institution_id == tenant(), Student.deleted_at.is_(None)).subquery("p")
