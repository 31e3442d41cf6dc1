"""Rules of what is known about families, and of scholarships."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models import ConfigurationSetting
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_family_info, create_scholarship, create_student, gid
from tests.mutating import done, refused

GOOD = {"name": "Founders", "startDate": "2025-06-01"}
BAD = [
    ({"endDate": "2025-05-31", "amount": "-1", "currency": "INR"}, ["endDate", "amount"]),
    ({"amount": "5", "currency": "rupees"}, ["currency"]),
    ({"amount": "5", "currency": "inr"}, ["currency"]),
    ({"currency": "INR"}, ["amount"]),
    ({"amount": "0.00001"}, ["amount"]),
    ({"name": "x" * 201, "provider": ""}, ["name", "provider"]),
]


@pytest.mark.parametrize(("given", "fields"), BAD)
async def test_a_scholarship_is_refused_as_new_and_as_changed(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    given: dict[str, Any],
    fields: list[str],
) -> None:
    student = await create_student(session, school)
    scholarship = await create_scholarship(session, student)
    errors = [("BAD_USER_INPUT", [field]) for field in fields]
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "awardScholarship", student=gid(student), **GOOD | given) == errors
        assert await refused(execute, "updateScholarship", id=gid(scholarship), version=1, **given) == errors


async def test_an_amount_is_in_the_schools_currency_where_none_is_said(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    setting = ConfigurationSetting
    await session.execute(update(setting).where(setting.key == "CURRENCY_CODE").values(value="KHR"))
    student = gid(await create_student(session, school))
    shown = "scholarship { id amount currency status }"
    found = await done(execute, "awardScholarship", shown, student=student, amount="500", **GOOD)
    key = found["scholarship"].pop("id")
    assert found["scholarship"] == {"amount": "500", "currency": "KHR", "status": "ACTIVE"}
    async with audited(connections, school, nothing=True):
        given = {"id": key, "version": 1, "currency": None}
        assert await refused(execute, "updateScholarship", **given) == [("BAD_USER_INPUT", ["currency"])]
    both = {"amount": None, "currency": None}
    found = await done(execute, "updateScholarship", shown, id=key, version=1, **both)
    assert found["scholarship"] == {"id": key, **both, "status": "ACTIVE"}


async def test_a_student_has_one_family(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school)
    family = await create_family_info(session, student)
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "createFamilyInfo", student=gid(student)) == [("CONFLICT", ["student"])]
        given = {"id": gid(family), "version": 1, "helpAmount": "-1", "religion": "x" * 51}
        assert await refused(execute, "updateFamilyInfo", **given) == [("BAD_USER_INPUT", ["religion"])]
        given["religion"] = "None"
        assert await refused(execute, "updateFamilyInfo", **given) == [("BAD_USER_INPUT", ["helpAmount"])]
    await done(execute, "deleteFamilyInfo", "familyInfo { id }", id=gid(family), version=1)
    found = await done(execute, "createFamilyInfo", "familyInfo { ownHouse }", student=gid(student), ownHouse=False)
    assert found["familyInfo"] == {"ownHouse": False}
