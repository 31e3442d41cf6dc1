"""How a class did in each subject, and which marks are not there."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from models import Course, CourseSubject, Role, Semester
from resolvers.batches import Shape, by_id
from resolvers.context import Context
from resolvers.reports.arithmetic import quotient, rounded, shown
from resolvers.reports.courses import Scope, asked_for
from resolvers.reports.figures import ONE_COURSE, SCALES, RankMethod, chain, of_each_course
from resolvers.reports.matrix import is_seen
from resolvers.reports.ranking import window
from resolvers.reports.reading import report
from resolvers.reports.standings import StudentFigures, class_figures
from resolvers.statements import Statement

FAMILY = frozenset({Role.GUARDIAN, Role.STUDENT})


@dataclass(frozen=True, slots=True)
class SubjectSummary:
    """One subject of a class. `mean` is of the unrounded averages; lowest and highest are rounded ones."""

    course_id: int
    subject_id: int
    students: int
    marked: int
    expected: int
    passed: int
    marks: int
    exempt: int
    missing: int
    exact: str | None
    mean: str | None
    lowest: str | None
    highest: str | None


@dataclass(frozen=True, slots=True)
class CourseSummary:
    course_id: int
    semester_id: int
    subjects: Sequence[SubjectSummary]


@dataclass(frozen=True, slots=True)
class MissingGrade:
    """A student without all marks in a subject of a course: `marks` count, `missing` do not."""

    student_id: int
    course_id: int
    subject_id: int
    marks: int
    missing: int


_SUMMARY = tuple(each.name for each in fields(SubjectSummary))
_MISSING = tuple(each.name for each in fields(MissingGrade))
_DECIMALS = {"exact", "mean", "lowest", "highest"}
_SUMMED = f"""
    SELECT c.course_id, c.subject_id, s.rounding_mode, s.decimals, count(*) AS students, count(c.average) AS marked,
        count(*) FILTER (WHERE c.expected) AS expected, count(*) FILTER (WHERE c.passed) AS passed,
        sum(c.marks)::bigint AS marks, sum(c.exempt)::bigint AS exempt, sum(c.missing)::bigint AS missing,
        {quotient("sum(c.exact)", "count(c.exact)")} AS exact, min(c.average) AS lowest, max(c.average) AS highest
    FROM cell c JOIN scale s USING (course_id) WHERE c.member
    GROUP BY c.course_id, c.subject_id, s.rounding_mode, s.decimals"""


@lru_cache(maxsize=32)
def _summary(roles: frozenset[Role]) -> Statement:
    outputs = ", ".join(f"{shown(f'x.{name}') if name in _DECIMALS else f'x.{name}'} AS {name}" for name in _SUMMARY)
    means = f"SELECT y.*, {rounded('y.exact', 'y.rounding_mode', 'y.decimals')} AS mean FROM ({_SUMMED}) y"
    sql = f"""{chain(ONE_COURSE)} SELECT {outputs}, u.name AS subject_name FROM ({means}) x
    JOIN subject u ON u.institution_id = :tenant AND u.id = x.subject_id"""
    order = ("subject_name", "subject_id")
    return report(sql, (*_SUMMARY, "subject_name"), roles, like=CourseSubject, order=order, shown=_SUMMARY)


@lru_cache(maxsize=128)
def _missing(roles: frozenset[Role], given: tuple[str, ...]) -> Statement:
    lacking = "SELECT c.student_id, c.subject_id, c.marks, c.missing FROM counted c"
    lacking += " WHERE c.member AND (c.missing > 0 OR (c.expected AND c.marks = 0))"
    sql = f"""WITH {SCALES}
    SELECT c.student_id, c.course_id, c.subject_id, c.marks, c.missing, k.name AS course_name, p.first_name,
        p.last_name, u.name AS subject_name
    FROM {of_each_course(lacking, lacking=True)} c
    JOIN student p ON p.institution_id = :tenant AND p.id = c.student_id
    JOIN course k ON k.institution_id = :tenant AND k.id = c.course_id
    JOIN subject u ON u.institution_id = :tenant AND u.id = c.subject_id"""
    names = ("course_name", "first_name", "last_name", "subject_name")
    order = ("course_name", "course_id", "first_name", "last_name", "student_id", "subject_name", "subject_id")
    asked = asked_for(given, roles)
    columns = (*_MISSING, *names)
    return report(sql, columns, roles, order=order, shown=_MISSING, limited=True, asked=asked, afresh=True)


async def course_summary(context: Context, course: int, semester: int) -> CourseSummary | None:
    """None where the course or the semester is absent, or hidden, or seen as family alone. Three statements."""
    roles = context.viewer.roles - FAMILY
    seen = await context.load(by_id(Course), Shape(("id",), roles), course, {})
    if seen is None or not await is_seen(context, Semester, semester):
        return None
    rows = await context.fetch(_summary(roles), course=course, semester=semester)
    return CourseSummary(course, semester, [SubjectSummary(*row) for row in rows])


async def students_of(context: Context, of: CourseSummary) -> Sequence[StudentFigures]:
    """The class behind a summary, student by student. One statement."""
    return await class_figures(context, of.course_id, of.semester_id, RankMethod.COMPETITION)


async def missing_grades(context: Context, asked: Scope, *, first: int, offset: int) -> list[MissingGrade]:
    """What is missing in the courses that the viewer sees, of whom they see; one statement. Raises Invalid."""
    part = window(context, first, offset)
    statement = _missing(context.viewer.roles, tuple(asked.given))
    rows = await context.fetch(statement, **asked.given, semester=asked.semester, **part)
    return [MissingGrade(*row) for row in rows]
