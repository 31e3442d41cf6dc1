"""Changing, retiring and restoring students."""

import datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import EnrollmentStatus, Student
from resolvers.people.student_secrets import new_keys, sealed_columns
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import admit, create_course, create_school_year, create_student, create_user, enroll, gid
from tests.mutating import done, mutate, refused
from tests.sealing import SEALER

GONE = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
SEALED = {"national_id": "234523452345", "health": "Asthma", "identifying_marks": "A scar"}
Errors = list[tuple[str, list[str] | None]]


def errors(code: str, *fields: str) -> Errors:
    return [(code, [field]) for field in fields]


async def sealed_student(session: AsyncSession, school: School, **values: Any) -> Student:
    (key,) = await new_keys(session, 1)
    return await create_student(session, school, id=key, **sealed_columns(SEALER, school.id, key, SEALED), **values)


BAD: list[tuple[dict[str, Any], Errors]] = [
    ({"firstName": "A", "lastName": None}, errors("BAD_USER_INPUT", "lastName")),
    ({"firstName": "A", "dateOfBirth": "2024-01-01"}, errors("BAD_USER_INPUT", "firstName", "dateOfBirth")),
    ({"registrationDate": "2013-01-01"}, errors("BAD_USER_INPUT", "dateOfBirth")),
    ({"nationalId": "12", "health": "", "phone": "1"}, errors("BAD_USER_INPUT", "nationalId", "health", "phone")),
    ({"country": "IN"}, errors("BAD_USER_INPUT", "mobile")),
    ({"mobile": "012 99 99", "email": "TAKEN@example.org"}, errors("CONFLICT", "mobile", "email")),
    ({"nationalId": "9999 9999 9999"}, errors("CONFLICT", "nationalId")),
]


@pytest.mark.parametrize(("given", "told"), BAD)
async def test_a_change_is_refused_with_all_that_is_wrong(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    told: Errors,
) -> None:
    (key,) = await new_keys(session, 1)
    other = sealed_columns(SEALER, school.id, key, {"national_id": "999999999999"})
    await create_student(session, school, id=key, mobile="012 99 99", email="taken@example.org", **other)
    student = await create_student(session, school, mobile="012 34 56")
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "updateStudent", id=gid(student), version=1, **given) == told


async def test_an_account_is_one_students(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    user = await create_user(session, school)
    await create_student(session, school, user_id=user.id)
    student = await create_student(session, school)
    async with audited(connections, school, nothing=True):
        given = {"id": gid(student), "version": 1, "user": gid(user)}
        assert await refused(execute, "updateStudent", **given) == errors("CONFLICT", "user")


async def test_names_that_were_too_short_before_stay(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school, first_name="K", last_name="R", mobile="012 34 56")
    given = {"id": gid(student), "version": 1, "lastName": "Rao", "mobile": None}
    found = await done(execute, "updateStudent", "student { fullName mobile version }", **given)
    assert found["student"] == {"fullName": "K Rao", "mobile": None, "version": 2}


@pytest.mark.parametrize("given", ["2345 2345 2345", "234523452345"])
async def test_the_same_secrets_are_not_sealed_anew(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, given: str
) -> None:
    student = await sealed_student(session, school)
    same = {"nationalId": given, "health": " Asthma", "identifyingMarks": "A scar"}
    async with audited(connections, school, nothing=True):
        found = await done(execute, "updateStudent", "student { version }", id=gid(student), version=1, **same)
    assert found["student"] == {"version": 1}


async def test_one_secret_is_changed_and_the_others_stay(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await sealed_student(session, school)
    shown = "student { nationalId nationalIdLast4 health identifyingMarks version }"
    async with audited(connections, school):
        given = {"nationalId": "1111-2222-3333", "identifyingMarks": None}
        found = await done(execute, "updateStudent", shown, id=gid(student), version=1, **given)
    assert found["student"] == {
        "nationalId": "111122223333",
        "nationalIdLast4": "3333",
        "health": "Asthma",
        "identifyingMarks": None,
        "version": 2,
    }


async def test_a_retired_student_is_not_changed(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school, deleted_at=GONE)
    async with audited(connections, school, nothing=True):
        given = {"id": gid(student), "version": 1, "caste": "Rao"}
        assert await refused(execute, "updateStudent", **given) == errors("BAD_USER_INPUT", "id")


TODAY, TOMORROW = datetime.date(2025, 11, 20), datetime.date(2025, 11, 21)
PLACES: list[tuple[dict[str, Any] | None, dict[str, Any] | None, bool]] = [
    ({}, None, False),
    ({"exit_date": TOMORROW}, None, False),
    ({"exit_date": TODAY}, None, True),
    (None, {}, False),
    (None, {"end_date": TOMORROW, "status": EnrollmentStatus.PENDING}, False),
    (None, {"end_date": TODAY}, True),
    (None, {"end_date": TOMORROW, "status": EnrollmentStatus.COMPLETED}, True),
]


@pytest.mark.parametrize(("span", "course", "may"), PLACES)
async def test_only_who_belongs_nowhere_is_retired(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    span: dict[str, Any] | None,
    course: dict[str, Any] | None,
    may: bool,
) -> None:
    student, year = await create_student(session, school), await create_school_year(session, school)
    if span is not None:
        await admit(session, student, year, **span)
    if course is not None:
        await enroll(session, student, await create_course(session, year), **course)
    async with audited(connections, school, nothing=not may):
        found = (await mutate(execute, "retireStudent", "__typename", id=gid(student), version=1))["errors"]
    assert [(each["code"], each["field"]) for each in found] == ([] if may else errors("CONFLICT", "id"))


async def test_who_is_brought_back_stands_beside_those_of_today(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given = {"mobile": "012 34 56", "email": "asha@example.org"}
    gone, there = await sealed_student(session, school, deleted_at=GONE, **given), await sealed_student(session, school)
    await done(execute, "updateStudent", "student { id }", id=gid(there), version=1, **given)
    async with audited(connections, school, nothing=True):
        told = await refused(execute, "restoreStudent", id=gid(gone), version=1)
        assert told == errors("CONFLICT", "mobile", "email")
    without = {"mobile": None, "email": None}
    await done(execute, "updateStudent", "student { id }", id=gid(there), version=2, **without)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "restoreStudent", id=gid(gone), version=1) == errors("CONFLICT", "nationalId")
    await done(execute, "updateStudent", "student { id }", id=gid(there), version=3, nationalId=None)
    found = await done(execute, "restoreStudent", "student { nationalId mobile }", id=gid(gone), version=1)
    assert found["student"] == {"nationalId": "234523452345", "mobile": "012 34 56"}
