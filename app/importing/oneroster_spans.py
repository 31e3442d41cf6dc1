"""Belonging to the school, one span a student and school year, as it follows from the enrolments in classes.

The entry is the first day in a class. An exit is written only where the student has gone on to another year, or where
the year is over and every enrolment of it has an end; it is COMPLETED where that is the end of the year's last part.
What the school has entered itself stays: an entry moves to an earlier day only, an exit is never taken back.
"""

from app.importing.merging import Merge, keep, merge_rows, new, put
from app.importing.run import Run, known

_SPANS = Merge(
    "school_enrollment",
    f"""
WITH levelled AS (
    SELECT s.record_id AS student_id, l.id AS level FROM s_users u JOIN {known("student")} s ON s.value = u.sourcedid
      JOIN grade_level l ON l.institution_id = :school AND l.code = u.grades[1] WHERE NOT u.bad AND NOT u.gone),
year AS (
    SELECT y.id, y.start_date, y.end_date, coalesce((SELECT max(p.end_date) FROM semester p
           WHERE p.institution_id = :school AND p.school_year_id = y.id), y.end_date) AS last_part
      FROM school_year y WHERE y.institution_id = :school),
span AS (
    SELECT e.student_id, y.id AS school_year_id, y.end_date AS year_end, y.last_part,
           greatest(min(e.begin_date), y.start_date) AS entry,
           CASE WHEN bool_and(e.end_date IS NOT NULL) THEN least(max(e.end_date), y.end_date) END AS last,
           CASE WHEN min(c.grade_level_id) = max(c.grade_level_id) THEN min(c.grade_level_id) END AS level
      FROM enrollment e JOIN course c ON c.institution_id = :school AND c.id = e.course_id
      JOIN year y ON y.id = c.school_year_id
     WHERE e.institution_id = :school AND e.student_id IN (SELECT student_id FROM in_enrollment)
     GROUP BY e.student_id, y.id, y.start_date, y.end_date, y.last_part),
ordered AS (
    SELECT *, lead(entry) OVER student AS next_entry, lag(level) OVER student AS level_before,
           row_number() OVER student AS nth
      FROM span WINDOW student AS (PARTITION BY student_id ORDER BY entry, year_end)),
closed AS (
    SELECT *, CASE WHEN next_entry IS NOT NULL THEN least(coalesce(last, year_end), next_entry - 1)
                   WHEN year_end < :today THEN last END AS exit FROM ordered),
there AS (
    SELECT student_id, school_year_id, min(entry_date) AS entry_date, max(exit_date) AS exit_date,
           max(exit_reason) AS exit_reason, count(*) AS spans
      FROM school_enrollment WHERE institution_id = :school GROUP BY 1, 2)
SELECT NULL::integer AS line, NULL::text AS source, c.student_id, c.school_year_id,
       least(t.entry_date, c.entry) AS entry_date, coalesce(t.exit_date, c.exit) AS exit_date,
       CASE WHEN t.exit_date IS NOT NULL THEN t.exit_reason WHEN c.exit >= c.last_part THEN 'COMPLETED' END
            AS exit_reason,
       CASE WHEN c.next_entry IS NULL THEN coalesce(l.level, c.level) ELSE c.level END AS grade_level_id,
       CASE WHEN c.nth = 1 THEN 'NEW' WHEN c.level_before <> c.level THEN 'PROMOTED' ELSE 'OTHER' END AS entry_type
  FROM closed c LEFT JOIN levelled l ON l.student_id = c.student_id
  LEFT JOIN there t ON t.student_id = c.student_id AND t.school_year_id = c.school_year_id
 WHERE coalesce(t.spans, 1) = 1 AND coalesce(c.exit >= c.entry, true)""",
    (
        new("student_id"),
        new("school_year_id"),
        put("entry_date"),
        put("exit_date"),
        put("exit_reason"),
        keep("grade_level_id"),
        new("entry_type"),
    ),
    natural=("student_id", "school_year_id"),
    external=False,
)


async def load_spans(run: Run) -> None:
    """For the students whose enrolments the package brings; after these are written."""
    await merge_rows(run, _SPANS)
