"""Making students: all that comes along or nothing, what is required, and who may be the same."""

import datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models import ConfigurationSetting, Role, SchoolProfile
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_course,
    create_grade_level,
    create_guardian,
    create_school_year,
    create_student,
    gid,
    name_outside,
)
from tests.mutating import done, mutate, refused

NEW: dict[str, Any] = {"firstName": "Anju", "lastName": "Menon", "gender": "FEMALE", "dateOfBirth": "2014-02-28"}
MOTHER: dict[str, Any] = {"newGuardian": {"singleName": "Leela"}, "relation": "MOTHER"}
WHOLE: dict[str, Any] = {**NEW, "street": "Mill Road", "mobile": "9876511111", "guardians": [MOTHER]}
DUPLICATES = "possibleDuplicates { student { id } reasons retired }"
DIGITS = "234523452345"
GONE = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
Errors = list[tuple[str, list[str] | None]]


def bad(*paths: str) -> Errors:
    return [("BAD_USER_INPUT", path.split(".")) for path in paths]


def conflict(*paths: str) -> Errors:
    return [("CONFLICT", path.split(".")) for path in paths]


async def set_setting(session: AsyncSession, school: School, key: str, value: str) -> None:
    statement = update(ConfigurationSetting).where(
        ConfigurationSetting.institution_id == school.id, ConfigurationSetting.key == key
    )
    await session.execute(statement.values(value=value))


ALL_SHOWN = """student {
    registrationDate status country nationalId health fatherOrGuardianName motherName
    gradeLevel { id } schoolYear { id } familyInfo { livingWith }
    guardians { relation livesWith guardian { fullName } } schoolEnrollments { entryDate entryType exitDate }
    enrollments { beginDate status course { id } }
} """


async def test_all_that_comes_along_is_there(session: AsyncSession, school: School, execute: Execute) -> None:
    year, level = await create_school_year(session, school), await create_grade_level(session, school)
    course, father = await create_course(session, year), await create_guardian(session, school)
    given = WHOLE | {"nationalId": "2345 2345 2345", "health": " Asthma "}
    given |= {"guardians": [{"guardian": gid(father), "relation": "FATHER", "contactPriority": 2}, MOTHER]}
    given |= {"familyInfo": {"livingWith": "Parents"}, "schoolEnrollment": {"gradeLevel": gid(level)}}
    given |= {"enrollments": [{"course": gid(course), "beginDate": "2025-11-24"}]}
    found = await done(execute, "createStudent", ALL_SHOWN + DUPLICATES, **given)
    assert found["possibleDuplicates"] == []
    assert found["student"] == {
        "registrationDate": "2025-11-20",
        "status": "ACTIVE",
        "country": "IN",
        "nationalId": DIGITS,
        "health": "Asthma",
        "fatherOrGuardianName": "Ravi Rao",
        "motherName": "Leela",
        "gradeLevel": {"id": gid(level)},
        "schoolYear": {"id": gid(year)},
        "familyInfo": {"livingWith": "Parents"},
        "guardians": [
            {"relation": "MOTHER", "livesWith": False, "guardian": {"fullName": "Leela"}},
            {"relation": "FATHER", "livesWith": False, "guardian": {"fullName": "Ravi Rao"}},
        ],
        "schoolEnrollments": [{"entryDate": "2025-11-20", "entryType": "NEW", "exitDate": None}],
        "enrollments": [{"beginDate": "2025-11-24", "status": "ACTIVE", "course": {"id": gid(course)}}],
    }


async def test_numbers_follow_each_other_within_the_year_of_registration(execute: Execute) -> None:
    numbers = []
    for place, day in enumerate(("2024-07-01", "2025-07-01", "2024-08-01")):
        given = WHOLE | {"firstName": f"Anju {place}", "mobile": f"987651111{place}", "registrationDate": day}
        found = await done(execute, "createStudent", "student { studentNumber }", **given)
        numbers.append(found["student"]["studentNumber"])
    assert numbers == ["STU-2024-00001", "STU-2025-00001", "STU-2024-00002"]


