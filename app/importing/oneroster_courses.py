"""What is taught: OneRoster's classes become courses, its courses the subjects that these teach.

The subjects of a class are those it names, else those its course names, else the title of its course.
"""

from app.importing.auditing import inserted
from app.importing.grade_levels import add_levels
from app.importing.merging import Merge, keep, merge_rows, new, prepare, put, write
from app.importing.run import SYSTEM, Run, known

FILE = "classes.csv"

# The school's classes with what they take over from their course. A course that is not in the package is remembered
# by its subject's external ids: a further course of the same subject counts up, `oneroster.2`, `oneroster.3` …
_TAUGHT = f"""
CREATE TEMP TABLE taught ON COMMIT DROP AS
SELECT c.line, c.sourcedid, c.title, c.classcode, c.classtype, c.periods, c.termsourcedids, c.coursesourcedid,
       coalesce(nullif(c.grades, '{{}}'), k.grades) AS grades,
       coalesce(nullif(c.subjects, '{{}}'), nullif(k.subjects, '{{}}'), ARRAY[coalesce(k.title, x.name)]) AS subjects,
       CASE WHEN cardinality(c.subjects) > 0 THEN c.subjectcodes WHEN cardinality(k.subjects) > 0 THEN k.subjectcodes
            ELSE ARRAY[k.coursecode] END AS codes,
       k.schoolyearsourcedid
  FROM s_classes c
  JOIN t_class t ON t.class = c.sourcedid AND t.school = :org
  LEFT JOIN s_courses k ON k.sourcedid = c.coursesourcedid
  LEFT JOIN (SELECT e.value, s.name FROM external_id e
               JOIN subject s ON s.institution_id = :school AND s.id = e.record_id
              WHERE e.institution_id = :school AND e.entity = 'subject' AND starts_with(e.system, '{SYSTEM}')) x
         ON x.value = c.coursesourcedid
 WHERE NOT c.bad AND NOT c.gone AND k.bad IS NOT TRUE;

CREATE TEMP TABLE taught_subject ON COMMIT DROP AS
SELECT t.line, t.sourcedid AS class, t.coursesourcedid AS course, u.place, u.name,
       CASE WHEN cardinality(t.codes) = cardinality(t.subjects) THEN u.code END AS code
  FROM taught t, unnest(t.subjects, t.codes) WITH ORDINALITY u(name, code, place) WHERE u.name IS NOT NULL;
ANALYZE taught; ANALYZE taught_subject;
"""

_SUBJECTS = Merge(
    "subject",
    "SELECT min(line) AS line, NULL::text AS source, name, (array_agg(code ORDER BY line, place) FILTER"
    " (WHERE code IS NOT NULL))[1] AS code FROM taught_subject GROUP BY name",
    (put("name"), keep("code")),
    natural=("name",),
    external=False,
)

# The year of a class: that of its terms, else of its course, else the only one of the school.
_CLASS_YEAR = f"""
CREATE TEMP TABLE class_year ON COMMIT DROP AS
WITH session AS (
    SELECT k.value AS source, k.record_id AS year FROM {known("school_year")} k
    UNION ALL
    SELECT k.value, p.school_year_id FROM {known("semester")} k
      JOIN semester p ON p.institution_id = :school AND p.id = k.record_id),
named AS (
    SELECT t.sourcedid, array_agg(DISTINCT s.year) AS years FROM taught t, unnest(t.termsourcedids) x(term)
      JOIN session s ON s.source = x.term GROUP BY 1)
SELECT t.sourcedid AS class, cardinality(n.years) AS terms, coalesce(n.years[1], s.year, sole.year) AS year
  FROM taught t
  LEFT JOIN named n ON n.sourcedid = t.sourcedid
  LEFT JOIN session s ON s.source = t.schoolyearsourcedid
  LEFT JOIN (SELECT min(id) AS year FROM school_year WHERE institution_id = :school HAVING count(*) = 1) sole ON true
"""

# The section is the class code without the grade level: 10A and 10-A are section A of level 10.
_COURSES = Merge(
    "course",
    r"""
WITH base AS (
    SELECT t.*, y.year AS school_year_id, l.id AS grade_level_id, one.id AS subject_id,
           coalesce(nullif(regexp_replace(t.classcode, '^0*' || regexp_replace(t.grades[1], '(\W)', '\\\1', 'g')
                    || '[\s._-]*(?=[^0-9])', ''), ''), t.classcode, '') AS plain
      FROM taught t JOIN class_year y ON y.class = t.sourcedid
      LEFT JOIN grade_level l ON l.institution_id = :school AND cardinality(t.grades) = 1 AND l.code = t.grades[1]
      LEFT JOIN subject one ON one.institution_id = :school AND cardinality(t.subjects) = 1 AND one.name = t.subjects[1]
     WHERE y.year IS NOT NULL),
counted AS (
    SELECT *, count(*) OVER (PARTITION BY school_year_id, grade_level_id, plain, title) AS alike,
           count(*) OVER (PARTITION BY school_year_id, grade_level_id, plain, title, periods) AS alike_by_period
      FROM base)
SELECT line, sourcedid AS source, school_year_id, grade_level_id, title AS name, classtype AS class_type, subject_id,
       NULL::timestamptz AS deleted_at, alike > 1 AS doubled,
       left(CASE WHEN alike = 1 THEN plain WHEN alike_by_period = 1 AND periods IS NOT NULL
                 THEN trim(plain || ' ' || periods) ELSE trim(plain || ' ' || right(sourcedid, 20)) END, 50) AS section
  FROM counted""",
    (
        put("school_year_id"),
        put("name"),
        put("section", "classes.classCode"),
        keep("grade_level_id", "classes.grades"),
        keep("class_type", "classes.classType", "'SCHEDULED'"),
        keep("subject_id"),
        put("deleted_at"),
    ),
    natural=("school_year_id", "grade_level_id", "section", "name"),
)

