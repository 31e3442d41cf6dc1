"""The figures of marks: what a student has in each subject of a course in a semester, and over all of its subjects.

One chain of set operations, from which every report of marks is made; a report says only which courses and semesters
it is about (`asked`). The rules:

    class       whoever is enrolled in the course during the semester and does not leave before its last day: one row
                for each student however often enrolled. Leavers keep their figures, without a rank. Enrolments that
                are PENDING count nowhere, and students who are retired are in no class.
    scale       the course's; else the school's default; else the settings GRADE_SCALE_MIN, GRADE_SCALE_MAX, PASS_MARK,
                with halves rounded up at two decimals and without letters.
    mark        counts where it has a score and is FULLY_GRADED or PARTIALLY_GRADED, in the semester that it names, else
                in its assessment's, which is one of the course. A score within an assessment's own bounds is carried
                over to the scale's. EXEMPT counts nowhere.
    subject     the mean of its categories' means, weighted by the categories' weights; categories without a mark are
                left out. Marks of no category, or of categories without a weight, are together one of weight 1.
    overall     the mean of the subjects' averages, unrounded, weighted by the coefficients that the course gives them
                (1 for a subject that it does not list); subjects without an average are left out.
    missing     an assessment held while the student was enrolled, up to today, for which there is neither a mark that
                counts nor an exemption; and a mark without assessment that has no score yet. It never counts as zero.
    expected    the subjects that the course lists, but those that the student is exempt from altogether.
    letter      that of the highest band whose lower bound is not above the rounded average.
    passed      the rounded average is not below the pass mark.
    rank        by the rounded overall average within the class: equal averages share a rank.
"""

from models import Choice
from resolvers.reports.arithmetic import quotient, rounded, scaled

TENANT = ":tenant"
ONE_COURSE = (
    "SELECT c.id AS course_id, s.id AS semester_id, s.start_date, s.end_date FROM course c"
    " JOIN semester s ON s.institution_id = c.institution_id"
    " WHERE c.institution_id = :tenant AND c.id = :course AND s.id = :semester"
)


class RankMethod(Choice):
    COMPETITION = "COMPETITION", "Equal averages share a rank, and as many ranks are left out after it: 1, 1, 3."
    DENSE = "DENSE", "Equal averages share a rank, and none is left out: 1, 1, 2."


_WINDOWS = {RankMethod.COMPETITION: "rank()", RankMethod.DENSE: "dense_rank()"}


SCALES = f"""
school_scale AS (
    SELECT d.id AS scale_id, coalesce(d.min_score, t.low) AS min_score, coalesce(d.max_score, t.high) AS max_score,
        coalesce(d.pass_mark, t.pass) AS pass_mark, coalesce(d.rounding_mode, 'HALF_UP') AS rounding_mode,
        coalesce(d.decimals, 2) AS decimals
    FROM (
        SELECT coalesce(max(value) FILTER (WHERE key = 'GRADE_SCALE_MIN'), '0')::numeric AS low,
            coalesce(max(value) FILTER (WHERE key = 'GRADE_SCALE_MAX'), '10')::numeric AS high,
            coalesce(max(value) FILTER (WHERE key = 'PASS_MARK'), '5')::numeric AS pass
        FROM configuration_setting WHERE institution_id = {TENANT} AND category = 'ACADEMIC'
    ) t LEFT JOIN grading_scale d ON d.institution_id = {TENANT} AND d.school_default
),
scale AS (
    SELECT a.course_id, coalesce(own.id, d.scale_id) AS scale_id, coalesce(own.min_score, d.min_score) AS min_score,
        coalesce(own.max_score, d.max_score) AS max_score, coalesce(own.pass_mark, d.pass_mark) AS pass_mark,
        coalesce(own.rounding_mode, d.rounding_mode) AS rounding_mode, coalesce(own.decimals, d.decimals) AS decimals
    FROM (SELECT DISTINCT course_id FROM asked) a
    JOIN course c ON c.institution_id = {TENANT} AND c.id = a.course_id
    CROSS JOIN school_scale d
    LEFT JOIN grading_scale own ON own.institution_id = {TENANT} AND own.id = c.grading_scale_id
)"""

COUNTS = "g.score IS NOT NULL AND g.score_status IN ('FULLY_GRADED', 'PARTIALLY_GRADED')"
_VALUE = scaled("g.score", "coalesce(t.min_score, s.min_score)", "coalesce(t.max_score, s.max_score)", "s")
MARKS = f"""
mark AS (
    SELECT g.id AS grade_id, g.student_id, g.course_id, g.subject_id, a.semester_id, g.assessment_id, g.date,
        k.id AS category_id, CASE WHEN k.weight IS NOT NULL THEN k.id END AS grouped_by,
        coalesce(k.weight, 1) AS weight,
        g.score_status = 'EXEMPT' AS exempt, CASE WHEN {COUNTS} THEN {_VALUE} END AS value
    FROM asked a JOIN scale s USING (course_id)
    JOIN grade g ON g.institution_id = {TENANT} AND g.course_id = a.course_id
    LEFT JOIN assessment t ON t.institution_id = {TENANT} AND t.course_id = a.course_id AND t.id = g.assessment_id
    LEFT JOIN assessment_category k ON k.institution_id = {TENANT} AND k.id = t.category_id
    WHERE (g.semester_id = a.semester_id OR g.semester_id IS NULL AND t.semester_id = a.semester_id){{of_marks}}
)"""

