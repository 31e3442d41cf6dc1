"""Who is what at the school, its staff, its guardians and whose children these have.

    person  usr, kind                student, guardian or staff; a user may be several
    link    student, guardian, line  by agentSourcedIds, which may stand on either side
    leaving usr, kind                whose last role of this kind at the school is to be deleted

No account is made for students and guardians. TEACHER is the one role that a file can give: whoever administers the
school is named by a person.
"""

from app.importing.auditing import deleted
from app.importing.merging import Merge, keep, merge_rows, new, prepare, put, write
from app.importing.oneroster_tables import GUARDIAN_ROLES, STAFF_ROLES
from app.importing.retiring import by_import, leave_retired
from app.importing.run import Run, known
from app.importing.sharing import leave_shared


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_KIND = (
    f"CASE WHEN role = 'student' THEN 'student' WHEN role IN ({_quoted(GUARDIAN_ROLES)}) THEN 'guardian'"
    f" WHEN role IN ({_quoted(STAFF_ROLES)}) THEN 'staff' END"
)

# Roles of a delta may be left out: who is known stays what they were.
_PEOPLE = f"""
CREATE TEMP TABLE leaving ON COMMIT DROP AS
SELECT usr, {_KIND} AS kind FROM t_role WHERE school = :org GROUP BY 1, 2 HAVING bool_and(gone)
UNION SELECT u.sourcedid, k.kind FROM s_users u, (VALUES ('student'), ('guardian'), ('staff')) k(kind) WHERE u.gone;

CREATE TEMP TABLE person ON COMMIT DROP AS
SELECT DISTINCT x.usr, x.kind FROM (
    SELECT usr, {_KIND} AS kind FROM t_role WHERE school = :org AND NOT gone
    UNION ALL SELECT value, 'student' FROM {known("student")} s
    UNION ALL SELECT value, 'guardian' FROM {known("guardian")} g
    UNION ALL SELECT value, 'staff' FROM {known("app_user")} u) x
 WHERE x.kind IS NOT NULL AND NOT EXISTS (SELECT FROM leaving l WHERE l.usr = x.usr AND l.kind = x.kind);
ANALYZE person;

CREATE TEMP TABLE link ON COMMIT DROP AS
WITH pair AS (
    SELECT u.line, u.sourcedid AS a, x.agent AS b FROM s_users u, unnest(u.agentsourcedids) x(agent)
     WHERE NOT u.bad AND NOT u.gone)
SELECT x.student, x.guardian, min(x.line) AS line
  FROM (SELECT a AS student, b AS guardian, line FROM pair UNION ALL SELECT b, a, line FROM pair) x
  JOIN person p ON p.usr = x.student AND p.kind = 'student'
 WHERE NOT EXISTS (SELECT FROM person q WHERE q.usr = x.guardian AND q.kind = 'student')
   AND NOT EXISTS (SELECT FROM t_role r WHERE r.usr = x.guardian AND r.role = 'student' AND NOT r.gone)
   AND NOT EXISTS (SELECT FROM leaving l WHERE l.usr = x.guardian AND l.kind = 'guardian')
 GROUP BY 1, 2;

INSERT INTO person SELECT DISTINCT l.guardian, 'guardian' FROM link l
 WHERE NOT EXISTS (SELECT FROM person p WHERE p.usr = l.guardian AND p.kind = 'guardian');
ANALYZE person; ANALYZE link;
"""

_USERS = "s_users u JOIN person p ON p.usr = u.sourcedid AND p.kind = '{kind}' WHERE NOT u.bad AND NOT u.gone"

