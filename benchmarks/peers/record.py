"""One student by hand: alone (Q1), and with all that hangs below (Q2)."""

from typing import Any

from benchmarks.peers.by_hand import LEAD, Connection, Values, below, found, key_of, people_of, titles_of, told

SCALARS = "id, last_name, first_name, gender, date_of_birth, register_to_study, status, phone"
STUDENT = "SELECT {columns} FROM student WHERE institution_id = 1 AND deleted_at IS NULL AND id = $1"
GUARDIANS = below("guardian_id, relation", "student_guardian", "contact_priority, id")
FAMILY = below("id, living_condition, living_with, own_house, poverty_card", "family_info", "id")
SCHOLARSHIPS = below("id, name, trim_scale(amount)::text, provider", "scholarship", "start_date DESC, id DESC")
ENROLLMENTS = below("id, status, course_id", "enrollment", "begin_date, id")
GRADES = below("id, trim_scale(score)::text, date, comment, subject_id, semester_id, course_id", "grade", "date, id")
ATTENDANCE = below("id, date, session, status, reason, course_id, semester_id", "attendance", "date, id")
BELOW = (GUARDIANS, FAMILY, SCHOLARSHIPS, ENROLLMENTS, GRADES, ATTENDANCE)
PERSON = "first_name, last_name, phone, occupation, trim_scale(income)::text, id"
COURSE = f"name, section, grade_level_id, school_year_id, {LEAD}, id"


def _scalars(row: Any) -> dict[str, Any]:
    return {
        "id": f"stu_{row[0]}",
        "lastName": row[1],
        "firstName": row[2],
        "gender": row[3],
        "dateOfBirth": row[4],
        "registerToStudy": row[5],
        "status": row[6],
        "phone": row[7],
    }


async def student(connection: Connection, values: Values) -> Any:
    """Q1: one row."""
    row = await connection.fetchrow(STUDENT.format(columns=SCALARS), key_of(values, "id"))
    return {"student": _scalars(row)}


async def _guardians(connection: Connection, links: list[Any]) -> list[dict[str, Any]]:
    people = await found(connection, PERSON, "guardian", {row[0] for row in links})
    names = ("firstName", "lastName", "phone", "occupation", "income")
    shown = {key: {"id": f"gua_{key}", **dict(zip(names, row, strict=False))} for key, row in people.items()}
    return [{"relation": row[1], "guardian": shown[row[0]]} for row in links]


async def _enrollments(connection: Connection, rows: list[Any]) -> list[dict[str, Any]]:
    courses = await found(connection, COURSE, "course AS c", {row[2] for row in rows})
    levels = await told(connection, "code", "grade_level", {row[2] for row in courses.values()})
    years = await told(connection, "code", "school_year", {row[3] for row in courses.values()})
    leads = await people_of(connection, "usr", "app_user", {row[4] for row in courses.values()})
    shown = {
        key: {
            "id": f"crs_{key}",
            "name": row[0],
            "section": row[1],
            "gradeLevel": levels[row[2]],
            "schoolYear": years[row[3]],
            "leadTeacher": leads.get(row[4]),
        }
        for key, row in courses.items()
    }
    return [{"id": f"enr_{row[0]}", "status": row[1], "course": shown[row[2]]} for row in rows]


async def _marked(connection: Connection, rows: list[Any]) -> list[dict[str, Any]]:
    names = await found(connection, "name, id", "subject", {row[4] for row in rows})
    semesters = await told(connection, "code", "semester", {row[5] for row in rows})
    courses = await titles_of(connection, {row[6] for row in rows})
    subjects = {key: {"id": f"sub_{key}", "name": row[0]} for key, row in names.items()}
    return [
        {
            "id": f"grd_{r[0]}",
            "score": r[1],
            "date": r[2],
            "comment": r[3],
            "subject": subjects[r[4]],
            "semester": semesters.get(r[5]),
            "course": courses[r[6]],
        }
        for r in rows
    ]


async def _attended(connection: Connection, rows: list[Any]) -> list[dict[str, Any]]:
    courses = await titles_of(connection, {row[5] for row in rows})
    semesters = await told(connection, "code", "semester", {row[6] for row in rows})
    return [
        {
            "id": f"att_{r[1]:%Y%m%d}_{r[0]}",
            "date": r[1],
            "session": r[2],
            "status": r[3],
            "reason": r[4],
            "course": courses[r[5]],
            "semester": semesters.get(r[6]),
        }
        for r in rows
    ]


async def student_with_all(connection: Connection, values: Values) -> Any:
    """Q2: some 137 rows by seventeen statements."""
    key = key_of(values, "id")
    row = await connection.fetchrow(STUDENT.format(columns=f"{SCALARS}, province, village"), key)
    links, family, scholarships, enrolled, grades, days = [await connection.fetch(each, [key]) for each in BELOW]
    home = ("livingCondition", "livingWith", "ownHouse", "povertyCard")
    found_student = {
        **_scalars(row),
        "province": row[8],
        "village": row[9],
        "guardians": await _guardians(connection, links),
        "familyInfo": {"id": f"fam_{family[0][0]}", **dict(zip(home, family[0][1:], strict=False))} if family else None,
        "scholarships": [{"id": f"sch_{r[0]}", "name": r[1], "amount": r[2], "provider": r[3]} for r in scholarships],
        "enrollments": await _enrollments(connection, enrolled),
        "grades": await _marked(connection, grades),
        "attendance": await _attended(connection, days),
    }
    return {"student": found_student}
