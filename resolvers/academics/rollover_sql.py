"""What a plan for the next school year goes by, and what follows from it, in one statement for all students.

whom        whoever belongs to the school on the last day of the year: an open span that has begun by then, of a
            student who is not retired. Whose day of leaving is known leaves without a plan.
average     the mean of the subjects' averages of all courses and semesters of the year, unrounded, weighted by the
            coefficients that the courses give them; rounded and compared with the pass mark as by the grading
            scale. Marks on several scales have no average: there the mean distance from the pass marks decides,
            each as a share of its scale.
class       of the courses of the grade level the one that the student was in last: a home class before others, and
            a course of many subjects before those of one. In the next year the same, in the same section.
decision    the first that holds: see `DECISIONS`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, bindparam, text
from sqlalchemy.types import TypeEngine

from models import RolloverDecision, RolloverReason
from resolvers.reports.arithmetic import quotient, rounded, snapped
from resolvers.reports.figures import AVERAGES, MARKS, SCALES
from resolvers.unit_of_work import Change
from resolvers.writing.recording import AUDITED

# The condition over a student's row, and what follows from it.
DECISIONS: tuple[tuple[str, RolloverDecision, RolloverReason], ...] = (
    ("m.status = 'INACTIVE'", RolloverDecision.UNDECIDED, RolloverReason.INACTIVE),
    ("m.school_year_id <> :from", RolloverDecision.UNDECIDED, RolloverReason.EARLIER_YEAR),
    ("m.level_id IS NULL", RolloverDecision.UNDECIDED, RolloverReason.NO_GRADE_LEVEL),
    ("NOT r.passed", RolloverDecision.RETAIN, RolloverReason.BELOW_PASS_MARK),
    ("m.leaves_after", RolloverDecision.LEAVE, RolloverReason.LAST_LEVEL),
    ("m.next_level_id IS NULL", RolloverDecision.UNDECIDED, RolloverReason.NO_NEXT_LEVEL),
    ("r.passed", RolloverDecision.PROMOTE, RolloverReason.PASSED),
    ("true", RolloverDecision.PROMOTE, RolloverReason.NOT_MARKED),
)


def _first(values: Iterable[str]) -> str:
    """SQL: of these values the one whose condition holds first."""
    whens = (f"WHEN {each[0]} THEN '{value}'" for each, value in zip(DECISIONS, values, strict=True))
    return f"CASE {' '.join(whens)} END"


_DECISION = _first(each[1].value for each in DECISIONS)
_REASON = _first(each[2].value for each in DECISIONS)
_ROUNDED = rounded("x.exact", "x.rounding_mode", "x.decimals")
_MARGIN = quotient("w.exact - s.pass_mark", "(s.max_score - s.min_score)")
_RESULTS = f"""
weighted AS (
    SELECT v.student_id, v.course_id, coalesce(t.coefficient, 1) AS coefficient, v.exact
    FROM subject_average v LEFT JOIN course_subject t
        ON t.institution_id = :tenant AND t.course_id = v.course_id AND t.subject_id = v.subject_id
    WHERE v.exact IS NOT NULL
),
result AS (
    SELECT x.student_id, CASE WHEN scales = 1 THEN {_ROUNDED} END AS average, x.pass_mark,
        CASE WHEN scales = 1 THEN {_ROUNDED} >= x.pass_mark ELSE {snapped("x.margin")} >= 0 END AS passed
    FROM (
        SELECT w.student_id, min(s.pass_mark) AS pass_mark, min(s.rounding_mode) AS rounding_mode,
            min(s.decimals) AS decimals, {quotient("sum(w.coefficient * w.exact)", "sum(w.coefficient)")} AS exact,
            {quotient(f"sum(w.coefficient * {_MARGIN})", "sum(w.coefficient)")} AS margin,
            count(DISTINCT (s.min_score, s.max_score, s.pass_mark, s.rounding_mode, s.decimals)) AS scales
        FROM weighted w JOIN scale s USING (course_id) GROUP BY w.student_id
    ) x
)"""
MEMBERS = """
SELECT e.* FROM school_enrollment e
JOIN school_year y ON y.institution_id = e.institution_id AND y.id = :from
WHERE e.institution_id = :tenant AND e.exit_date IS NULL AND e.entry_date <= y.end_date"""
_MEMBERS = f"""
member AS (
    SELECT p.id AS student_id, p.student_number, p.status, e.id AS span_id, e.version AS span_version,
        p.version AS student_version, e.school_year_id, y.code AS year_code, e.grade_level_id AS level_id,
        l.name AS level_name, l.leaves_after, l.next_level_id
    FROM ({MEMBERS}) e
    JOIN student p ON p.institution_id = :tenant AND p.id = e.student_id AND p.deleted_at IS NULL
    JOIN school_year y ON y.institution_id = :tenant AND y.id = e.school_year_id
    LEFT JOIN grade_level l ON l.institution_id = :tenant AND l.id = e.grade_level_id
),
class AS (
    SELECT DISTINCT ON (m.student_id) m.student_id, c.id AS course_id, c.section
    FROM member m
    JOIN enrollment n ON n.institution_id = :tenant AND n.student_id = m.student_id
        AND n.status IN ('ACTIVE', 'COMPLETED')
    JOIN course c ON c.institution_id = :tenant AND c.id = n.course_id AND c.school_year_id = :from
        AND c.grade_level_id = m.level_id AND c.deleted_at IS NULL
    ORDER BY m.student_id, n.end_date DESC NULLS FIRST, c.class_type = 'HOMEROOM' DESC, c.subject_id IS NULL DESC,
        n.begin_date DESC, c.id
)"""
# Of a grade level in the next year, by section; a section has one where there are several.
CLASSES = """
    SELECT DISTINCT ON (c.grade_level_id, c.section) c.grade_level_id, c.section, c.id
    FROM course c
    WHERE c.institution_id = :tenant AND c.school_year_id = :to AND c.deleted_at IS NULL
        AND (c.class_type = 'HOMEROOM' OR c.subject_id IS NULL)
    ORDER BY c.grade_level_id, c.section, c.class_type = 'HOMEROOM' DESC, c.id"""
FACTS = f"""
WITH asked AS (
    SELECT c.id AS course_id, s.id AS semester_id FROM course c
    JOIN semester s ON s.institution_id = :tenant AND s.school_year_id = c.school_year_id
    WHERE c.institution_id = :tenant AND c.school_year_id = :from AND :by_marks
),{SCALES},{MARKS.format(of_marks="")},{AVERAGES},{_RESULTS},{_MEMBERS},
decided AS (
    SELECT m.*, r.average, r.pass_mark, r.passed, k.course_id, k.section, {_DECISION} AS decision, {_REASON} AS reason
    FROM member m LEFT JOIN result r USING (student_id) LEFT JOIN class k USING (student_id)
),
aimed AS (
    SELECT d.*, CASE d.decision WHEN 'PROMOTE' THEN d.next_level_id WHEN 'RETAIN' THEN d.level_id END AS to_level_id
    FROM decided d
)
SELECT a.*, t.name AS to_level_name, n.id AS to_course_id
FROM aimed a
LEFT JOIN grade_level t ON t.institution_id = :tenant AND t.id = a.to_level_id
LEFT JOIN ({CLASSES}) n ON n.grade_level_id = a.to_level_id AND n.section = a.section
ORDER BY a.student_id
"""
_KINDS: Mapping[str, TypeEngine[Any]] = {"by_marks": Boolean()}
Row = Mapping[str, Any]


async def rows_of(change: Change, sql: str, **values: Any) -> Sequence[Row]:
    """What a select with named parameters finds in the school, `tenant` being known; lists are of keys."""
    names = text(sql)._bindparams
    known = {"tenant": change.institution_id, **values}
    kinds = {name: ARRAY(BigInteger()) if isinstance(known[name], list) else BigInteger() for name in names}
    statement = text(sql).bindparams(*(bindparam(name, type_=_KINDS.get(name, kinds[name])) for name in names))
    found = await change.session.execute(statement.execution_options(**AUDITED), known)
    return [dict(row) for row in found.mappings()]
