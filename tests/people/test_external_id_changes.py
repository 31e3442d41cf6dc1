"""Saying what other systems call records."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import Attendance, AuditEntry, ExternalId, Session
from schema.node import identity
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_guardian, create_school_year, create_student, gid, name_outside
from tests.mutating import done, mutate, refused

SHOWN = "externalId { id entity system value version }"


async def test_a_system_has_one_name_for_a_record(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school)
    given = {"record": gid(student), "system": " ministry ", "value": " M-77 "}
    async with audited(connections, school):
        found = (await done(execute, "setExternalId", SHOWN, **given))["externalId"]
    key = found.pop("id")
    assert found == {"entity": "student", "system": "ministry", "value": "M-77", "version": 1}
    async with audited(connections, school, nothing=True):
        payload = await mutate(execute, "setExternalId", SHOWN, **given | {"value": "M-78"})
        (error,) = payload["errors"]
        assert (error["code"], error["field"], error["currentVersion"]) == ("CONFLICT", ["system"], 1)
        assert payload["externalId"]["value"] == "M-77"
        await done(execute, "setExternalId", SHOWN, **given, version=1)
    found = (await done(execute, "setExternalId", SHOWN, **given | {"value": "M-78"}, version=1))["externalId"]
    assert found == {"id": key, "entity": "student", "system": "ministry", "value": "M-78", "version": 2}


async def test_a_name_is_one_records_of_a_kind(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    first, second = [await create_student(session, school) for _ in range(2)]
    guardian = await create_guardian(session, school)
    await name_outside(session, first, system="ministry", value="M-77")
    other = await name_outside(session, second, system="ministry", value="M-78")
    taken = {"system": "ministry", "value": "M-77"}
    async with audited(connections, school, nothing=True):
        given = {"record": gid(second), "version": 1, **taken}
        assert await refused(execute, "setExternalId", **given) == [("CONFLICT", ["value"])]
    for record in (guardian, await create_school_year(session, school)):
        await done(execute, "setExternalId", SHOWN, record=gid(record), **taken)
    await done(execute, "setExternalId", SHOWN, record=gid(second), system="ldap", value="M-77")
    await done(execute, "removeExternalId", "__typename", id=gid(other), version=1)
    await done(execute, "setExternalId", SHOWN, record=gid(second), system="ministry", value="M-79")


async def test_what_is_wrong_is_told(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = gid(await create_student(session, school))
    async with audited(connections, school, nothing=True):
        told = await refused(execute, "setExternalId", record=student, system=" ", value="x" * 256)
        assert told == [("BAD_USER_INPUT", ["system"]), ("BAD_USER_INPUT", ["value"])]
        told = await refused(execute, "setExternalId", record=student, system="ldap", value="x", version=1)
        assert told == [("CONFLICT", ["version"])]
        told = await refused(execute, "setExternalId", record="nothing", system="ldap", value="x")
        assert told == [("BAD_USER_INPUT", ["record"])]


@pytest.mark.parametrize("model", [Attendance, AuditEntry, Session, ExternalId])
async def test_what_nobody_calls_anything_has_no_name(
    connections: OneConnection, school: School, execute: Execute, model: type
) -> None:
    kind = identity(model)
    record = f"{kind.prefix}_20250901_1" if kind.dated else f"{kind.prefix}_1"
    async with audited(connections, school, nothing=True):
        told = await refused(execute, "setExternalId", record=record, system="ldap", value="x")
    assert told == [("BAD_USER_INPUT", ["record"])]
