"""Students: who they are, their numbers, and what other systems call them.

Registered is a student from the first day in a class, else from the first day of the current school year.
"""

from app.importing.merging import Merge, keep, merge_rows, new, prepare, put, write
from app.importing.retiring import leave_retired
from app.importing.run import Run, known
from app.importing.settings_of import setting
from app.importing.sharing import leave_shared
from resolvers.people.student_numbers import reserve, student_number

FILE, BIRTHS = "users.csv", "demographics.csv"

_STUDENTS = Merge(
    "student",
    f"""
SELECT u.line, u.sourcedid AS source, u.givenname AS first_name, u.familyname AS last_name,
       u.preferredgivenname AS preferred_name, d.sex AS gender, d.birthdate AS date_of_birth, d.line AS birth_line,
       u.sms AS mobile, u.phone, u.email, d.cityofbirth AS birth_district,
       coalesce(e.first, y.start_date, :today) AS registration_date, NULL::text AS student_number,
       NULL::timestamptz AS deleted_at
  FROM s_users u JOIN person p ON p.usr = u.sourcedid AND p.kind = 'student'
  LEFT JOIN s_demographics d ON d.sourcedid = u.sourcedid AND NOT d.gone AND NOT d.bad
  LEFT JOIN school_year y ON y.institution_id = :school AND y.current
  LEFT JOIN (SELECT e.usersourcedid, min(coalesce(e.begindate, z.start_date)) AS first
               FROM s_enrollments e JOIN {known("course")} k ON k.value = e.classsourcedid
               JOIN course c ON c.institution_id = :school AND c.id = k.record_id
               JOIN school_year z ON z.institution_id = :school AND z.id = c.school_year_id
              WHERE e.role = 'student' AND NOT e.bad AND NOT e.gone GROUP BY 1) e ON e.usersourcedid = u.sourcedid
 WHERE NOT u.bad AND NOT u.gone
   AND NOT EXISTS (SELECT FROM s_demographics b WHERE b.sourcedid = u.sourcedid AND b.bad)""",
    (
        keep("first_name", "users.givenName"),
        keep("last_name", "users.familyName"),
        keep("preferred_name", "users.preferredGivenName"),
        keep("gender", "demographics.sex", "'UNSPECIFIED'"),
        keep("date_of_birth", "demographics.birthDate"),
        keep("mobile", "users.sms"),
        keep("phone", "users.phone"),
        keep("email", "users.email"),
        keep("birth_district", "demographics.cityOfBirth"),
        new("registration_date"),
        new("student_number"),
        put("deleted_at"),
    ),
)

# A delta may bring demographics without the users that they are of.
_BIRTHS = Merge(
    "student",
    """
SELECT d.line, d.sourcedid AS source, d.sex AS gender, d.birthdate AS date_of_birth, d.cityofbirth AS birth_district
  FROM s_demographics d WHERE NOT d.bad AND NOT d.gone
   AND NOT EXISTS (SELECT FROM s_users u WHERE u.sourcedid = d.sourcedid)""",
    (
        keep("gender", "demographics.sex"),
        keep("date_of_birth", "demographics.birthDate"),
        keep("birth_district", "demographics.cityOfBirth"),
    ),
    insert=False,
    name="births",
)

# (kind, table) of the users whose further identifiers are kept.
_IDENTIFIED = " UNION ALL ".join(
    f"SELECT u.line, k.record_id, '{entity}' AS entity, v.system, v.value FROM s_users u"
    f" JOIN person p ON p.usr = u.sourcedid AND p.kind = '{kind}' JOIN {known(entity)} k ON k.value = u.sourcedid,"
    " LATERAL (VALUES ('identifier', u.identifier), ('userMasterIdentifier', u.usermasteridentifier) UNION ALL"
    " SELECT split_part(x.pair, ':', 1), substr(x.pair, strpos(x.pair, ':') + 1) FROM unnest(u.userids) x(pair))"
    " v(system, value) WHERE v.value IS NOT NULL AND NOT u.bad AND NOT u.gone"
    for kind, entity in (("student", "student"), ("guardian", "guardian"), ("staff", "app_user"))
)
_IDENTIFIERS = Merge(
    "external_id",
    f"""
SELECT line, NULL::text AS source, entity, record_id, system, value FROM (
    SELECT i.*, row_number() OVER (PARTITION BY entity, record_id, system ORDER BY value) AS nth,
           count(*) OVER (PARTITION BY entity, system, value) AS alike
      FROM (SELECT DISTINCT * FROM ({_IDENTIFIED}) d) i) x
 WHERE nth = 1 AND alike = 1 AND NOT EXISTS (SELECT FROM external_id e WHERE e.institution_id = :school
   AND e.entity = x.entity AND e.system = x.system AND e.value = x.value AND e.record_id <> x.record_id)""",
    (new("entity"), new("record_id"), new("system"), put("value")),
    natural=("entity", "record_id", "system"),
    external=False,
)


