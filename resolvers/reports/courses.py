"""Which courses a report over a semester is about: those of its school year that are in use, or some of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Text, and_, bindparam, select, true
from sqlalchemy.types import TypeEngine

from models import Course, Grade, Role, Semester
from models.computed import tenant
from resolvers.access import audiences, scope, sees_all

KINDS: dict[str, TypeEngine[Any]] = {"id": BigInteger(), "grade_level_id": BigInteger(), "section": Text()}


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


def having(names: Iterable[str]) -> list[ColumnElement[bool]]:
    """Conditions on courses, by the columns named; their values are parameters of the same names."""
    return [getattr(Course, name) == bindparam(name, type_=KINDS[name]) for name in names]


def asked_for(names: tuple[str, ...], roles: frozenset[Role] | None) -> CTE:
    """The courses that are asked for, with the semester's dates, as far as somebody with `roles` sees them; None: all.

    `names` are those of `Scope.given`, whose values are parameters; so is `semester`.
    """
    year = and_(Semester.institution_id == tenant(), Semester.school_year_id == Course.school_year_id)
    rows = select(
        Course.id.label("course_id"), Semester.id.label("semester_id"), Semester.start_date, Semester.end_date
    ).join(Semester, year)
    rows = rows.where(Semester.id == bindparam("semester", type_=BigInteger()))
    rows = rows.where(Course.institution_id == tenant(), Course.deleted_at.is_(None))
    rows = rows.where(*having(names))
    return rows.where(true() if roles is None else scope(Course, Course, roles)).cte("asked")
