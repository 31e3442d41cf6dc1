"""Students: what is worked out about them, and what hangs on them."""

import dataclasses
import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import ExitReason, GuardianRelation, StudentStatus
from tests.conftest import Execute, School
from tests.factories import (
    admit,
    create_course,
    create_family_info,
    create_grade_level,
    create_guardian,
    create_scholarship,
    create_school_year,
    create_semester,
    create_student,
    create_subject,
    create_user,
    enroll,
    gid,
    grade,
    link_guardian,
    mark_attendance,
    name_outside,
)

ADDRESS = "query($id: ID!) { student(id: $id) { fullAddress } }"
PARENTS = "query($id: ID!) { student(id: $id) { fatherOrGuardianName motherName } }"
PLACE = "query($id: ID!) { student(id: $id) { gradeLevel { code } schoolYear { code } } }"


async def test_a_student_by_id(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(
        session, school, first_name="Asha", last_name="Rao", preferred_name="Ash", mobile="9876543210", country="IN"
    )
    document = """query($id: ID!) { student(id: $id) {
        id studentNumber firstName lastName fullName preferredName gender dateOfBirth status registrationDate mobile
        email vaccinated needsTransport nationalIdLast4 version
    } }"""
    assert (await execute(document, id=gid(student))).found["student"] == {
        "id": gid(student),
        "studentNumber": student.student_number,
        "firstName": "Asha",
        "lastName": "Rao",
        "fullName": "Asha Rao",
        "preferredName": "Ash",
        "gender": "FEMALE",
        "dateOfBirth": "2013-05-17",
        "status": "ACTIVE",
        "registrationDate": "2025-06-01",
        "mobile": "9876543210",
        "email": None,
        "vaccinated": None,
        "needsTransport": False,
        "nationalIdLast4": None,
        "version": 1,
    }


async def test_students_come_by_last_and_first_name(session: AsyncSession, school: School, execute: Execute) -> None:
    for first_name, last_name in (("Uma", "Rao"), ("Asha", "Rao"), ("Zoya", "Ali")):
        await create_student(session, school, first_name=first_name, last_name=last_name)
    found = (await execute("{ students { nodes { fullName } } }")).found["students"]["nodes"]
    assert [node["fullName"] for node in found] == ["Zoya Ali", "Asha Rao", "Uma Rao"]


@pytest.mark.parametrize(
    ("born", "zone", "age"),
    [
        (datetime.date(2013, 11, 20), "Asia/Kolkata", 12),
        (datetime.date(2013, 11, 21), "Asia/Kolkata", 11),
        (datetime.date(2013, 11, 20), "Pacific/Pago_Pago", 11),
        (datetime.date(2012, 2, 29), "Asia/Kolkata", 13),
        (datetime.date(2025, 5, 31), "Asia/Kolkata", 0),
    ],
)
async def test_age_is_counted_on_the_schools_day(
    session: AsyncSession, school: School, execute: Execute, born: datetime.date, zone: str, age: int
) -> None:
    """The tests' instant is the 20th of November in India, and still the 19th in Samoa."""
    student = await create_student(session, school, date_of_birth=born)
    viewer = dataclasses.replace(school.admin, time_zone=ZoneInfo(zone))
    answer = await execute("query($id: ID!) { student(id: $id) { age } }", viewer=viewer, id=gid(student))
    assert answer.found["student"]["age"] == age


WHOLE = {"house_number": "12", "street": "Park Street", "city": "Pune", "province": "MH", "postal_code": "411001"}


@pytest.mark.parametrize(
    ("values", "address"),
    [
        (WHOLE, "12 Park Street, Pune, MH - 411001"),
        (WHOLE | {"house_number": None}, "Park Street, Pune, MH - 411001"),
        (WHOLE | {"street": None}, "12, Pune, MH - 411001"),
        (WHOLE | {"house_number": None, "street": None}, "Pune, MH - 411001"),
        (WHOLE | {"postal_code": None}, "12 Park Street, Pune, MH"),
        ({"city": "Pune"}, "Pune"),
        ({"postal_code": "411001"}, "411001"),
        ({"village": "Wagholi", "district": "Pune"}, None),
        ({}, None),
    ],
)
async def test_the_address_in_one_line_has_the_parts_that_are_known(
    session: AsyncSession, school: School, execute: Execute, values: dict[str, Any], address: str | None
) -> None:
    student = await create_student(session, school, **values)
    assert (await execute(ADDRESS, id=gid(student))).found["student"]["fullAddress"] == address


@pytest.mark.parametrize(
    ("links", "father", "mother"),
    [
        ([], None, None),
        ([("FATHER", 1)], "Guardian 0", None),
        ([("GUARDIAN", 1), ("FATHER", 9)], "Guardian 1", None),
        ([("GUARDIAN", 2), ("GUARDIAN", 1)], "Guardian 1", None),
        ([("FATHER", 1), ("FATHER", 1)], "Guardian 0", None),
        ([("MOTHER", 2), ("MOTHER", 1)], None, "Guardian 1"),
        ([("STEPFATHER", 1), ("GRANDPARENT", 1), ("STEPMOTHER", 1), ("UNKNOWN", 1)], None, None),
        ([("FATHER", 1), ("MOTHER", 1)], "Guardian 0", "Guardian 1"),
    ],
)
async def test_parents_are_chosen_by_relation_then_priority(
    session: AsyncSession,
    school: School,
    execute: Execute,
    links: list[tuple[str, int]],
    father: str | None,
    mother: str | None,
) -> None:
    student = await create_student(session, school)
    for n, (relation, priority) in enumerate(links):
        guardian = await create_guardian(session, school, first_name="Guardian", last_name=str(n))
        await link_guardian(session, student, guardian, relation=GuardianRelation[relation], contact_priority=priority)
    found = (await execute(PARENTS, id=gid(student))).found["student"]
    assert found == {"fatherOrGuardianName": father, "motherName": mother}


async def test_a_retired_parent_is_not_named(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school)
    gone = await create_guardian(session, school, deleted_at=datetime.datetime.now(datetime.UTC))
    await link_guardian(session, student, gone)
    assert (await execute(PARENTS, id=gid(student))).found["student"]["fatherOrGuardianName"] is None


async def test_level_and_year_follow_the_latest_span_that_has_begun(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school)
    past = await create_school_year(
        session,
        school,
        code="2024-2025",
        current=False,
        start_date=datetime.date(2024, 6, 1),
        end_date=datetime.date(2025, 4, 30),
    )
    year = await create_school_year(session, school)
    nine, ten, eleven = [await create_grade_level(session, school, code=f"X{n}") for n in (9, 10, 11)]
    last = datetime.date(2025, 4, 30)
    assert (await execute(PLACE, id=gid(student))).found["student"] == {"gradeLevel": None, "schoolYear": None}
    await admit(session, student, past, grade_level_id=nine.id, exit_date=last, exit_reason=ExitReason.COMPLETED)
    found = (await execute(PLACE, id=gid(student))).found["student"]
    assert found == {"gradeLevel": {"code": "X9"}, "schoolYear": {"code": "2024-2025"}}
    today = datetime.date(2025, 11, 20)
    await admit(session, student, year, grade_level_id=ten.id, entry_date=today, exit_date=today)
    tomorrow = today + datetime.timedelta(days=1)
    await admit(session, student, year, grade_level_id=eleven.id, entry_date=tomorrow)
    found = (await execute(PLACE, id=gid(student))).found["student"]
    assert found == {"gradeLevel": {"code": "X10"}, "schoolYear": {"code": "2025-2026"}}


async def test_students_are_filtered_by_the_level_they_are_in(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    year = await create_school_year(session, school)
    nine, ten = [await create_grade_level(session, school) for _ in range(2)]
    moved, stays = [await create_student(session, school, last_name=name) for name in ("Moved", "Stays")]
    await admit(session, moved, year, grade_level_id=nine.id, exit_date=datetime.date(2025, 8, 31))
    await admit(session, moved, year, grade_level_id=ten.id, entry_date=datetime.date(2025, 9, 1))
    await admit(session, stays, year, grade_level_id=nine.id)
    await create_student(session, school, last_name="Waits")
    document = "query($where: StudentWhere) { students(where: $where) { totalCount nodes { lastName } } }"
    for where, names in (
        ({"gradeLevel": {"eq": gid(nine)}}, ["Stays"]),
        ({"gradeLevel": {"eq": gid(ten)}}, ["Moved"]),
        ({"gradeLevel": {"in": [gid(nine), gid(ten)]}}, ["Moved", "Stays"]),
        ({"gradeLevel": {"ne": gid(nine)}}, ["Moved", "Waits"]),
        ({"gradeLevel": {"eq": None}}, ["Waits"]),
        ({"NOT": {"gradeLevel": {"eq": gid(nine)}}}, ["Moved", "Waits"]),
        ({"NOT": {"gradeLevel": {"in": [gid(nine), gid(ten)]}}}, ["Waits"]),
    ):
        found = (await execute(document, where=where)).found["students"]
        assert [node["lastName"] for node in found["nodes"]] == names
        assert found["totalCount"] == len(names)


async def test_retired_students_leave_every_list_and_stay_in_records(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school, deleted_at=datetime.datetime.now(datetime.UTC))
    course = await create_course(session, await create_school_year(session, school))
    enrollment = await enroll(session, student, course)
    document = """query($student: ID!, $enrollment: ID!) {
        students { totalCount nodes { id } }
        active: students(where: { status: { eq: ACTIVE } }) { totalCount }
        search: students(search: "rao") { totalCount nodes { id } }
        student(id: $student) { fullName }
        enrollment(id: $enrollment) { student { fullName } }
    }"""
    assert (await execute(document, student=gid(student), enrollment=gid(enrollment))).found == {
        "students": {"totalCount": 0, "nodes": []},
        "active": {"totalCount": 0},
        "search": {"totalCount": 0, "nodes": []},
        "student": {"fullName": "Asha Rao"},
        "enrollment": {"student": {"fullName": "Asha Rao"}},
    }


async def test_active_students_are_a_filter(session: AsyncSession, school: School, execute: Execute) -> None:
    await create_student(session, school, last_name="Here")
    await create_student(session, school, last_name="Away", status=StudentStatus.INACTIVE)
    document = "{ students(where: { status: { eq: ACTIVE } }) { totalCount nodes { lastName status } } }"
    assert (await execute(document)).found["students"] == {
        "totalCount": 1,
        "nodes": [{"lastName": "Here", "status": "ACTIVE"}],
    }


EVERYTHING = """query($id: ID!) { student(id: $id) {
    guardians { relation guardian { fullName } }
    familyInfo { livingWith }
    scholarships { name }
    schoolEnrollments { entryDate schoolYear { code } }
    enrollments { status course { name schoolYear { code } teachers { id } } }
    grades { score subject { name } semester { name } course { name } }
    attendance { date status course { name } semester { name } }
    user { username }
    externalIds { system value }
} }"""


async def test_all_that_hangs_on_a_student(session: AsyncSession, school: School, execute: Execute) -> None:
    """Question one of those that one request must answer: one statement for each relation."""
    user = await create_user(session, school, username="asha")
    student = await create_student(session, school, user_id=user.id)
    year = await create_school_year(session, school)
    semester = await create_semester(session, year, name="First")
    subject = await create_subject(session, school, name="Physics")
    course = await create_course(session, year, name="10 A")
    await link_guardian(session, student, await create_guardian(session, school, first_name="Ravi", last_name="Rao"))
    await create_family_info(session, student, living_with="Parents")
    await create_scholarship(session, student, name="Merit")
    await admit(session, student, year)
    await enroll(session, student, course)
    await grade(session, student, course, subject, semester_id=semester.id, score=Decimal("8.25"))
    await mark_attendance(session, student, course, semester_id=semester.id)
    await name_outside(session, student, value="s-1")
    answer = await execute(EVERYTHING, id=gid(student))
    assert answer.found["student"] == {
        "guardians": [{"relation": "FATHER", "guardian": {"fullName": "Ravi Rao"}}],
        "familyInfo": {"livingWith": "Parents"},
        "scholarships": [{"name": "Merit"}],
        "schoolEnrollments": [{"entryDate": "2025-06-01", "schoolYear": {"code": "2025-2026"}}],
        "enrollments": [
            {"status": "ACTIVE", "course": {"name": "10 A", "schoolYear": {"code": "2025-2026"}, "teachers": []}}
        ],
        "grades": [
            {"score": "8.25", "subject": {"name": "Physics"}, "semester": {"name": "First"}, "course": {"name": "10 A"}}
        ],
        "attendance": [
            {"date": "2025-09-01", "status": "PRESENT", "course": {"name": "10 A"}, "semester": {"name": "First"}}
        ],
        "user": {"username": "asha"},
        "externalIds": [{"system": "oneroster", "value": "s-1"}],
    }
    assert answer.statements == 20
