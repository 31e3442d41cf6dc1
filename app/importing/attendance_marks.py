"""Marks of attendance into an institution, and with `rest` everybody else's presence in these classes.

Semester and school year of a mark follow from its date: of parts within parts the shortest counts; a day outside of all
parts has none.
"""

from app.importing.attendance_table import MAX_MINUTES
from app.importing.merging import Merge, keep, merge_rows, new, prepare, put, write
from app.importing.run import Run, known

# The school's marks by its own keys, and what each of their days belongs to.
_FOUND = f"""
CREATE TEMP TABLE found ON COMMIT DROP AS
SELECT m.*, c.record_id AS course_id, s.record_id AS student_id,
       coalesce(m.session, CASE WHEN k.meeting_sessions IN ('AM', 'PM') THEN k.meeting_sessions ELSE 'FULL' END) AS part
  FROM s_marks m JOIN {known("course")} c ON c.value = m.classsourcedid
  JOIN course k ON k.institution_id = :school AND k.id = c.record_id
  LEFT JOIN {known("student")} s ON s.value = m.studentsourcedid
 WHERE NOT m.bad;

CREATE TEMP TABLE taken_course ON COMMIT DROP AS
SELECT DISTINCT f.course_id, c.school_year_id, c.meeting_days, c.meeting_sessions FROM found f
  JOIN course c ON c.institution_id = :school AND c.id = f.course_id;

CREATE TEMP TABLE day ON COMMIT DROP AS
SELECT d.date, p.id AS semester_id, y.id AS school_year_id
  FROM (SELECT date FROM found UNION SELECT date FROM calendar_day WHERE institution_id = :school) d
  LEFT JOIN school_year y ON y.institution_id = :school AND d.date BETWEEN y.start_date AND y.end_date
  LEFT JOIN LATERAL (SELECT id FROM semester WHERE institution_id = :school AND d.date BETWEEN start_date AND end_date
                      ORDER BY end_date - start_date, sequence, id LIMIT 1) p ON true;
ANALYZE found; ANALYZE taken_course; ANALYZE day;
"""

# Without a code of its own a mark has the school's code of that status, the one named like it first.
_MARKS = Merge(
    "attendance",
    """
SELECT f.line, NULL::text AS source, f.student_id, f.course_id, f.date, f.part AS session, f.status, f.reason,
       coalesce(f.code, (SELECT a.code FROM attendance_code a WHERE a.institution_id = :school AND a.status = f.status
                          ORDER BY a.code <> a.status, a.code LIMIT 1)) AS code,
       f.minuteslate AS minutes_late, d.semester_id, d.school_year_id
  FROM found f JOIN day d ON d.date = f.date""",
    (
        new("student_id"),
        new("course_id"),
        new("date"),
        new("session"),
        put("status"),
        put("code"),
        keep("reason"),
        keep("minutes_late"),
        new("semester_id"),
        new("school_year_id"),
    ),
    natural=("student_id", "course_id", "date", "session"),
    external=False,
    keys=("id", "date"),
)

# Lesson days up to today of everybody enrolled that day, where nothing is marked; the last day of a span is inside it.
_REST = Merge(
    "attendance",
    """
SELECT NULL::integer AS line, NULL::text AS source, e.student_id, e.course_id, d.date, s.session, 'PRESENT' AS status,
       (SELECT a.code FROM attendance_code a WHERE a.institution_id = :school AND a.status = 'PRESENT'
         ORDER BY a.code <> a.status, a.code LIMIT 1) AS code, d.semester_id, d.school_year_id
  FROM taken_course c
  JOIN calendar_day k ON k.institution_id = :school AND k.school_year_id = c.school_year_id
   AND k.kind IN ('INSTRUCTIONAL', 'MAKE_UP') AND k.date <= :today
   AND (c.meeting_days IS NULL OR extract(isodow FROM k.date)::smallint = ANY (c.meeting_days))
  JOIN day d ON d.date = k.date
  JOIN enrollment e ON e.institution_id = :school AND e.course_id = c.course_id AND e.begin_date <= d.date
   AND coalesce(e.end_date, 'infinity') >= d.date
  JOIN LATERAL unnest(CASE c.meeting_sessions WHEN 'AM_PM' THEN ARRAY['AM', 'PM'] ELSE ARRAY[c.meeting_sessions::text]
       END) s(session) ON true
 WHERE NOT EXISTS (SELECT FROM attendance a WHERE a.institution_id = :school AND a.student_id = e.student_id
   AND a.course_id = e.course_id AND a.date = d.date
   AND (a.session = s.session OR 'FULL' IN (a.session, s.session)))""",
    (
        new("student_id"),
        new("course_id"),
        new("date"),
        new("session"),
        new("status"),
        new("code"),
        new("semester_id"),
        new("school_year_id"),
    ),
    external=False,
    keys=("id", "date"),
    name="rest",
)

