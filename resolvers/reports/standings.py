"""What the students of one course have in one semester: each with the figures over all and subject by subject."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

from models import Choice, Role
from resolvers.context import Context
from resolvers.reports.arithmetic import shown
from resolvers.reports.figures import ONE_COURSE, RankMethod, chain, ranked
from resolvers.reports.reading import report
from resolvers.statements import Statement


class Completeness(Choice):
    COMPLETE = "COMPLETE", "There are marks, and none is missing."
    PARTIAL = "PARTIAL", "There are marks, and some are missing."
    MISSING = "MISSING", "There is no mark that counts, and there should be."
    EXEMPT = "EXEMPT", "There is no mark that counts, and none is expected."


@dataclass(slots=True)
class SubjectFigures:
    """One subject of one student. Decimals are text; `exact` has not been rounded.

    Not frozen, since that makes it cost several times as much, and a class has hundreds.
    """

    course_id: int
    semester_id: int
    student_id: int
    subject_id: int
    coefficient: str
    credits: str | None
    marks: int
    exempt: int
    missing: int
    expected: bool
    exact: str | None
    average: str | None
    letter: str | None
    points: str | None
    passed: bool | None
    rank: int | None

    @property
    def completeness(self) -> Completeness:
        if self.marks:
            return Completeness.PARTIAL if self.missing else Completeness.COMPLETE
        return Completeness.MISSING if self.expected or self.missing else Completeness.EXEMPT


@dataclass(frozen=True, slots=True)
class StudentFigures:
    """One student over all subjects.

    `weighted` by `weights` is `exact`; `member` says whether the class has them. The last are those of the scale;
    `scale_id` is None where settings stand for it.
    """

    course_id: int
    semester_id: int
    student_id: int
    member: bool
    marks: int
    missing: int
    expected: int
    marked: int
    weighted: str | None
    weights: str | None
    exact: str | None
    average: str | None
    letter: str | None
    passed: bool | None
    rank: int | None
    class_size: int
    ranked: int
    scale_id: int | None
    min_score: str
    max_score: str
    pass_mark: str
    rounding_mode: str
    decimals: int
    subjects: Sequence[SubjectFigures] = field(default=(), compare=False)

    @property
    def complete(self) -> bool:
        """Every expected subject has an average, and no mark is missing."""
        return self.marked == self.expected and not self.missing


OVERALL = tuple(each.name for each in fields(StudentFigures) if each.name != "subjects")
SUBJECT = tuple(each.name for each in fields(SubjectFigures) if each.name not in OVERALL[:3])
_DECIMALS = {"coefficient", "credits", "exact", "average", "points", "weighted", "weights"}
_DECIMALS |= {"min_score", "max_score", "pass_mark"}
_SHOWN = (*OVERALL, "subjects")
_ORDER = ("first_name", "last_name", "student_id")


def _told(source: str, name: str) -> str:
    return shown(f"{source}.{name}") if name in _DECIMALS else f"{source}.{name}"


def standings_sql(
    asked: str, method: RankMethod, where: str, *, columns: str, subject: str, held_to: str = "today"
) -> str:
    """One row for each student: `columns` of the standing `o`, the student `p` and `c.subjects`, an array of `subject`.

    That is what is told of the cell `c` in the subject `u`; the array is ordered by the subject's name, and null where
    there is none.
    """
    of_all = ranked("o", "o.course_id, o.semester_id", "o.average", method)
    of_subject = ranked("c", "c.course_id, c.semester_id, c.subject_id", "c.average", method)
    return f"""{chain(asked, held_to=held_to)},
    told AS MATERIALIZED (
        SELECT c.course_id, c.semester_id, c.student_id, array_agg({subject} ORDER BY u.name, u.id) AS subjects
        FROM (SELECT c.*, {of_subject} AS rank FROM cell c) c
        JOIN subject u ON u.institution_id = :tenant AND u.id = c.subject_id
        GROUP BY c.course_id, c.semester_id, c.student_id
    )
    SELECT {columns} FROM (SELECT o.*, {of_all} AS rank FROM standing o) o
    JOIN student p ON p.institution_id = :tenant AND p.id = o.student_id
    LEFT JOIN told c USING (course_id, semester_id, student_id)
    WHERE {where}"""


def standings(roles: frozenset[Role], method: RankMethod, where: str, *, held_to: str = "today") -> Statement:
    """The students of a class for whom `where` holds, as far as somebody with `roles` sees them, by first name.

    What is of a student is in a row once, and what is of their subjects in an array: a third of the values that a row
    for each subject would have.
    """
    overall = ", ".join(f"{_told('o', name)} AS {name}" for name in OVERALL)
    subject = f"ROW({', '.join(_told('c', name) for name in SUBJECT)})"
    columns = f"{overall}, c.subjects, p.first_name, p.last_name"
    sql = standings_sql(ONE_COURSE, method, where, columns=columns, subject=subject, held_to=held_to)
    found = report(sql, (*_SHOWN, *_ORDER[:2]), roles, order=_ORDER, shown=_SHOWN)
    return replace(found, plain=False)


@lru_cache(maxsize=64)
def _statement(roles: frozenset[Role], method: RankMethod, one: bool) -> Statement:
    """The figures of a class, or of one student, who may have left it."""
    return standings(roles, method, "o.student_id = :student" if one else "o.member")


def collected(rows: Sequence[Any]) -> list[StudentFigures]:
    """The rows of `standings` as objects."""
    found = []
    for row in rows:
        subjects = [SubjectFigures(*row[:3], *each) for each in row["subjects"] or ()]
        found.append(StudentFigures(*(*row[:-1], subjects)))
    return found


async def class_figures(context: Context, course: int, semester: int, method: RankMethod) -> list[StudentFigures]:
    """The class of a course in a semester, by first name, as far as the viewer may see it. One statement."""
    found = _statement(context.viewer.roles, method, one=False)
    return collected(await context.fetch(found, course=course, semester=semester))


async def student_figures(
    context: Context, student: int, course: int, semester: int, method: RankMethod
) -> StudentFigures | None:
    """One student, who may have left the class; None where there is nothing of theirs, or nothing that may be seen."""
    found = _statement(context.viewer.roles, method, one=True)
    rows = await context.fetch(found, student=student, course=course, semester=semester)
    return collected(rows)[0] if rows else None
