"""All that a student has been given, term by term, with credits and grade points.

    result      a subject of a course in a semester in which there is an average, rounded by the course's scale
    points      those of the band that the average falls into
    GPA         of a term: the mean of its results' points, weighted by the credits that the course gives the subject;
                results without points or without credits are left out. Cumulative: the same over this term and all
                before it. Rounded half up to two decimals.
    credits     a course's subject earns its credits once: in the last semester in which there is a result, if that is
                passed. So the credits of the terms add up to those of the transcript.

The viewer's part alone: a teacher gets the results of the courses taught.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from decimal import Context as Precision
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from models import Role, Student
from resolvers.context import Context
from resolvers.reports.arithmetic import DECIMALS, shown
from resolvers.reports.figures import chain
from resolvers.reports.matrix import is_seen
from resolvers.reports.reading import report
from resolvers.statements import Statement

OF_STUDENT = """
    SELECT DISTINCT g.course_id, s.id AS semester_id, s.start_date, s.end_date FROM grade g
    LEFT JOIN assessment t ON t.institution_id = g.institution_id AND t.id = g.assessment_id
    JOIN semester s ON s.institution_id = g.institution_id AND s.id = coalesce(g.semester_id, t.semester_id)
    WHERE g.institution_id = :tenant AND g.student_id = :student"""
HUNDREDTH = Decimal("0.01")
# Points and credits have four decimals each: no sum of a student's is longer.
EXACT = Precision(prec=DECIMALS, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Result:
    """What a transcript has of a subject of a course in a semester. Decimals are text; `earned` are credits."""

    student_id: int
    course_id: int
    semester_id: int
    subject_id: int
    credits: str | None
    exact: str
    average: str
    letter: str | None
    points: str | None
    passed: bool
    last: bool

    @property
    def earned(self) -> Decimal:
        return Decimal(self.credits or 0) if self.last and self.passed else Decimal(0)

    @property
    def weight(self) -> Decimal:
        """The credits by which its points count."""
        return Decimal(0) if self.points is None else Decimal(self.credits or 0)

    @property
    def weighted(self) -> Decimal:
        return self.weight * Decimal(self.points or 0)


@dataclass(frozen=True, slots=True)
class GradePoints:
    """What a GPA is made of, as text: the points, each times its credits, and the credits of those results."""

    weighted: str
    weights: str


@dataclass(frozen=True, slots=True)
class Term:
    """One semester; `before` are the results of those before it."""

    student_id: int
    semester_id: int
    results: Sequence[Result]
    before: Sequence[Result]

    @property
    def credits(self) -> str:
        return credits_of(self.results)

    @property
    def gpa(self) -> str | None:
        return gpa_of(self.results)

    @property
    def points(self) -> GradePoints:
        return points_of(self.results)

    @property
    def all_results(self) -> Sequence[Result]:
        """Of this term and those before it."""
        return [*self.before, *self.results]

    @property
    def cumulative_credits(self) -> str:
        return credits_of(self.all_results)

    @property
    def cumulative_gpa(self) -> str | None:
        return gpa_of(self.all_results)


@dataclass(frozen=True, slots=True)
class Transcript:
    student_id: int
    terms: Sequence[Term]

    @property
    def credits(self) -> str:
        return self.terms[-1].cumulative_credits if self.terms else "0"

    @property
    def gpa(self) -> str | None:
        return self.terms[-1].cumulative_gpa if self.terms else None

    @property
    def points(self) -> GradePoints:
        return points_of(self.terms[-1].all_results if self.terms else ())


def _plain(value: Decimal) -> str:
    """As clients get decimals: without trailing zeros, and without an exponent."""
    return f"{value.normalize():f}"


def credits_of(results: Sequence[Result]) -> str:
    return _plain(sum((each.earned for each in results), Decimal(0)))


def _sums(results: Sequence[Result]) -> tuple[Decimal, Decimal]:
    return sum((each.weighted for each in results), Decimal(0)), sum((each.weight for each in results), Decimal(0))


def points_of(results: Sequence[Result]) -> GradePoints:
    return GradePoints(*map(_plain, _sums(results)))


def gpa_of(results: Sequence[Result]) -> str | None:
    """None where no result has points and credits."""
    points, weights = _sums(results)
    return _plain(EXACT.divide(points, weights).quantize(HUNDREDTH, ROUND_HALF_UP)) if weights else None


COLUMNS = tuple(each.name for each in fields(Result))
_DECIMALS = {"credits", "exact", "average", "points"}


@lru_cache(maxsize=32)
def _statement(roles: frozenset[Role]) -> Statement:
    outputs = ", ".join(f"{shown(f'c.{name}') if name in _DECIMALS else f'c.{name}'} AS {name}" for name in COLUMNS)
    sql = f"""{chain(OF_STUDENT, one_student=True)},
    result AS (
        SELECT c.*, s.start_date, row_number() OVER (PARTITION BY c.student_id, c.course_id, c.subject_id
            ORDER BY s.start_date DESC, s.id DESC) = 1 AS last
        FROM cell c JOIN semester s ON s.institution_id = :tenant AND s.id = c.semester_id
        WHERE c.exact IS NOT NULL AND c.student_id = :student
    )
    SELECT {outputs}, c.start_date, k.name AS course_name, u.name AS subject_name FROM result c
    JOIN course k ON k.institution_id = :tenant AND k.id = c.course_id
    JOIN subject u ON u.institution_id = :tenant AND u.id = c.subject_id"""
    order = ("start_date", "semester_id", "course_name", "course_id", "subject_name", "subject_id")
    return report(sql, (*COLUMNS, "start_date", "course_name", "subject_name"), roles, order=order, shown=COLUMNS)


async def transcript(context: Context, student: int) -> Transcript | None:
    """None where the student is absent or hidden. Two statements."""
    if not await is_seen(context, Student, student):
        return None
    rows = await context.fetch(_statement(context.viewer.roles), student=student)
    terms: list[Term] = []
    before: tuple[Result, ...] = ()
    for semester, group in groupby([Result(*row) for row in rows], attrgetter("semester_id")):
        terms.append(Term(student, semester, tuple(group), before))
        before += tuple(terms[-1].results)
    return Transcript(student, terms)