_STAFF = Merge(
    "app_user",
    f"""
SELECT u.line, u.sourcedid AS source, CASE WHEN u.username ~ '^[A-Za-z0-9._-]+$' THEN u.username END AS username,
       coalesce(u.email, CASE WHEN u.username ~ '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$' THEN u.username END) AS email,
       lower(u.username) AS username_folded, u.givenname AS first_name, u.familyname AS last_name, u.sms AS mobile,
       u.phone, r.role AS position, CASE WHEN u.enableduser THEN 'ACTIVE' WHEN NOT u.enableduser THEN 'INACTIVE' END
       AS status, NULL::timestamptz AS deleted_at, length(u.username) > 50 AS too_long
  FROM (SELECT usr, min(role) AS role FROM t_role WHERE school = :org AND NOT gone AND role IN ({_quoted(STAFF_ROLES)})
         GROUP BY 1) r RIGHT JOIN {_USERS.format(kind="staff").replace(" WHERE", " ON r.usr = u.sourcedid WHERE")}""",
    (
        keep("username", "users.username"),
        keep("email", "users.email"),
        keep("first_name", "users.givenName"),
        keep("last_name", "users.familyName"),
        keep("mobile", "users.sms"),
        keep("phone", "users.phone"),
        keep("status", "users.enabledUser", "'ACTIVE'"),
        new("position"),
        put("deleted_at"),
    ),
    natural=("username_folded",),
)

# Whoever has held the role in several spans has had them written by the school, which knows better.
_TEACHER_ROLES = Merge(
    "user_role",
    f"""
SELECT min(r.line) AS line, NULL::text AS source, k.record_id AS user_id, 'TEACHER' AS role,
       CASE WHEN bool_and(r.begindate IS NOT NULL) THEN min(r.begindate) END AS begin_date,
       CASE WHEN bool_and(r.enddate IS NOT NULL) THEN max(r.enddate) END AS end_date
  FROM t_role r JOIN {known("app_user")} k ON k.value = r.usr
 WHERE r.school = :org AND r.role = 'teacher' AND NOT r.gone
   AND (SELECT count(*) FROM user_role h WHERE h.institution_id = :school AND h.user_id = k.record_id
                                           AND h.role = 'TEACHER') < 2
 GROUP BY k.record_id""",
    (new("user_id"), new("role"), put("begin_date", "roles.beginDate"), put("end_date", "roles.endDate")),
    natural=("user_id", "role"),
    external=False,
)

_GUARDIANS = Merge(
    "guardian",
    f"""
SELECT u.line, u.sourcedid AS source, CASE WHEN num_nulls(u.givenname, u.familyname) = 0 THEN u.givenname END
       AS first_name, CASE WHEN num_nulls(u.givenname, u.familyname) = 0 THEN u.familyname END AS last_name,
       CASE WHEN num_nulls(u.givenname, u.familyname) = 1 THEN coalesce(u.givenname, u.familyname) END AS single_name,
       u.sms AS mobile, u.phone, u.email, NULL::timestamptz AS deleted_at
  FROM {_USERS.format(kind="guardian")}""",
    (
        put("first_name"),
        put("last_name"),
        put("single_name"),
        keep("mobile", "users.sms"),
        keep("phone", "users.phone"),
        keep("email", "users.email"),
        put("deleted_at"),
    ),
)

# A relation that the school knows better than the file stays. Rights and custody are never read from a file.
_LINKS = Merge(
    "student_guardian",
    f"""
SELECT l.line, NULL::text AS source, s.record_id AS student_id, g.record_id AS guardian_id,
       CASE WHEN t.relation <> 'UNKNOWN' THEN t.relation WHEN r.role = 'parent' AND d.sex = 'FEMALE' THEN 'MOTHER'
            WHEN r.role = 'parent' AND d.sex = 'MALE' THEN 'FATHER' WHEN r.role = 'guardian' THEN 'GUARDIAN'
            WHEN r.role = 'relative' THEN 'RELATIVE' ELSE 'UNKNOWN' END AS relation
  FROM link l JOIN {known("student")} s ON s.value = l.student JOIN {known("guardian")} g ON g.value = l.guardian
  LEFT JOIN (SELECT usr, min(role) AS role FROM t_role WHERE role IN ({_quoted(GUARDIAN_ROLES)}) AND NOT gone
              GROUP BY 1) r ON r.usr = l.guardian
  LEFT JOIN s_demographics d ON d.sourcedid = l.guardian AND NOT d.bad AND NOT d.gone
  LEFT JOIN student_guardian t ON t.institution_id = :school AND t.student_id = s.record_id
   AND t.guardian_id = g.record_id""",
    (new("student_id"), new("guardian_id"), put("relation")),
    natural=("student_id", "guardian_id"),
    external=False,
)

