"""Students over all of their courses in a semester, the best first.

courses     those of the semester's school year that are in use, or some of them. Who teaches gets the figures of
            the courses taught; families get those of their own, ranked among all.
students    whoever is in the class of one of the courses: see `resolvers.reports.figures`.
scale       the course's where one course is asked for; else the school's, to which averages of courses with a scale
            of their own are carried over.
average     the mean of the averages in all subjects of all courses, unrounded, weighted by coefficient, and rounded
            once at the end.
rank        by the rounded average: equal averages share a rank.
mean        of the unrounded averages of all who are ranked; each student counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from models import Role
from resolvers.context import Context
from resolvers.errors import Invalid
from resolvers.reports.arithmetic import quotient, rounded, scaled, shown
from resolvers.reports.courses import Scope, asked_for, of_others, teaches
from resolvers.reports.figures import SCALES, RankMethod, of_each_course, ranked
from resolvers.reports.reading import report
from resolvers.statements import Statement


@dataclass(frozen=True, slots=True)
class Performance:
    """One student of a ranking. Decimals are text; `ranked` and `mean` are those of all who are ranked.

    `weighted` by `weights` is `exact`; the last are those of the scale, whose `scale_id` is None where settings stand
    for it.
    """

    student_id: int
    course_id: int
    grade_level_id: int | None
    section: str
    subjects: int
    marks: int
    exact: str | None
    average: str | None
    letter: str | None
    passed: bool | None
    rank: int | None
    ranked: int
    mean: str | None
    mean_rounded: str | None
    weighted: str | None
    weights: str | None
    scale_id: int | None
    min_score: str
    max_score: str
    pass_mark: str
    rounding_mode: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """A part of a ranking; what is of everybody is None where nobody is shown, and `mean` for families."""

    rows: Sequence[Performance]
    whole: bool

    @property
    def ranked(self) -> int | None:
        return self.rows[0].ranked if self.rows else None

    @property
    def mean(self) -> str | None:
        return self.rows[0].mean if self.rows and self.whole else None

    @property
    def mean_rounded(self) -> str | None:
        return self.rows[0].mean_rounded if self.rows and self.whole else None


MOST_OF_FAMILIES = 4
COLUMNS = tuple(each.name for each in fields(Performance))
_SCALE = COLUMNS[COLUMNS.index("scale_id") :]
_WHOLE = ("ranked", "mean", "mean_rounded")
_DECIMALS = {"exact", "average", "mean", "mean_rounded", "weighted", "weights", "min_score", "max_score", "pass_mark"}
_ORDER = ("rank", "last_name", "first_name", "student_id")
_VALUE = scaled("v.exact", "s.min_score", "s.max_score", "t")
_COEFFICIENT = "coalesce(c.coefficient, 1)"
_FIRST = "(array_agg({} ORDER BY k.class_type <> 'HOMEROOM', k.id))[1]"
_LETTER = """(SELECT b.letter FROM grading_scale_band b WHERE b.institution_id = :tenant
        AND b.grading_scale_id = t.scale_id AND b.lower_bound <= x.average ORDER BY b.lower_bound DESC LIMIT 1)"""
# A student in one course: sums that those of other courses are added to.
_ATTENDED = f"""
    SELECT p.student_id, coalesce(f.subjects, 0) AS subjects, coalesce(f.marks, 0) AS marks, f.weighted, f.weights
    FROM person p LEFT JOIN (
        SELECT v.student_id, count(v.exact) AS subjects, sum(v.marks) AS marks,
            sum({_COEFFICIENT} * ({_VALUE})) AS weighted,
            sum({_COEFFICIENT}) FILTER (WHERE v.exact IS NOT NULL) AS weights
        FROM subject_average v CROSS JOIN scale s CROSS JOIN target t
        LEFT JOIN taught c ON c.subject_id = v.subject_id {{where}} GROUP BY v.student_id
    ) f USING (student_id) WHERE p.member"""


def _output(name: str) -> str:
    """SQL: a column of the answer."""
    source = "w" if name in _WHOLE else "t" if name in _SCALE else "x"
    value = _LETTER if name == "letter" else f"{source}.{name}"
    return f"{shown(value) if name in _DECIMALS else value} AS {name}"


def ranking_sql(method: RankMethod, *, one_course: bool, one_subject: bool, all_of_them: bool) -> str:
    """One row for each student; those without an average too where `all_of_them` are asked for."""
    attended = of_each_course(_ATTENDED.format(where="WHERE v.subject_id = :subject" if one_subject else ""))
    return f"""WITH {SCALES},
    target AS (
        SELECT scale_id, min_score, max_score, pass_mark, rounding_mode, decimals
        FROM {"scale" if one_course else "school_scale"} LIMIT 1
    ),
    total AS MATERIALIZED (
        SELECT a.student_id, {_FIRST.format("k.id")} AS course_id,
            {_FIRST.format("k.grade_level_id")} AS grade_level_id, {_FIRST.format("k.section")} AS section,
            sum(a.subjects)::bigint AS subjects, sum(a.marks)::bigint AS marks,
            sum(a.weighted) AS weighted, sum(a.weights) AS weights,
            {quotient("sum(a.weighted)", "sum(a.weights)")} AS exact
        FROM {attended} a JOIN course k ON k.institution_id = :tenant AND k.id = a.course_id GROUP BY a.student_id
    ),
    averaged AS MATERIALIZED (
        SELECT x.*, true AS member, {rounded("x.exact", "t.rounding_mode", "t.decimals")} AS average
        FROM total x, target t
    ),
    whole AS (
        SELECT w.*, {rounded("w.mean", "t.rounding_mode", "t.decimals")} AS mean_rounded
        FROM (
            SELECT count(average) AS ranked, {quotient("sum(exact)", "count(exact)")} AS mean FROM averaged
        ) w, target t
    )
    SELECT {", ".join(_output(name) for name in COLUMNS)}, p.first_name, p.last_name
    FROM (
        SELECT x.*, t.pass_mark <= x.average AS passed, {ranked("x", "x.member", "x.average", method)} AS rank
        FROM averaged x, target t
    ) x CROSS JOIN whole w CROSS JOIN target t JOIN student p ON p.institution_id = :tenant AND p.id = x.student_id
    {"" if all_of_them else "WHERE x.average IS NOT NULL"}"""


@lru_cache(maxsize=128)
def _statement(
    roles: frozenset[Role], method: RankMethod, names: tuple[str, ...], one_subject: bool, all_of_them: bool
) -> Statement:
    """`names` are those of `Scope.given`. Who teaches gets the courses taught, whatever else they see."""
    asked = asked_for(names, frozenset({Role.TEACHER}) if teaches(roles) else None)
    sql = ranking_sql(method, one_course="id" in names, one_subject=one_subject, all_of_them=all_of_them)
    columns = (*COLUMNS, "first_name", "last_name")
    return report(sql, columns, roles, order=_ORDER, shown=COLUMNS, limited=True, asked=asked, afresh=True)


def window(context: Context, first: int, offset: int) -> dict[str, int]:
    """The part of a long report that is asked for; raises Invalid out of range."""
    if not 0 <= first <= context.page_limit:
        raise Invalid(f"first: {first} is not between 0 and {context.page_limit}", field="first")
    if offset < 0:
        raise Invalid(f"offset: {offset} is below 0", field="offset")
    return {"first": first, "offset": offset}


def _bound(context: Context, asked: Scope) -> None:
    """Raises Invalid where a family asks for more rankings of many classes than families have a use for: each works out
    the averages of a whole school, of which they see a row or two."""
    if asked.course is not None or of_others(context.viewer.roles):
        return
    context.cache["rankings"] = number = context.cache.get("rankings", 0) + 1
    if number > MOST_OF_FAMILIES:
        message = (
            f"course: name one; GUARDIAN and STUDENT get {MOST_OF_FAMILIES} rankings of many courses in an operation"
        )
        raise Invalid(message, field="course")


async def ranking(
    context: Context, asked: Scope, method: RankMethod, *, first: int, offset: int = 0, all_of_them: bool = False
) -> Ranking:
    """The best of the students asked for, as far as the viewer sees them; one statement. Raises Invalid."""
    roles = context.viewer.roles
    part = window(context, first, offset)
    _bound(context, asked)
    statement = _statement(roles, method, tuple(asked.given), asked.subject is not None, all_of_them)
    values = {**asked.given, "semester": asked.semester, "subject": asked.subject}
    rows = await context.fetch(statement, **values, **part)
    return Ranking([Performance(*row) for row in rows], of_others(roles))
