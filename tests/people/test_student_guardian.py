"""Links of students and guardians, with what holds between them."""

from sqlalchemy.ext.asyncio import AsyncSession

from models import GuardianRelation
from tests.conftest import Execute, School
from tests.factories import create_guardian, create_student, gid, link_guardian


async def test_a_link_by_id_leads_both_ways(session: AsyncSession, school: School, execute: Execute) -> None:
    student, guardian = await create_student(session, school), await create_guardian(session, school)
    link = await link_guardian(
        session, student, guardian, relation=GuardianRelation.GRANDPARENT, contact_priority=2, consents_to_photos=False
    )
    document = """query($id: ID!) { studentGuardian(id: $id) {
        relation legalGuardian livesWith emergencyContact contactPriority mayAccessRecords contactRestriction
        consentsToMessages consentsToPhotos student { id } guardian { id }
    } }"""
    assert (await execute(document, id=gid(link))).found["studentGuardian"] == {
        "relation": "GRANDPARENT",
        "legalGuardian": False,
        "livesWith": False,
        "emergencyContact": False,
        "contactPriority": 2,
        "mayAccessRecords": False,
        "contactRestriction": None,
        "consentsToMessages": None,
        "consentsToPhotos": False,
        "student": {"id": gid(student)},
        "guardian": {"id": gid(guardian)},
    }


async def test_guardians_come_in_the_order_of_contact(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school)
    for priority, name in ((3, "Third"), (1, "First"), (1, "Second")):
        guardian = await create_guardian(session, school, first_name=name)
        await link_guardian(session, student, guardian, contact_priority=priority)
    document = """query($id: ID!, $first: Int, $order: [StudentGuardianOrder!]) {
        student(id: $id) { guardians(first: $first, orderBy: $order) { guardian { firstName } } }
    }"""
    for first, names in ((None, ["First", "Second", "Third"]), (2, ["First", "Second"]), (0, [])):
        found = (await execute(document, id=gid(student), first=first)).found["student"]["guardians"]
        assert [link["guardian"]["firstName"] for link in found] == names
    downwards = [{"field": "GUARDIAN_ID", "direction": "DESC"}]
    found = (await execute(document, id=gid(student), first=1, order=downwards)).found["student"]["guardians"]
    assert found == [{"guardian": {"firstName": "Second"}}]


async def test_links_are_listed_by_student(session: AsyncSession, school: School, execute: Execute) -> None:
    guardian = await create_guardian(session, school)
    students = [await create_student(session, school) for _ in range(3)]
    for student in reversed(students):
        await link_guardian(session, student, guardian)
    document = "query($where: StudentGuardianWhere) { studentGuardians(where: $where) { nodes { student { id } } } }"
    found = (await execute(document, where={"guardian": {"eq": gid(guardian)}})).found["studentGuardians"]["nodes"]
    assert [link["student"]["id"] for link in found] == [gid(student) for student in students]
    found = (await execute(document, where={"student": {"eq": gid(students[1])}})).found["studentGuardians"]["nodes"]
    assert found == [{"student": {"id": gid(students[1])}}]
