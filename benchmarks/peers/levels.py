"""Q1 to Q6 by hand: a select for each level, and dicts of the rows, as a programmer would write them.

    .venv/bin/python -m uvicorn benchmarks.peers.levels:app --port 8201

No document is parsed or planned here, no token looked up, no role, limit or log line: that is the price of a general
engine, which the server makes up for by having PostgreSQL write the rows (`resolvers.texts`). The answers, the tenant's
setting, the transaction, the pool and the web server are the same. The yardstick asks it with our operations and
adapter.
"""

import base64
import datetime
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.peers.by_hand import LEAD, Connection, Values, below, found, key_of, people_of, titles_of, told
from benchmarks.peers.record import student, student_with_all

TENANT = "SELECT set_config('app.institution_id', '1', true)"
STUDENTS = """
    SELECT {columns} FROM student
    WHERE institution_id = 1 AND deleted_at IS NULL AND (student_number, id) > ($2::varchar, $3::bigint)
    ORDER BY student_number, id LIMIT $1"""
BELONGS = """
    SELECT DISTINCT ON (student_id) student_id, school_year_id FROM school_enrollment
    WHERE institution_id = 1 AND student_id = ANY ($1::bigint[]) AND entry_date <= $2
    ORDER BY student_id, entry_date DESC"""
ATTENDANCE = """
    SELECT id, date, session, status, reason, student_id, course_id, semester_id FROM attendance
    WHERE institution_id = 1 AND course_id = $1 AND date BETWEEN $2 AND $3 ORDER BY date, id"""
MARKS = """
    SELECT id, trim_scale(score)::text, date, comment, student_id, subject_id, graded_by_id FROM grade
    WHERE institution_id = 1 AND course_id = $1 AND semester_id = $2 ORDER BY student_id, subject_id, id"""
GUARDIANS = below("guardian_id, relation", "student_guardian", "contact_priority, id")
ENROLLMENTS = below("id, course_id", "enrollment", "begin_date, id")
GRADES = below("id, trim_scale(score)::text, date, subject_id", "grade", "date, id")


def start(values: Values) -> tuple[str, int]:
    """The student after whom the page begins."""
    after = values.get("after")
    if after is None:
        return "", 0
    _, number, key = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    return number, key


async def courses_of(connection: Connection, keys: set[int]) -> dict[int, Any]:
    courses = await found(connection, f"name, {LEAD}, id", "course AS c", keys)
    people = await people_of(connection, "usr", "app_user", {row[1] for row in courses.values()})
    return {
        key: {"id": f"crs_{key}", "name": row[0], "leadTeacher": people.get(row[1])} for key, row in courses.items()
    }


async def nested_page(connection: Connection, values: Values) -> Any:
    page = STUDENTS.format(columns="id, first_name, last_name, register_to_study")
    students = await connection.fetch(page, values["limit"], *start(values))
    keys = [row[0] for row in students]
    links, enrollments, grades = [await connection.fetch(each, keys) for each in (GUARDIANS, ENROLLMENTS, GRADES)]
    people = await found(connection, "first_name, last_name, phone, id", "guardian", {row[0] for row in links})
    subjects = await told(connection, "name", "subject", {row[3] for row in grades})
    courses = await courses_of(connection, {row[1] for row in enrollments})
    guardians = {key: {"firstName": r[0], "lastName": r[1], "phone": r[2]} for key, r in people.items()}
    related, enrolled, marked = defaultdict(list), defaultdict(list), defaultdict(list)
    for r in links:
        related[r[2]].append({"relation": r[1], "guardian": guardians[r[0]]})
    for r in enrollments:
        enrolled[r[2]].append({"id": f"enr_{r[0]}", "course": courses[r[1]]})
    for r in grades:
        marked[r[4]].append({"id": f"grd_{r[0]}", "score": r[1], "date": r[2], "subject": subjects[r[3]]})
    nodes = [
        {
            "id": f"stu_{r[0]}",
            "firstName": r[1],
            "lastName": r[2],
            "registerToStudy": r[3],
            "guardians": related[r[0]],
            "enrollments": enrolled[r[0]],
            "grades": marked[r[0]],
        }
        for r in students
    ]
    return {"students": {"nodes": nodes}}


