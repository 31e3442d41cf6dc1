"""Marks: categories, line items as assessments, results as grades with every rule that a mark obeys."""

from dataclasses import replace

from app.importing.merging import Merge, keep, prepare, put, write
from app.importing.run import Run, known
from app.importing.settings_of import setting

RESULTS, ITEMS, CATEGORIES = "results.csv", "lineItems.csv", "categories.csv"

# Categories are nobody's: a school has those that its line items name. Two new ones of one title are one.
_CATEGORIES = Merge(
    "assessment_category",
    f"""
SELECT DISTINCT ON (c.title, k.record_id) c.line, c.sourcedid AS source, c.title AS name, c.weight
  FROM s_categories c LEFT JOIN {known("assessment_category")} k ON k.value = c.sourcedid
 WHERE NOT c.bad AND NOT c.gone AND (k.record_id IS NOT NULL
    OR EXISTS (SELECT FROM s_lineitems l JOIN t_line t ON t.item = l.sourcedid
                WHERE t.school = :org AND l.categorysourcedid = c.sourcedid))
 ORDER BY c.title, k.record_id, c.line""",
    (put("name"), keep("weight", "categories.weight")),
    natural=("name",),
)

_ASSESSMENTS = Merge(
    "assessment",
    f"""
SELECT l.line, l.sourcedid AS source, l.title, l.description, l.duedate AS date, c.id AS course_id,
       coalesce(c.subject_id, cs.subject_id) AS subject_id, coalesce(kn.record_id, n.id) AS category_id,
       p.record_id AS semester_id, l.resultvaluemin AS min_score, l.resultvaluemax AS max_score
  FROM s_lineitems l JOIN t_line t ON t.item = l.sourcedid AND t.school = :org
  JOIN {known("course")} k ON k.value = l.classsourcedid
  JOIN course c ON c.institution_id = :school AND c.id = k.record_id
  LEFT JOIN (SELECT course_id, min(id) AS id FROM course_subject WHERE institution_id = :school GROUP BY 1) f
         ON f.course_id = c.id
  LEFT JOIN course_subject cs ON cs.institution_id = :school AND cs.id = f.id
  LEFT JOIN {known("assessment_category")} kn ON kn.value = l.categorysourcedid
  LEFT JOIN s_categories g ON g.sourcedid = l.categorysourcedid AND NOT g.bad AND NOT g.gone
  LEFT JOIN assessment_category n ON n.institution_id = :school AND n.name = g.title
  LEFT JOIN {known("semester")} p ON p.value = l.academicsessionsourcedid
 WHERE NOT l.bad AND NOT l.gone""",
    (
        put("course_id"),
        keep("subject_id"),
        put("semester_id", "lineItems.academicSessionSourcedId"),
        put("category_id", "lineItems.categorySourcedId"),
        put("title"),
        keep("description", "lineItems.description"),
        put("date", "lineItems.dueDate"),
        put("min_score", "lineItems.resultValueMin"),
        put("max_score", "lineItems.resultValueMax"),
    ),
)

# Bounds come from the assessment, else from the course's scale, else from the school's, else from the settings.
_GRADES = Merge(
    "grade",
    f"""
SELECT r.line, r.sourcedid AS source, r.studentsourcedid AS usr, s.record_id AS student_id, a.course_id, a.subject_id,
       a.semester_id, a.id AS assessment_id, r.scoredate AS date, r.score AS given, r.textscore, r.comment,
       CASE WHEN r.scorestatus = 'EXEMPT' THEN NULL ELSE r.score END AS score,
       coalesce(r.scorestatus, CASE WHEN r.score IS NULL THEN 'NOT_SUBMITTED' ELSE 'FULLY_GRADED' END) AS score_status,
       coalesce(a.min_score, cs.min_score, ds.min_score, {{low}}) AS low,
       coalesce(a.max_score, cs.max_score, ds.max_score, {{high}}) AS high
  FROM s_results r JOIN t_line t ON t.item = r.lineitemsourcedid AND t.school = :org
  JOIN {known("assessment")} k ON k.value = r.lineitemsourcedid
  JOIN assessment a ON a.institution_id = :school AND a.id = k.record_id
  JOIN course c ON c.institution_id = :school AND c.id = a.course_id
  LEFT JOIN {known("student")} s ON s.value = r.studentsourcedid
  LEFT JOIN grading_scale cs ON cs.institution_id = :school AND cs.id = c.grading_scale_id
  LEFT JOIN grading_scale ds ON ds.institution_id = :school AND ds.school_default
 WHERE NOT r.bad AND NOT r.gone""",
    (
        put("student_id"),
        put("course_id"),
        put("subject_id"),
        put("semester_id"),
        put("assessment_id"),
        put("date"),
        put("score", "results.score"),
        put("score_status"),
        keep("comment", "results.comment"),
    ),
    natural=("assessment_id", "student_id", "date"),
)