_COURSE_SUBJECTS = Merge(
    "course_subject",
    f"""
SELECT min(t.line) AS line, min(t.place) AS place, NULL::text AS source, k.record_id AS course_id, s.id AS subject_id
  FROM taught_subject t JOIN {known("course")} k ON k.value = t.class
  JOIN subject s ON s.institution_id = :school AND s.name = t.name GROUP BY k.record_id, s.id""",
    (new("course_id"), new("subject_id")),
    natural=("course_id", "subject_id"),
    external=False,
    order=("place",),
)

_LEVELS = """
SELECT DISTINCT code FROM (SELECT unnest(grades) FROM taught
UNION SELECT unnest(u.grades) FROM s_users u JOIN t_role r ON r.usr = u.sourcedid
       WHERE r.school = :org AND r.role = 'student' AND NOT u.bad AND NOT u.gone) x(code)"""

# One course of OneRoster may be taught in many classes, and two courses may be one subject.
_REMEMBERED = f"""
INSERT INTO external_id (institution_id, entity, record_id, system, value)
SELECT :school, 'subject', n.id, '{SYSTEM}' || CASE WHEN n.number = 1 THEN '' ELSE '.' || n.number END, n.course
  FROM (SELECT w.course, w.id, row_number() OVER (PARTITION BY w.id ORDER BY w.course) + (SELECT count(*)
               FROM external_id e WHERE e.institution_id = :school AND e.entity = 'subject' AND e.record_id = w.id
                AND starts_with(e.system, '{SYSTEM}')) AS number
          FROM (SELECT DISTINCT ON (t.course) t.course, s.id FROM taught_subject t
                  JOIN subject s ON s.institution_id = :school AND s.name = t.name
                 WHERE t.course IS NOT NULL ORDER BY t.course, t.line, t.place) w
         WHERE NOT EXISTS (SELECT FROM external_id e WHERE e.institution_id = :school AND e.entity = 'subject'
                              AND e.value = w.course AND starts_with(e.system, '{SYSTEM}'))) n
RETURNING *"""


async def _check_courses(run: Run) -> None:
    no_year = "SELECT t.line, t.termsourcedids FROM taught t JOIN class_year y ON y.class = t.sourcedid"
    reason = "neither its terms nor its course lead to a school year"
    column = "termSourcedIds"
    await run.refuse("no_school_year", reason, FILE, column, f"{no_year} WHERE y.year IS NULL ORDER BY 1")
    reason = "its terms are of several school years"
    await run.refuse("no_school_year", reason, FILE, column, f"{no_year} WHERE y.terms > 1 ORDER BY 1")
    reason = "another class of the same year, level and code has this title; the section was made different"
    await run.warn("same_class", reason, FILE, "title", "SELECT line, name FROM in_course WHERE doubled ORDER BY 1")
    same = (
        "c.id <> i.id AND c.name = i.name AND c.section = i.section AND c.school_year_id = i.school_year_id"
        " AND c.grade_level_id IS NOT DISTINCT FROM i.grade_level_id"
    )
    taken = (
        f"EXISTS (SELECT FROM course c WHERE c.institution_id = :school AND c.deleted_at IS NULL AND {same}"
        " AND NOT EXISTS (SELECT FROM in_course o WHERE o.id = c.id))"
        f" OR EXISTS (SELECT FROM in_course c WHERE {same} AND c.line < i.line)"
    )
    reason = "the school has another course of this year, level, section and name"
    await run.reject("in_course", taken, "name_taken", reason, FILE, "title", "line, name")


async def load_courses(run: Run) -> None:
    await run.execute(_TAUGHT)
    await add_levels(run, [row["code"] for row in await run.fetch(_LEVELS)])
    await merge_rows(run, _SUBJECTS)
    run.counts["external_id"].inserted += await run.execute(inserted("external_id", _REMEMBERED))
    await run.execute(_CLASS_YEAR)
    await prepare(run, _COURSES)
    await _check_courses(run)
    await write(run, _COURSES)
    await merge_rows(run, _COURSE_SUBJECTS)
