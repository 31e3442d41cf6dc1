"""Which courses a report over a semester is about: those of its school year that are in use, or some of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import BigInteger, Text, and_, bindparam, select, true

from models import Course, Grade, Role, Semester
from models.computed import tenant
from resolvers.access import audiences, scope, sees_all
from resolvers.context import Context
from resolvers.statements import Statement, compiled

# The dates of every course are those of the semester that is asked for.
COURSES_OF_SEMESTER = (
    "SELECT c.id AS course_id, s.id AS semester_id, s.start_date, s.end_date FROM course c"
    " JOIN semester s ON s.institution_id = c.institution_id"
    " WHERE c.institution_id = :tenant AND c.id = ANY(:courses) AND s.id = :semester"
)


@dataclass(frozen=True)
class Scope:
    """Whom figures are about: the students of a semester's courses, or of some of them, in all subjects or in one."""

    semester: int
    course: int | None = None
    grade_level: int | None = None
    section: str | None = None
    subject: int | None = None

    @property
    def given(self) -> Mapping[str, int | str]:
        """What narrows the courses down, by column."""
        found = {"id": self.course, "grade_level_id": self.grade_level, "section": self.section}
        return {name: value for name, value in found.items() if value is not None}


def teaches(roles: frozenset[Role]) -> bool:
    """Whether figures are to be those of courses taught alone: who teaches and is not of the office."""
    seen_as = audiences(Grade, roles)
    return Role.TEACHER in seen_as and not sees_all(Grade, seen_as)


def of_others(roles: frozenset[Role]) -> bool:
    """Whether somebody may know of a class as a whole: whoever sees more than the own family."""
    return bool(audiences(Grade, roles) - {Role.GUARDIAN, Role.STUDENT})


@lru_cache(maxsize=256)
def _statement(roles: frozenset[Role] | None, names: tuple[str, ...]) -> Statement:
    year = select(Semester.school_year_id).where(
        Semester.institution_id == tenant(), Semester.id == bindparam("semester", type_=BigInteger())
    )
    seen = true() if roles is None else scope(Course, Course, roles)
    kinds = {"section": Text()}
    given = (getattr(Course, name) == bindparam(name, type_=kinds.get(name, BigInteger())) for name in names)
    found = select(Course.id).where(Course.institution_id == tenant(), Course.deleted_at.is_(None), seen)
    found = found.where(Course.school_year_id == year.scalar_subquery(), and_(true(), *given))
    return compiled(found, Course, subjects=None)


async def courses_of(context: Context, asked: Scope, *, roles: frozenset[Role] | None) -> list[int]:
    """Keys of the courses that are asked for, as far as somebody with `roles` sees them; None: all. One statement."""
    rows = await context.fetch(_statement(roles, tuple(asked.given)), semester=asked.semester, **asked.given)
    return [row["id"] for row in rows]