async def _load_categories(run: Run) -> None:
    """A new one of a title that the school has, and keeps, is left out: its line items find that one by the title."""
    await prepare(run, _CATEGORIES)
    there = (
        "(SELECT b.id, coalesce(o.name, b.name) AS name, b.name AS before FROM assessment_category b"
        " LEFT JOIN in_assessment_category o ON o.id = b.id WHERE b.institution_id = :school)"
    )
    await run.execute(f"DELETE FROM in_assessment_category i WHERE i.fresh AND i.name IN (SELECT name FROM {there} b)")
    taken = (
        f"NOT i.fresh AND (i.id, i.name) NOT IN (SELECT id, before FROM {there} b)"
        f" AND EXISTS (SELECT FROM {there} b WHERE b.id <> i.id AND i.name IN (b.name, b.before))"
    )
    reason = "the school has another category of this title"
    await run.reject("in_assessment_category", taken, "name_taken", reason, CATEGORIES, "title", "line, name")
    await write(run, _CATEGORIES)


async def load_assessments(run: Run) -> None:
    await _load_categories(run)
    await prepare(run, _ASSESSMENTS)
    reason = "the highest mark is not above the lowest"
    found = "line, max_score"
    condition = "max_score <= min_score"
    await run.reject("in_assessment", condition, "out_of_range", reason, ITEMS, "resultValueMax", found)
    await write(run, _ASSESSMENTS)


async def _check_people(run: Run) -> None:
    """A mark is of a student of the school who is in the class that day; the first and last day count as inside."""
    stranger = (
        "DELETE FROM in_grade i WHERE i.student_id IS NULL AND NOT EXISTS (SELECT FROM s_users u LEFT JOIN"
        " s_demographics d ON d.sourcedid = u.sourcedid WHERE u.sourcedid = i.usr AND (u.bad OR d.bad OR EXISTS"
        " (SELECT FROM unwritten w WHERE w.usr = i.usr))) RETURNING i.line, i.usr"
    )
    reason = "is no student of this school: a role there is missing"
    await run.refuse("not_at_school", reason, RESULTS, "studentSourcedId", stranger)
    await run.execute("DELETE FROM in_grade WHERE student_id IS NULL")
    outside = (
        "NOT EXISTS (SELECT FROM enrollment e WHERE e.institution_id = :school AND e.student_id = i.student_id"
        " AND e.course_id = i.course_id AND e.begin_date <= i.date AND coalesce(e.end_date, 'infinity') >= i.date)"
    )
    reason = "the student is not enrolled in the class on this day"
    await run.reject("in_grade", outside, "not_enrolled", reason, RESULTS, "scoreDate", "line, date")


async def _check_scores(run: Run) -> None:
    reason = "is outside the scale of its line item"
    condition = "score NOT BETWEEN low AND high"
    await run.reject("in_grade", condition, "out_of_range", reason, RESULTS, "score", "line, score")
    missing = "score IS NULL AND score_status = 'FULLY_GRADED'"
    reason = "a fully graded result needs a score"
    lettered = f"{missing} AND textscore IS NOT NULL"
    found = "UPDATE in_grade SET score_status = 'SUBMITTED' WHERE {} RETURNING line, textscore"
    letters = "a text score has no number to it: the result counts as submitted, not as marked"
    await run.warn("text_score", letters, RESULTS, "textScore", found.format(lettered))
    await run.reject("in_grade", missing, "score_missing", reason, RESULTS, "score")
    exempt = "SELECT line, given FROM in_grade WHERE score_status = 'EXEMPT' AND given IS NOT NULL ORDER BY 1"
    await run.warn("score_ignored", "an exempt result has no score; it is left out", RESULTS, "score", exempt)


async def _check_doubles(run: Run) -> None:
    doubled = (
        "EXISTS (SELECT FROM in_grade b WHERE b.assessment_id = i.assessment_id AND b.student_id = i.student_id"
        " AND b.date = i.date AND b.line < i.line)"
    )
    reason = "an earlier line has a result of this student, line item and day"
    await run.reject("in_grade", doubled, "duplicate_record", reason, RESULTS, "sourcedId", "line, source")
    there = (
        "EXISTS (SELECT FROM grade b WHERE b.institution_id = :school AND b.assessment_id = i.assessment_id"
        " AND b.student_id = i.student_id AND b.date = i.date AND b.id <> i.id)"
    )
    reason = "the school has a mark of this student, line item and day under another sourcedId"
    await run.reject("in_grade", there, "duplicate_record", reason, RESULTS, "sourcedId", "line, source")
    reason = "the class has no subject that the mark could be in"
    await run.reject("in_grade", "subject_id IS NULL", "no_subject", reason, RESULTS, "lineItemSourcedId")


async def load_grades(run: Run) -> None:
    low, high = await setting(run, "GRADE_SCALE_MIN", "0"), await setting(run, "GRADE_SCALE_MAX", "10")
    source = _GRADES.source.format(low=f"{low}::numeric", high=f"{high}::numeric")
    merge = replace(_GRADES, source=source)
    await prepare(run, merge)
    await _check_people(run)
    await _check_scores(run)
    await _check_doubles(run)
    await write(run, merge)