BAD: list[tuple[dict[str, Any], Errors]] = [
    ({"firstName": " ", "lastName": "x" * 51}, bad("firstName", "lastName")),
    ({"firstName": "A", "lastName": "M"}, bad("firstName", "lastName")),
    ({"mobile": "+91 98765 11111", "postalCode": "AB1"}, bad("mobile", "postalCode")),
    ({"phone": "12", "email": "nobody", "country": "in"}, bad("phone", "email", "country")),
    ({"country": "KH", "mobile": "012 345 678", "postalCode": "x"}, bad("postalCode")),
    ({"dateOfBirth": "2025-11-20", "registrationDate": "2026-06-01"}, bad("dateOfBirth")),
    ({"dateOfBirth": "2020-06-02", "registrationDate": "2020-06-01"}, bad("dateOfBirth")),
    ({"dateOfBirth": "2022-11-21"}, bad("dateOfBirth")),
    ({"dateOfBirth": "2006-11-20"}, bad("dateOfBirth")),
    (
        {"nationalId": "1234", "health": "x" * 2001, "identifyingMarks": " "},
        bad("nationalId", "health", "identifyingMarks"),
    ),
    ({"street": None, "mobile": None, "guardians": []}, bad("street", "mobile", "guardians")),
    ({"guardians": [MOTHER, {"relation": "FATHER"}]}, bad("guardians.1.guardian")),
    ({"guardians": [{**MOTHER, "newGuardian": {"lastName": "Menon"}}]}, bad("guardians.0.newGuardian.lastName")),
    ({"guardians": [{**MOTHER, "contactPriority": 0}]}, bad("guardians.0.contactPriority")),
    ({"familyInfo": {"helpAmount": "-1"}}, bad("familyInfo.helpAmount")),
    ({"schoolEnrollment": {}}, bad("schoolEnrollment.schoolYear")),
]  # fmt: skip


@pytest.mark.parametrize(("given", "errors"), BAD)
async def test_nothing_is_made_where_any_part_is_refused(
    connections: OneConnection, school: School, execute: Execute, given: dict[str, Any], errors: Errors
) -> None:
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "createStudent", **WHOLE | given) == errors


@pytest.mark.parametrize("born", ["2022-11-20", "2006-11-21"])
async def test_the_youngest_and_the_oldest_are_admitted(execute: Execute, born: str) -> None:
    await done(execute, "createStudent", "student { age }", **WHOLE | {"dateOfBirth": born})


async def test_the_bounds_are_the_schools_settings(session: AsyncSession, school: School, execute: Execute) -> None:
    for key, value in (
        ("MAX_STUDENT_AGE", "30"),
        ("MIN_NAME_LENGTH", "1"),
        ("REQUIRED_STUDENT_FIELDS", "caste, phone"),
    ):
        await set_setting(session, school, key, value)
    given = NEW | {"firstName": "A", "dateOfBirth": "1999-01-01"}
    assert await refused(execute, "createStudent", **given) == bad("caste", "phone")
    await done(execute, "createStudent", "student { id }", **given, caste="Menon", mobile="9876511111")


async def test_all_that_is_wrong_is_told_at_once(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    taken = await create_student(session, school, mobile="9876511111", email="Anju@Example.org")
    given = WHOLE | {
        "firstName": "A",
        "email": "anju@example.ORG",
        "guardians": [{"newGuardian": {"singleName": "L"}, "relation": "MOTHER"}],
        "schoolEnrollment": {"schoolYear": gid(year), "entryDate": "2025-05-31"},
        "enrollments": [{"course": "crs_9999999999", "beginDate": "2025-11-20", "status": "DROPPED"}],
    }
    payload = await mutate(execute, "createStudent", f"student {{ id }} {DUPLICATES}", **given)
    assert [(error["code"], ".".join(error["field"])) for error in payload["errors"]] == [
        ("BAD_USER_INPUT", "firstName"),
        ("CONFLICT", "mobile"),
        ("CONFLICT", "email"),
        ("BAD_USER_INPUT", "guardians.0.newGuardian.singleName"),
        ("BAD_USER_INPUT", "schoolEnrollment.entryDate"),
        ("BAD_USER_INPUT", "enrollments.0.status"),
        ("NOT_FOUND", "enrollments.0.course"),
        ("CONFLICT", "allowDuplicates"),
    ]
    assert payload["student"] is None
    duplicate = {"student": {"id": gid(taken)}, "reasons": ["MOBILE", "EMAIL"], "retired": False}
    assert payload["possibleDuplicates"] == [duplicate]


@pytest.mark.parametrize("retired", [False, True])
async def test_one_who_may_be_the_same_is_told_and_may_be_allowed(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, retired: bool
) -> None:
    born = datetime.date(2014, 2, 28)
    there = await create_student(
        session, school, first_name="ANJU", last_name="menon", date_of_birth=born, deleted_at=GONE if retired else None
    )
    await create_student(session, school, first_name="Anju", last_name="Menon")
    await create_student(session, school, first_name="Manju", last_name="Menon", date_of_birth=born)
    duplicate = {"student": {"id": gid(there)}, "reasons": ["NAME_AND_BIRTH"], "retired": retired}
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "createStudent", DUPLICATES, **WHOLE)
    assert [(each["code"], each["field"]) for each in payload["errors"]] == conflict("allowDuplicates")
    assert payload["possibleDuplicates"] == [duplicate]
    found = await done(execute, "createStudent", f"student {{ fullName }} {DUPLICATES}", **WHOLE, allowDuplicates=True)
    assert found == {"student": {"fullName": "Anju Menon"}, "possibleDuplicates": [duplicate]}


