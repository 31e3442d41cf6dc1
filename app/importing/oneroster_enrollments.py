"""Who takes and who teaches which class, and the span of each student at the school that follows from it."""

from dataclasses import replace

from app.importing.auditing import updated
from app.importing.merging import Merge, prepare, put, write
from app.importing.run import Run, known

FILE = "enrollments.csv"

# Of a span that is over it is not known whether the student stayed to the end of the class: it counts as completed. One
# that begins later is ACTIVE: its dates say from when, and nobody would come back to change a status on that day.
_ENROLLMENTS = Merge(
    "enrollment",
    f"""
SELECT e.line, e.sourcedid AS source, e.usersourcedid AS usr, k.record_id AS course_id, s.record_id AS student_id,
       coalesce(e.begindate, o.begin_date, y.start_date) AS begin_date, {{end}} AS end_date,
       CASE WHEN {{end}} < :today THEN 'COMPLETED' ELSE 'ACTIVE' END AS status,
       NULL::date AS drop_date, NULL::text AS drop_reason, NULL::bigint AS drop_semester_id,
       y.start_date AS year_start, y.end_date AS year_end
  FROM s_enrollments e JOIN t_class t ON t.class = e.classsourcedid AND t.school = :org
  JOIN {known("course")} k ON k.value = e.classsourcedid
  JOIN course c ON c.institution_id = :school AND c.id = k.record_id
  JOIN school_year y ON y.institution_id = :school AND y.id = c.school_year_id
  LEFT JOIN {known("student")} s ON s.value = e.usersourcedid
  LEFT JOIN {known("enrollment")} x ON x.value = e.sourcedid
  LEFT JOIN enrollment o ON o.institution_id = :school AND o.id = x.record_id
 WHERE e.role = 'student' AND NOT e.bad AND NOT e.gone""",
    (
        put("course_id"),
        put("student_id"),
        put("begin_date"),
        put("end_date"),
        put("status"),
        put("drop_date"),
        put("drop_reason"),
        put("drop_semester_id"),
    ),
    natural=("course_id", "student_id", "begin_date"),
)

# At most three teachers: those there are keep their places, and who follows another under the same sourcedId takes over
# that one's; new ones take the free ones, primary teachers first.
_TEACHERS = Merge(
    "course_teacher",
    f"""
WITH wanted AS (
    SELECT DISTINCT ON (k.record_id, e.usersourcedid) e.line, e.sourcedid AS source, e.usersourcedid AS usr,
           k.record_id AS course_id, u.record_id AS user_id, coalesce(e.primary, false) AS main,
           o.position AS place, o.role
      FROM s_enrollments e JOIN t_class t ON t.class = e.classsourcedid AND t.school = :org
      JOIN {known("course")} k ON k.value = e.classsourcedid
      LEFT JOIN {known("app_user")} u ON u.value = e.usersourcedid
      LEFT JOIN {known("course_teacher")} x ON x.value = e.sourcedid
      LEFT JOIN course_teacher o ON o.institution_id = :school AND o.id = x.record_id AND o.course_id = k.record_id
     WHERE e.role = 'teacher' AND NOT e.bad AND NOT e.gone
     ORDER BY k.record_id, e.usersourcedid, o.user_id = u.record_id DESC NULLS LAST, e.primary DESC NULLS LAST, e.line),
there AS (SELECT course_id, user_id, position, role FROM course_teacher WHERE institution_id = :school),
fresh AS (
    SELECT w.course_id, w.user_id, row_number() OVER (PARTITION BY w.course_id ORDER BY w.main DESC, w.line) AS nth
      FROM wanted w WHERE w.user_id IS NOT NULL AND w.place IS NULL AND NOT EXISTS
           (SELECT FROM there t WHERE t.course_id = w.course_id AND t.user_id = w.user_id)),
free AS (
    SELECT c.course_id, p AS position, row_number() OVER (PARTITION BY c.course_id ORDER BY p) AS nth
      FROM (SELECT DISTINCT course_id FROM fresh) c, generate_series(1, 3) p
     WHERE NOT EXISTS (SELECT FROM there t WHERE t.course_id = c.course_id AND t.position = p))
SELECT w.line, w.source, w.usr, w.course_id, w.user_id, coalesce(t.position, w.place, r.position) AS position,
       CASE WHEN w.main THEN 'LEAD' WHEN coalesce(t.role, w.role) = 'LEAD'
            AND bool_or(w.main) OVER (PARTITION BY w.course_id) THEN 'ASSISTANT'
            ELSE coalesce(t.role, w.role, CASE WHEN r.position = 1 THEN 'LEAD' ELSE 'ASSISTANT' END) END AS role
  FROM wanted w LEFT JOIN there t ON t.course_id = w.course_id AND t.user_id = w.user_id
  LEFT JOIN fresh f ON f.course_id = w.course_id AND f.user_id = w.user_id
  LEFT JOIN free r ON r.course_id = f.course_id AND r.nth = f.nth""",
    (put("course_id"), put("user_id"), put("role"), put("position")),
    natural=("course_id", "user_id"),
)


async def _check_dates(run: Run) -> None:
    found = "DELETE FROM in_enrollment WHERE end_date < begin_date RETURNING line, end_date"
    await run.refuse("ends_before_begin", "the enrolment ends before it begins", FILE, "endDate", found)
    found = "DELETE FROM in_enrollment WHERE begin_date > year_end RETURNING line, begin_date"
    await run.refuse("outside_year", "begins after the school year of the class", FILE, "beginDate", found)
    found = "DELETE FROM in_enrollment WHERE end_date < year_start RETURNING line, end_date"
    await run.refuse("outside_year", "ends before the school year of the class", FILE, "endDate", found)