_KEY = "student_id, course_id, subject_id, semester_id"
AVERAGES = f"""
category_average AS (
    SELECT {_KEY}, weight, count(value) AS marks, count(*) FILTER (WHERE exempt) AS exempt,
        count(*) FILTER (WHERE value IS NULL AND NOT exempt AND assessment_id IS NULL) AS open,
        CASE count(value) WHEN 1 THEN sum(value) ELSE {quotient("sum(value)", "count(value)")} END AS average
    FROM mark GROUP BY {_KEY}, grouped_by, weight
),
subject_average AS (
    SELECT {_KEY}, sum(marks)::bigint AS marks, sum(exempt)::bigint AS exempt, sum(open)::bigint AS open,
        {quotient("sum(weight * average)", "sum(weight) FILTER (WHERE marks > 0)")} AS exact
    FROM category_average GROUP BY {_KEY}
)"""

_SPANS = f"""
        SELECT a.course_id, a.semester_id, e.student_id, e.status <> 'DROPPED' OR e.end_date >= a.end_date AS stays
        FROM asked a JOIN enrollment e ON e.institution_id = {TENANT} AND e.course_id = a.course_id
            AND e.status <> 'PENDING' AND e.begin_date <= a.end_date
            AND (e.end_date IS NULL OR e.end_date >= a.start_date)"""
# All who have marks are there too, whether or not they are of the class.
_WITH_MARKS = " UNION ALL SELECT course_id, semester_id, student_id, false FROM subject_average"
_PERSONS = f"""
person AS (
    SELECT course_id, semester_id, student_id, bool_or(stays) AND bool_and(p.deleted_at IS NULL) AS member
    FROM ({{found}}) found JOIN student p ON p.institution_id = {TENANT} AND p.id = found.student_id
    GROUP BY course_id, semester_id, student_id
)"""
PERSONS = _PERSONS.format(found=f"{_SPANS}{{of_spans}}{_WITH_MARKS}")
ENROLLED = _PERSONS.format(found=_SPANS)
TAUGHT = f"""
taught AS (
    SELECT a.course_id, a.semester_id, c.subject_id, c.coefficient, c.credits
    FROM asked a JOIN course_subject c ON c.institution_id = {TENANT} AND c.course_id = a.course_id
)"""
LACKING = f"""
lacking AS (
    SELECT e.student_id, t.course_id, t.subject_id, t.semester_id, count(DISTINCT t.id) AS assessments
    FROM asked a
    JOIN assessment t ON t.institution_id = {TENANT} AND t.course_id = a.course_id AND t.semester_id = a.semester_id
        AND t.subject_id IS NOT NULL AND t.date <= :{{held_to}}
    JOIN enrollment e ON e.institution_id = {TENANT} AND e.course_id = t.course_id AND e.status <> 'PENDING'
        AND e.begin_date <= t.date AND (e.end_date IS NULL OR e.end_date >= t.date){{of_spans}}
    LEFT JOIN mark m ON m.assessment_id = t.id AND m.student_id = e.student_id AND (m.value IS NOT NULL OR m.exempt)
    WHERE m.grade_id IS NULL GROUP BY e.student_id, t.course_id, t.subject_id, t.semester_id
)"""


def _band(value: str, scale: str, columns: str) -> str:
    """SQL: a lateral join to the band of a rounded average."""
    return (
        f"LEFT JOIN LATERAL (SELECT {columns} FROM grading_scale_band b WHERE b.institution_id = {TENANT}"
        f" AND b.grading_scale_id = {scale}.scale_id AND b.lower_bound <= {value}"
        " ORDER BY b.lower_bound DESC LIMIT 1) band ON true"
    )


# Each subject of each person: what there is, and what there is not. Three sources are put under each other and grouped:
# joined, they would be gone through for every cell, since nobody knows beforehand how many cells there are.
COUNTED = """
counted AS (
    SELECT x.*, x.listed AND NOT (x.marks = 0 AND x.exempt > 0 AND x.missing = 0) AS expected
    FROM (
        SELECT course_id, semester_id, student_id, subject_id, bool_or(p.member) AS member,
            coalesce(max(k.coefficient), 1) AS coefficient, max(k.credits) AS credits, bool_or(k.listed) AS listed,
            max(k.marks) AS marks, max(k.exempt) AS exempt, sum(k.missing)::bigint AS missing, max(k.exact) AS exact
        FROM (
            SELECT t.course_id, t.semester_id, p.student_id, t.subject_id, t.coefficient, t.credits, true AS listed,
                true AS told, 0::bigint AS marks, 0::bigint AS exempt, 0::bigint AS missing, NULL::numeric AS exact
            FROM person p JOIN taught t USING (course_id, semester_id)
            UNION ALL SELECT course_id, semester_id, student_id, subject_id, NULL, NULL, false, true, marks, exempt,
                open, exact FROM subject_average
            UNION ALL SELECT course_id, semester_id, student_id, subject_id, NULL, NULL, false, false, 0, 0,
                assessments, NULL FROM lacking
        ) k JOIN person p USING (course_id, semester_id, student_id)
        GROUP BY course_id, semester_id, student_id, subject_id HAVING bool_or(k.told)
    ) x
)"""