async def test_a_national_id_is_one_students_and_tells_who_has_it(
    connections: OneConnection, school: School, execute: Execute
) -> None:
    first = await done(execute, "createStudent", "student { id }", **WHOLE, nationalId=DIGITS)
    given = WHOLE | {"firstName": "Manju", "mobile": "9876522222", "nationalId": "2345-2345-2345"}
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "createStudent", DUPLICATES, **given, allowDuplicates=True)
    assert [(each["code"], each["field"]) for each in payload["errors"]] == conflict("nationalId")
    assert "2345" not in payload["errors"][0]["message"]
    assert payload["possibleDuplicates"] == [
        {"student": first["student"], "reasons": ["NATIONAL_ID"], "retired": False}
    ]


async def test_what_another_school_knows_is_no_duplicate(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    await done(execute, "createStudent", "student { id }", viewer=other_school.admin, **WHOLE, nationalId=DIGITS)
    found = await done(execute, "createStudent", DUPLICATES, **WHOLE, nationalId=DIGITS)
    assert found == {"possibleDuplicates": []}


async def test_a_known_guardian_is_linked_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    father = {"guardian": gid(await create_guardian(session, school)), "relation": "FATHER"}
    gone = {"guardian": gid(await create_guardian(session, school, deleted_at=GONE)), "relation": "MOTHER"}
    async with audited(connections, school, nothing=True):
        given = WHOLE | {"guardians": [father, father]}
        assert await refused(execute, "createStudent", **given) == conflict("guardians.1.guardian")
        assert await refused(execute, "createStudent", **WHOLE | {"guardians": [gone]}) == bad("guardians.0.guardian")


async def test_a_course_is_given_once(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    given = {"course": gid(course), "beginDate": "2025-11-20"}
    async with audited(connections, school, nothing=True):
        errors = await refused(execute, "createStudent", **WHOLE, enrollments=[given, given])
    assert errors == bad("enrollments.1.course")


async def test_who_registers_before_the_year_enters_on_its_first_day(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    await create_school_year(session, school)
    shown = "student { schoolEnrollments { entryDate } }"
    given = WHOLE | {"registrationDate": "2025-04-10", "schoolEnrollment": {}}
    found = await done(execute, "createStudent", shown, **given)
    assert found["student"]["schoolEnrollments"] == [{"entryDate": "2025-06-01"}]


async def test_a_student_lives_in_the_schools_country_unless_told(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    profile = update(SchoolProfile).where(SchoolProfile.institution_id == school.id)
    await session.execute(profile.values(country="KH"))
    given = WHOLE | {"mobile": "+855 12 345 678"}
    found = await done(execute, "createStudent", "student { country }", **given)
    assert found["student"] == {"country": "KH"}
    given |= {"firstName": "Manju", "mobile": "9876522222", "country": "IN"}
    viewer = school.viewer(Role.REGISTRAR, user_id=1)
    found = await done(execute, "createStudent", "student { country }", viewer=viewer, **given)
    assert found["student"] == {"country": "IN"}


async def test_other_systems_call_a_new_student_what_nobody_else_is_called(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    there = await create_student(session, school)
    await name_outside(session, there, system="ministry", value="M-77")
    names = [{"system": "ministry", "value": "M-78"}, {"system": "ldap", "value": "anju"}]
    async with audited(connections, school, nothing=True):
        given = WHOLE | {"externalIds": [names[0] | {"value": "M-77"}, names[0]]}
        errors = conflict("externalIds.0.value") + bad("externalIds.1.system")
        assert await refused(execute, "createStudent", **given) == errors
    shown = "student { externalIds { system value } }"
    found = await done(execute, "createStudent", shown, **WHOLE, externalIds=names)
    assert found["student"] == {"externalIds": [names[1], names[0]]}