async def _check_overlaps(run: Run) -> None:
    """Spans of one student in one class: two of the file, or one of the file and another of the school."""
    before = (
        "(PARTITION BY student_id, course_id ORDER BY begin_date, line ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW)"
    )
    twice = (
        "id IN (SELECT id FROM (SELECT id, begin_date, max(coalesce(end_date, 'infinity')) OVER"
        f" {before} AS before FROM in_enrollment) x WHERE begin_date <= before)"
    )
    there = (
        "EXISTS (SELECT FROM enrollment b WHERE b.institution_id = :school AND b.course_id = i.course_id"
        " AND b.student_id = i.student_id AND b.id <> i.id AND b.begin_date <= coalesce(i.end_date, 'infinity')"
        " AND i.begin_date <= coalesce(b.end_date, 'infinity')"
        " AND NOT EXISTS (SELECT FROM in_enrollment o WHERE o.id = b.id))"
    )
    reason = "overlaps another enrolment of this student in this class"
    for condition in (twice, there):
        await run.reject("in_enrollment", condition, "overlap", reason, FILE, "beginDate", "line, begin_date")


def _stranger(table: str, column: str) -> str:
    """Rows of users who are nobody of this kind here; whose own row is wrong has been told already."""
    return (
        f"DELETE FROM {table} i WHERE i.{column} IS NULL AND NOT EXISTS (SELECT FROM s_users u"
        " LEFT JOIN s_demographics d ON d.sourcedid = u.sourcedid WHERE u.sourcedid = i.usr AND (u.bad OR d.bad"
        f" OR EXISTS (SELECT FROM unwritten w WHERE w.usr = i.usr))) RETURNING i.line, i.usr"
    )


async def load_enrollments(run: Run) -> None:
    end = "e.enddate" if "enrollments.endDate" in run.present else "o.end_date"
    merge = replace(_ENROLLMENTS, source=_ENROLLMENTS.source.format(end=end))
    await prepare(run, merge)
    reason = "is no student of this school: a role there is missing"
    await run.refuse("not_at_school", reason, FILE, "userSourcedId", _stranger("in_enrollment", "student_id"))
    await run.execute("DELETE FROM in_enrollment WHERE student_id IS NULL")
    reason = "was dropped at the school for another reason, and is left as it is"
    found = (
        "DELETE FROM in_enrollment i USING enrollment e WHERE e.institution_id = :school AND e.id = i.id"
        " AND e.status = 'DROPPED' AND e.drop_reason <> 'UNKNOWN' RETURNING i.line, e.drop_reason"
    )
    await run.warn("dropped", reason, FILE, "status", found)
    await _check_dates(run)
    await _check_overlaps(run)
    await write(run, merge)


async def load_teachers(run: Run) -> None:
    await prepare(run, _TEACHERS)
    reason = "is not on the staff of this school: a role there is missing"
    await run.refuse("not_at_school", reason, FILE, "userSourcedId", _stranger("in_course_teacher", "user_id"))
    await run.execute("DELETE FROM in_course_teacher WHERE user_id IS NULL")
    there = (
        "EXISTS (SELECT FROM course_teacher b WHERE b.institution_id = :school AND b.course_id = i.course_id"
        " AND b.user_id = i.user_id AND b.id <> i.id)"
    )
    reason = "the school has this teacher in this class under another sourcedId"
    await run.reject("in_course_teacher", there, "duplicate_record", reason, FILE, "sourcedId", "line, source")
    found = "DELETE FROM in_course_teacher WHERE position IS NULL RETURNING line, usr"
    await run.warn("too_many_teachers", "a course has at most three teachers", FILE, "userSourcedId", found)
    await write(run, _TEACHERS)
    reason = "an enrolment of this role has no place here, and is left out"
    found = (
        "SELECT e.line, e.role FROM s_enrollments e JOIN t_class t ON t.class = e.classsourcedid AND t.school = :org"
        " WHERE e.role NOT IN ('student', 'teacher') AND NOT e.bad AND NOT e.gone ORDER BY 1"
    )
    await run.warn("role_not_used", reason, FILE, "role", found)


# The drop is on the day of the last change, or when the span ended anyway, but not before it began.
_DROPPED = f"""
(SELECT t.id, greatest(t.begin_date, least(e.enddate, e.datelastmodified, t.end_date, :today)) AS day
   FROM s_enrollments e JOIN {known("enrollment")} k ON k.value = e.sourcedid
   JOIN enrollment t ON t.institution_id = :school AND t.id = k.record_id WHERE e.gone AND t.status <> 'DROPPED')"""


async def drop_enrollments(run: Run) -> None:
    """Enrolments to be deleted are dropped: that the student was there stays known."""
    semester = (
        "(SELECT p.id FROM semester p WHERE p.institution_id = :school AND i.day BETWEEN p.start_date AND p.end_date"
        " ORDER BY p.end_date - p.start_date, p.id LIMIT 1)"
    )
    assignments = {
        "status": "'DROPPED'",
        "drop_date": "i.day",
        "end_date": "i.day",
        "drop_reason": "'UNKNOWN'",
        "drop_semester_id": semester,
    }
    run.counts["enrollment"].updated += await run.execute(updated("enrollment", assignments, _DROPPED, "true"))