async def _check_students(run: Run) -> None:
    nameless = "fresh AND num_nulls(first_name, last_name) > 0"
    reason = "a student needs a given and a family name"
    await run.reject("in_student", nameless, "required", reason, FILE, "familyName")
    reason = f"a student needs a date of birth: give it in {BIRTHS}"
    unborn = "fresh AND date_of_birth IS NULL AND birth_line IS"
    await run.reject("in_student", f"{unborn} NULL", "required", reason, FILE, "birthDate")
    found = "birth_line, NULL"
    await run.reject("in_student", f"{unborn} NOT NULL", "required", reason, BIRTHS, "birthDate", found)
    late = (
        "date_of_birth >= coalesce((SELECT s.registration_date FROM student s"
        " WHERE s.institution_id = :school AND s.id = i.id), registration_date)"
    )
    reason, found = "is not before the registration", "birth_line, date_of_birth"
    await run.reject("in_student", late, "date", reason, BIRTHS, "birthDate", found)


async def _check_details(run: Run) -> None:
    youngest, oldest = int(await setting(run, "MIN_STUDENT_AGE", "3")), int(await setting(run, "MAX_STUDENT_AGE", "18"))
    age = "date_part('year', age(registration_date, date_of_birth))"
    outside = f"fresh AND {age} NOT BETWEEN {youngest} AND {oldest}"
    found = f"SELECT birth_line, date_of_birth FROM in_student WHERE {outside} ORDER BY 1"
    reason = f"the age at admission is not between {youngest} and {oldest} years"
    await run.warn("age_at_admission", reason, BIRTHS, "birthDate", found)
    shortest = int(await setting(run, "MIN_NAME_LENGTH", "2"))
    for column, header in (("first_name", "givenName"), ("last_name", "familyName")):
        reason = f"is shorter than {shortest} characters, the school's shortest name"
        found = f"SELECT line, {column} FROM in_student WHERE fresh AND length({column}) < {shortest} ORDER BY line"
        await run.warn("short_name", reason, FILE, header, found)


async def _number(run: Run) -> None:
    """Give each new student a number of the year of registration, in the order of the file."""
    years = await run.fetch(
        "SELECT date_part('year', registration_date)::integer, array_agg(id ORDER BY line) FROM in_student WHERE fresh"
        " GROUP BY 1 ORDER BY 1"
    )
    for year, ids in years:
        _, last = (await run.connection.execute(reserve(run.school, {year: len(ids)}))).one()
        numbers = [student_number(year, number) for number in range(last - len(ids) + 1, last + 1)]
        await run.driver.execute(
            "UPDATE in_student i SET student_number = x.number"
            " FROM unnest($1::bigint[], $2::text[]) x(id, number) WHERE x.id = i.id",
            ids,
            numbers,
        )


async def load_students(run: Run) -> None:
    await prepare(run, _STUDENTS)
    await leave_retired(run, _STUDENTS, FILE)
    await leave_shared(run, _STUDENTS, "mobile", FILE, "sms")
    await leave_shared(run, _STUDENTS, "email", FILE, "email")
    await _check_students(run)
    await _check_details(run)
    await _number(run)
    await write(run, _STUDENTS)
    await merge_rows(run, _BIRTHS)
    await merge_rows(run, _IDENTIFIERS)


# What a school may require of a new student, and how it is seen that a record has it.
_DETAILS = {
    "address": "coalesce(s.street, s.village, s.city, s.house_number) IS NOT NULL",
    "mobile": "s.mobile IS NOT NULL",
    "phone": "coalesce(s.phone, s.mobile) IS NOT NULL",
    "email": "s.email IS NOT NULL",
    "guardian": "EXISTS (SELECT FROM student_guardian g WHERE g.institution_id = :school AND g.student_id = s.id)",
}


async def report_missing(run: Run) -> None:
    """What the school requires of a new student and these do not have: told, not refused."""
    wanted = (await setting(run, "REQUIRED_STUDENT_FIELDS", "address,mobile,guardian")).split(",")
    checks = [name.strip() for name in wanted if name.strip() in _DETAILS]
    if not checks:
        return
    missing = ", ".join(f"CASE WHEN NOT ({_DETAILS[name]}) THEN '{name}' END" for name in checks)
    found = (
        f"SELECT line, missing FROM (SELECT i.line, concat_ws(', ', {missing}) AS missing FROM in_student i"
        " JOIN student s ON s.institution_id = :school AND s.id = i.id) x WHERE missing <> '' ORDER BY line"
    )
    reason = "the school requires these of a new student, and they are not known"
    await run.warn("missing_details", reason, FILE, "sourcedId", found)
