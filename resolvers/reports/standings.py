"""What the students of one course have in one semester: each with the figures over all and subject by subject."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from itertools import accumulate, pairwise, repeat
from itertools import chain as chained
from typing import Any

from models import Choice, Role
from resolvers.beside import Beside
from resolvers.columns import Columns, Derived, Table
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


def completeness(marks: int, missing: int, expected: bool) -> Completeness:
    """Of a subject in which there are so many marks that count, and so many are due and not there."""
    if marks:
        return Completeness.PARTIAL if missing else Completeness.COMPLETE
    return Completeness.MISSING if expected or missing else Completeness.EXEMPT


def complete(marked: int, expected: int, missing: int) -> bool:
    """Every expected subject has an average, and no mark is missing."""
    return marked == expected and not missing


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
        return completeness(self.marks, self.missing, self.expected)


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
        return complete(self.marked, self.expected, self.missing)


OVERALL = tuple(each.name for each in fields(StudentFigures) if each.name != "subjects")
KEYS = OVERALL[:3]
SUBJECT = tuple(each.name for each in fields(SubjectFigures) if each.name not in KEYS)
_DECIMALS = {"coefficient", "credits", "exact", "average", "points", "weighted", "weights"}
_DECIMALS |= {"min_score", "max_score", "pass_mark"}
# What their properties follow from.
OF_SUBJECTS: Derived = {"completeness": (completeness, ("marks", "missing", "expected"))}
OF_STUDENTS: Derived = {"complete": (complete, ("marked", "expected", "missing"))}
# What says how a figure came about, and is left out where nobody asks for any of it: much of it is long.
EXPLAINING = frozenset({"coefficient", "credits", "exempt", "exact", "points", "weighted", "weights"})
EXPLAINING |= {"scale_id", "min_score", "max_score", "pass_mark", "rounding_mode", "decimals"}
_NAMES = ("p.first_name", "p.last_name")
_ORDER = ("first_name", "last_name", "student_id")


def _told(source: str, name: str) -> str:
    return shown(f"{source}.{name}") if name in _DECIMALS else f"{source}.{name}"


def standings_sql(
    asked: str, method: RankMethod, where: str, *, columns: str, cells: Mapping[str, str], held_to: str = "today"
) -> str:
    """One row for each student: `columns` of the standing `o`, the student `p` and the student's cells `c`.

    The last has an array of each of `cells`: by name what is told of the cell `c` in the subject `u`, ordered by the
    subject's name, and null where there is none.
    """
    of_all = ranked("o", "o.course_id, o.semester_id", "o.average", method)
    of_subject = ranked("c", "c.course_id, c.semester_id, c.subject_id", "c.average", method)
    arrays = ", ".join(f"array_agg({told} ORDER BY u.name, u.id) AS {name}" for name, told in cells.items())
    return f"""{chain(asked, held_to=held_to)},
    told AS MATERIALIZED (
        SELECT c.course_id, c.semester_id, c.student_id, {arrays}
        FROM (SELECT c.*, {of_subject} AS rank FROM cell c) c
        JOIN subject u ON u.institution_id = :tenant AND u.id = c.subject_id
        GROUP BY c.course_id, c.semester_id, c.student_id
    )
    SELECT {columns} FROM (SELECT o.*, {of_all} AS rank FROM standing o) o
    JOIN student p ON p.institution_id = :tenant AND p.id = o.student_id
    LEFT JOIN told c USING (course_id, semester_id, student_id)
    WHERE {where}"""


def _array(name: str) -> str:
    return f"of_{name}"


def _left(names: tuple[str, ...], explained: bool) -> tuple[str, ...]:
    return names if explained else tuple(name for name in names if name not in EXPLAINING)


def standings(
    roles: frozenset[Role], method: RankMethod, where: str, *, held_to: str = "today", explained: bool = True
) -> Statement:
    """The students of a class for whom `where` holds, as far as somebody with `roles` sees them, by first name.

    What is of a student is in a row once, and what is of their subjects in an array for each column: the driver reads
    whole columns several times as fast as what is in records. With `explained` there is all that figures have.
    """
    overall, subject = _left(OVERALL, explained), _left(SUBJECT, explained)
    cells = {_array(name): _told("c", name) for name in subject}
    columns = (*(f"{_told('o', name)} AS {name}" for name in overall), *(f"c.{array}" for array in cells), *_NAMES)
    sql = standings_sql(ONE_COURSE, method, where, columns=", ".join(columns), cells=cells, held_to=held_to)
    shown = (*overall, *cells)
    found = report(sql, (*shown, *_ORDER[:2]), roles, order=_ORDER, shown=shown)
    return replace(found, plain=False)


@lru_cache(maxsize=64)
def _statement(roles: frozenset[Role], method: RankMethod, *, one: bool, explained: bool) -> Statement:
    """The figures of a class, or of one student, who may have left it."""
    return standings(roles, method, "o.student_id = :student" if one else "o.member", explained=explained)


def collected(rows: Sequence[Any], *, explained: bool = True) -> Sequence[StudentFigures]:
    """The rows of `standings`, which may have more columns, as objects: made as far as somebody asks for them."""
    if not rows:
        return []
    overall, subject = _left(OVERALL, explained), _left(SUBJECT, explained)
    columns = list(zip(*rows, strict=True))
    of_all, arrays = dict(zip(overall, columns, strict=False)), columns[len(overall) : len(overall) + len(subject)]
    numbers = [len(each or ()) for each in arrays[0]]
    keys = {name: _flat(map(repeat, of_all[name], numbers)) for name in KEYS}
    values = {name: _flat(filter(None, array)) for name, array in zip(subject, arrays, strict=True)}
    cells = Table(SubjectFigures, keys | values, OF_SUBJECTS)
    of_each = [Columns(cells, *span) for span in pairwise(accumulate(numbers, initial=0))]
    return Table(StudentFigures, {**of_all, "subjects": of_each}, OF_STUDENTS).all


def _flat(parts: Iterable[Iterable[Any]]) -> list[Any]:
    return list(chained.from_iterable(parts))


async def class_figures(
    context: Context,
    course: int,
    semester: int,
    method: RankMethod,
    *,
    explained: bool = True,
    beside: Beside | None = None,
) -> Sequence[StudentFigures]:
    """The class of a course in a semester, by first name, as far as the viewer may see it. One statement."""
    found = _statement(context.viewer.roles, method, one=False, explained=explained)
    values = {"course": course, "semester": semester}
    rows = await (beside or Beside(context, ())).fetch(found, values, {"subject_id": _array("subject_id")})
    return collected(rows, explained=explained)


async def student_figures(
    context: Context, student: int, course: int, semester: int, method: RankMethod
) -> StudentFigures | None:
    """One student, who may have left the class; None where there is nothing of theirs, or nothing that may be seen."""
    found = _statement(context.viewer.roles, method, one=True, explained=True)
    rows = await context.fetch(found, student=student, course=course, semester=semester)
    return collected(rows)[0] if rows else None
