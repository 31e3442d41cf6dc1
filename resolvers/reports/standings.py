"""What the students of one course have in one semester: each with the figures over all and subject by subject."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
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


@dataclass(frozen=True, slots=True)
class SubjectFigures:
    """One subject of one student. Decimals are text; `exact` has not been rounded."""

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
_SHOWN = (*OVERALL, *(f"c_{name}" for name in SUBJECT))
_NAMES = ("first_name", "last_name", "subject_name")
ORDER = ("first_name", "last_name", "student_id", "subject_name", "c_subject_id")


def _outputs(source: str, names: Sequence[str], prefix: str = "") -> str:
    return ", ".join(
        f"{shown(f'{source}.{name}') if name in _DECIMALS else f'{source}.{name}'} AS {prefix}{name}" for name in names
    )


def standings_sql(asked: str, method: RankMethod, where: str, *, held_to: str = "today") -> str:
    """One row for each student and subject; a student without subjects has one row too."""
    of_all = ranked("o", "o.course_id, o.semester_id", "o.average", method)
    of_subject = ranked("c", "c.course_id, c.semester_id, c.subject_id", "c.average", method)
    return f"""{chain(asked, held_to=held_to)}
    SELECT {_outputs("o", OVERALL)}, {_outputs("c", SUBJECT, "c_")}, p.first_name, p.last_name, u.name AS subject_name
    FROM (SELECT o.*, {of_all} AS rank FROM standing o) o
    JOIN student p ON p.institution_id = :tenant AND p.id = o.student_id
    LEFT JOIN (SELECT c.*, {of_subject} AS rank FROM cell c) c USING (course_id, semester_id, student_id)
    LEFT JOIN subject u ON u.institution_id = :tenant AND u.id = c.subject_id
    WHERE {where}"""


@lru_cache(maxsize=64)
def statement(roles: frozenset[Role], method: RankMethod, one: bool) -> Statement:
    """The figures of a class, or of one student, who may have left it; as far as somebody with `roles` sees them."""
    sql = standings_sql(ONE_COURSE, method, "o.student_id = :student" if one else "o.member")
    return report(sql, (*_SHOWN, *_NAMES), roles, order=ORDER, shown=_SHOWN)


def _subjects(rows: Sequence[Any]) -> list[SubjectFigures]:
    key = rows[0][:3]
    values = itemgetter(*range(len(OVERALL), len(OVERALL) + len(SUBJECT)))
    return [SubjectFigures(*key, *values(row)) for row in rows if row["c_subject_id"] is not None]


def collected(rows: Sequence[Any]) -> list[StudentFigures]:
    """Rows of `standings_sql`, ordered by student, as one object for each student."""
    groups = (list(found) for _, found in groupby(rows, attrgetter("student_id")))
    return [StudentFigures(*(*found[0][: len(OVERALL)], _subjects(found))) for found in groups]


async def class_figures(context: Context, course: int, semester: int, method: RankMethod) -> list[StudentFigures]:
    """The class of a course in a semester, by first name, as far as the viewer may see it. One statement."""
    found = statement(context.viewer.roles, method, one=False)
    return collected(await context.fetch(found, course=course, semester=semester))


async def student_figures(
    context: Context, student: int, course: int, semester: int, method: RankMethod
) -> StudentFigures | None:
    """One student, who may have left the class; None where there is nothing of theirs, or nothing that may be seen."""
    found = statement(context.viewer.roles, method, one=True)
    rows = await context.fetch(found, student=student, course=course, semester=semester)
    return collected(rows)[0] if rows else None