_ROUNDED = rounded("x.exact", "s.rounding_mode", "s.decimals")
CELLS = f"""
cell AS (
    SELECT x.*, s.pass_mark <= x.average AS passed, band.letter, band.points
    FROM (SELECT x.*, {_ROUNDED} AS average FROM counted x JOIN scale s USING (course_id)) x
    JOIN scale s USING (course_id)
    {_band("x.average", "s", "b.letter, b.points")}
)"""

OVERALL = f"""
added AS MATERIALIZED (
    SELECT course_id, semester_id, student_id, sum(marks)::bigint AS marks, sum(missing)::bigint AS missing,
        count(*) FILTER (WHERE expected) AS expected, count(exact) FILTER (WHERE expected) AS marked,
        sum(coefficient * exact) AS weighted, sum(coefficient) FILTER (WHERE exact IS NOT NULL) AS weights
    FROM cell GROUP BY course_id, semester_id, student_id
),
overall AS (
    SELECT x.*, {_ROUNDED} AS average
    FROM (
        SELECT p.course_id, p.semester_id, p.student_id, p.member, coalesce(c.marks, 0) AS marks,
            coalesce(c.missing, 0) AS missing, coalesce(c.expected, 0) AS expected, coalesce(c.marked, 0) AS marked,
            c.weighted, c.weights, {quotient("c.weighted", "c.weights")} AS exact
        FROM person p LEFT JOIN added c USING (course_id, semester_id, student_id)
    ) x JOIN scale s USING (course_id)
)"""


def ranked(source: str, group: str, value: str, method: RankMethod) -> str:
    """SQL: the rank of a row of `source` by `value`, downwards, among those of its group that are ranked at all."""
    counts = f"({source}.member AND {value} IS NOT NULL)"
    return f"CASE WHEN {counts} THEN {_WINDOWS[method]} OVER (PARTITION BY {group}, {counts} ORDER BY {value} DESC) END"


STANDINGS = f"""
standing AS (
    SELECT o.*, s.pass_mark <= o.average AS passed, band.letter,
        s.scale_id, s.min_score, s.max_score, s.pass_mark, s.rounding_mode, s.decimals,
        count(*) FILTER (WHERE o.member) OVER (PARTITION BY o.course_id, o.semester_id) AS class_size,
        count(o.average) FILTER (WHERE o.member) OVER (PARTITION BY o.course_id, o.semester_id) AS ranked
    FROM overall o JOIN scale s USING (course_id)
    {_band("o.average", "s", "b.letter")}
)"""


def chain(asked: str, *, one_student: bool = False, held_to: str = "today") -> str:
    """The `WITH` that every report of marks begins with; `asked` selects course, semester and its dates.

    With `one_student` there are figures of the parameter `student` alone, and no ranks or sizes of a class.
    `held_to` is the parameter of the last day whose assessments can be missing.
    """
    marks, spans = (f" AND {each}.student_id = :student" if one_student else "" for each in "ge")
    people = PERSONS.format(of_spans=spans), LACKING.format(of_spans=spans, held_to=held_to)
    parts = (SCALES, MARKS.format(of_marks=marks), AVERAGES, *people, TAUGHT, COUNTED, CELLS, OVERALL, STANDINGS)
    return f"WITH asked AS ({asked}),{','.join(parts)}"


def of_each_course(select: str, *, lacking: bool = False) -> str:
    """SQL: a source with `course_id` and the columns of `select`, which is about one course at a time.

    For reports of as many courses as a school has: what there is of a course fits into memory, and a million marks
    together do not. `select` has what `chain` has of those who are enrolled, up to `subject_average` and `taught`; with
    `lacking` also what is `counted`. The statement has `asked` and `scale`.
    """
    own = (
        "asked AS NOT MATERIALIZED (SELECT o.course_id, o.semester_id, o.start_date, o.end_date)",
        "scale AS NOT MATERIALIZED (SELECT z.*)",
    )
    more = (LACKING.format(of_spans="", held_to="today"), COUNTED) if lacking else ()
    parts = (*own, MARKS.format(of_marks=""), AVERAGES, ENROLLED, TAUGHT, *more)
    found = f"WITH {','.join(parts)} {select}"
    return f"(SELECT o.course_id, x.* FROM asked o JOIN scale z USING (course_id) CROSS JOIN LATERAL ({found}) x)"