# Both rows are in the package and neither names the other any more.
_UNLINKED = f"""
t.id IN (SELECT x.id FROM student_guardian x
  JOIN {known("student")} s ON s.record_id = x.student_id JOIN s_users us ON us.sourcedid = s.value
  JOIN {known("guardian")} g ON g.record_id = x.guardian_id JOIN s_users ug ON ug.sourcedid = g.value
 WHERE x.institution_id = :school AND NOT (us.bad OR us.gone OR ug.bad OR ug.gone)
   AND NOT EXISTS (SELECT FROM link l WHERE l.student = s.value AND l.guardian = g.value)
   AND {by_import("student_guardian", "x", "a.operation = 'INSERT'")})"""


_NAMESAKES = (
    "id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY username_folded ORDER BY line) AS nth"
    " FROM in_app_user WHERE username IS NOT NULL) x WHERE nth > 1)",
    "username IS NOT NULL AND EXISTS (SELECT FROM app_user t WHERE t.institution_id = :school AND t.deleted_at IS NULL"
    " AND t.username_folded = i.username_folded AND t.id <> i.id"
    " AND NOT EXISTS (SELECT FROM in_app_user b WHERE b.id = t.id AND b.username IS NOT NULL))",
)


async def find_people(run: Run) -> None:
    await run.execute(_PEOPLE)


async def load_staff(run: Run) -> None:
    """Staff become users without a password, who cannot sign in until the school gives them one."""
    role_file = "roles.csv" if "roles.role" in run.present else "users.csv"
    await prepare(run, _STAFF)
    await leave_retired(run, _STAFF, "users.csv")
    await leave_shared(run, _STAFF, "email", "users.csv", "email")
    neither = "username IS NULL AND email IS NULL AND fresh"
    reason = "a user needs a username of letters, digits, '.', '_' and '-', or an e-mail address of their own"
    await run.reject("in_app_user", neither, "required", reason, "users.csv", "username")
    reason = "another user of the school has this username"
    for namesake in _NAMESAKES:
        await run.reject("in_app_user", namesake, "name_taken", reason, "users.csv", "username", "line, username")
    reason = "a username has at most 50 characters"
    await run.reject("in_app_user", "too_long", "too_long", reason, "users.csv", "username", "line, username")
    await write(run, _STAFF)
    await merge_rows(run, _TEACHER_ROLES)
    reason = "a file gives no rights but a teacher's: give the role by hand if it is due"
    column = "role"
    others = _quoted(tuple(role for role in STAFF_ROLES if role != "teacher"))
    found = f"SELECT line, role FROM t_role WHERE school = :org AND NOT gone AND role IN ({others}) ORDER BY 1"
    await run.warn("role_not_given", reason, role_file, column, found)


async def load_guardians(run: Run) -> None:
    await prepare(run, _GUARDIANS)
    await leave_retired(run, _GUARDIANS, "users.csv")
    nameless = "num_nonnulls(first_name, single_name) = 0"
    await run.reject("in_guardian", nameless, "required", "a guardian needs a name", "users.csv", "familyName")
    await write(run, _GUARDIANS)


async def load_links(run: Run) -> None:
    await merge_rows(run, _LINKS)
    if "users.agentSourcedIds" in run.present:
        run.counts["student_guardian"].deleted += await run.execute(deleted("student_guardian", _UNLINKED))
