"""What other systems call the school's records."""

from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import create_guardian, create_student, gid, name_outside


async def test_a_name_by_id(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school)
    name = await name_outside(session, student, system="ministry", value="M-77")
    document = "query($id: ID!) { externalId(id: $id) { entity system value } }"
    assert (await execute(document, id=gid(name))).found["externalId"] == {
        "entity": "student",
        "system": "ministry",
        "value": "M-77",
    }


async def test_names_come_by_system_and_belong_to_one_kind_of_record(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    """A guardian whose key is the student's has other names."""
    student = await create_student(session, school)
    twin = await create_guardian(session, school, id=student.id)
    for system in ("oneroster", "ldap"):
        await name_outside(session, student, system=system, value=f"s-{system}")
    await name_outside(session, twin, value="g-1")
    document = """query($student: ID!, $guardian: ID!) {
        student(id: $student) { externalIds { value } one: externalIds(first: 1) { value } }
        guardian(id: $guardian) { externalIds { value } }
        externalIds { nodes { value } }
    }"""
    names = [{"value": "s-ldap"}, {"value": "s-oneroster"}]
    assert (await execute(document, student=gid(student), guardian=gid(twin))).found == {
        "student": {"externalIds": names, "one": names[:1]},
        "guardian": {"externalIds": [{"value": "g-1"}]},
        "externalIds": {"nodes": [{"value": "g-1"}, *names]},
    }


async def test_records_are_found_by_their_name_in_another_system(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school)
    twin = await create_guardian(session, school, id=student.id)
    await name_outside(session, student, value="x-1")
    await name_outside(session, twin, value="x-2")
    document = """query($value: String!) {
        students(where: { externalIds: { system: { eq: "oneroster" }, value: { eq: $value } } }) { nodes { id } }
        guardians(where: { externalIds: { system: { eq: "oneroster" }, value: { eq: $value } } }) { nodes { id } }
    }"""
    found = (await execute(document, value="x-1")).found
    assert found == {"students": {"nodes": [{"id": gid(student)}]}, "guardians": {"nodes": []}}
    found = (await execute(document, value="x-2")).found
    assert found == {"students": {"nodes": []}, "guardians": {"nodes": [{"id": gid(twin)}]}}