_TAKEN = Merge(
    "attendance_taken",
    """
SELECT DISTINCT NULL::integer AS line, NULL::text AS source, a.course_id, a.date, a.session
  FROM taken_course c JOIN attendance a ON a.institution_id = :school AND a.course_id = c.course_id
  JOIN calendar_day k ON k.institution_id = :school AND k.school_year_id = c.school_year_id AND k.date = a.date""",
    (new("course_id"), new("date"), new("session")),
    natural=("course_id", "date", "session"),
    external=False,
)


async def _check_rows(run: Run, file: str) -> None:
    reason = "is no student of this school"
    found = "DELETE FROM found WHERE student_id IS NULL RETURNING line, studentsourcedid"
    await run.refuse("not_at_school", reason, file, "studentSourcedId", found)
    found = (
        "DELETE FROM found f WHERE NOT EXISTS (SELECT FROM enrollment e WHERE e.institution_id = :school"
        " AND e.student_id = f.student_id AND e.course_id = f.course_id AND e.begin_date <= f.date"
        " AND coalesce(e.end_date, 'infinity') >= f.date) RETURNING line, date"
    )
    reason = "the student is not enrolled in the class on this day"
    await run.refuse("not_enrolled", reason, file, "date", found)
    found = (
        "DELETE FROM found f WHERE code IS NOT NULL AND NOT EXISTS (SELECT FROM attendance_code a"
        " WHERE a.institution_id = :school AND a.code = f.code AND a.status = f.status) RETURNING line, code"
    )
    reason = "is no attendance code of the school with this status"
    await run.refuse("unknown_code", reason, file, "code", found)
    found = f"DELETE FROM found WHERE minuteslate > {MAX_MINUTES} RETURNING line, minuteslate"
    await run.refuse("number", f"is more than {MAX_MINUTES} minutes", file, "minutesLate", found)


async def _check_doubles(run: Run, file: str) -> None:
    same = "b.student_id = a.student_id AND b.course_id = a.course_id AND b.date = a.date"
    found = (
        f"DELETE FROM found a WHERE EXISTS (SELECT FROM found b WHERE {same} AND b.line < a.line"
        " AND b.part = a.part) RETURNING line, date"
    )
    reason = "an earlier line marks this student in this class, day and session"
    await run.refuse("duplicate_record", reason, file, "date", found)
    reason = "a whole day and a half day cannot both be marked"
    for others in (
        f"SELECT FROM found b WHERE {same} AND b.line < a.line AND b.part <> a.part AND 'FULL' IN (a.part, b.part)",
        f"SELECT FROM attendance b WHERE b.institution_id = :school AND {same} AND b.session <> a.part"
        " AND 'FULL' IN (a.part, b.session)",
    ):
        found = f"DELETE FROM found a WHERE EXISTS ({others}) RETURNING line, part"
        await run.refuse("session_conflict", reason, file, "session", found)


async def load_marks(run: Run, *, file: str, rest: bool) -> None:
    await run.execute(_FOUND)
    await _check_rows(run, file)
    await _check_doubles(run, file)
    reason = "is no lesson day of the school's calendar"
    found = (
        "SELECT f.line, f.date FROM found f JOIN calendar_day k ON k.institution_id = :school AND k.date = f.date"
        " WHERE k.kind NOT IN ('INSTRUCTIONAL', 'MAKE_UP') ORDER BY 1"
    )
    await run.warn("no_lesson_day", reason, file, "date", found)
    await prepare(run, _MARKS)
    await write(run, _MARKS)
    if rest and not run.findings.of(run.code):
        await merge_rows(run, _REST)
        await merge_rows(run, _TAKEN)