async def marks(connection: Connection, values: Values) -> Any:
    rows = await connection.fetch(MARKS, key_of(values, "courseId"), key_of(values, "semesterId"))
    students = await people_of(connection, "stu", "student", {row[4] for row in rows})
    subjects = await told(connection, "name", "subject", {row[5] for row in rows})
    graders = await people_of(connection, "usr", "app_user", {row[6] for row in rows})
    nodes = [
        {
            "id": f"grd_{r[0]}",
            "score": r[1],
            "date": r[2],
            "comment": r[3],
            "student": students[r[4]],
            "subject": subjects[r[5]],
            "gradedBy": graders.get(r[6]),
        }
        for r in rows
    ]
    return {"grades": {"nodes": nodes}}


async def attendance(connection: Connection, values: Values) -> Any:
    days = [datetime.date.fromisoformat(values[name]) for name in ("dateFrom", "dateTo")]
    rows = await connection.fetch(ATTENDANCE, key_of(values, "courseId"), *days)
    students = await people_of(connection, "stu", "student", {row[5] for row in rows})
    courses = await titles_of(connection, {row[6] for row in rows})
    semesters = await told(connection, "code", "semester", {row[7] for row in rows})
    nodes = [
        {
            "id": f"att_{r[1]:%Y%m%d}_{r[0]}",
            "date": r[1],
            "session": r[2],
            "status": r[3],
            "reason": r[4],
            "student": students[r[5]],
            "course": courses[r[6]],
            "semester": semesters.get(r[7]),
        }
        for r in rows
    ]
    return {"attendances": {"nodes": nodes}}


async def flat(connection: Connection, values: Values) -> Any:
    columns = """id, last_name, first_name, gender, date_of_birth, register_to_study, phone, created_at, status,
        province, vaccinated"""
    rows = await connection.fetch(STUDENTS.format(columns=columns), values["limit"], *start(values))
    spans = await connection.fetch(BELONGS, [row[0] for row in rows], datetime.datetime.now(datetime.UTC).date())
    years = {row[0]: row[1] for row in spans}
    codes = await told(connection, "code", "school_year", set(years.values()))
    known = {key: codes[year] for key, year in years.items()}
    nodes = [
        {
            "id": f"stu_{r[0]}",
            "lastName": r[1],
            "firstName": r[2],
            "gender": r[3],
            "dateOfBirth": r[4],
            "registerToStudy": r[5],
            "phone": r[6],
            "createdAt": r[7],
            "status": r[8],
            "schoolYear": known.get(r[0]),
            "province": r[9],
            "vaccinated": r[10],
        }
        for r in rows
    ]
    return {"students": {"nodes": nodes}}


OPERATIONS: dict[str, Callable[[Connection, Values], Awaitable[Any]]] = {
    "query Q1": student,
    "query Q2": student_with_all,
    "query Q3": nested_page,
    "query Q4": marks,
    "query Q5": attendance,
    "query Q6": flat,
}


async def answer(request: Request) -> Response:
    asked = orjson.loads(await request.body())
    operation = OPERATIONS[asked["query"].strip()[:8]]
    async with request.state.pool.acquire() as connection, connection.transaction(readonly=True):
        await connection.execute(TENANT)
        data = await operation(connection, asked["variables"])
    return Response(orjson.dumps({"data": data}), media_type="application/json")


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[dict[str, Any]]:
    settings = {"plan_cache_mode": "force_generic_plan", "jit": "off"}
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], max_size=10, server_settings=settings) as pool:
        yield {"pool": pool}


app = Starlette(routes=[Route("/graphql", answer, methods=["POST"])], lifespan=lifespan)
