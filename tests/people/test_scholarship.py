"""Aid that students receive."""

import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from models import ScholarshipStatus
from tests.conftest import Execute, School
from tests.factories import create_scholarship, create_student, gid, name_outside


async def test_a_scholarship_by_id_leads_to_its_student(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await create_student(session, school)
    scholarship = await create_scholarship(
        session,
        student,
        name="Merit",
        amount=Decimal("12500.5000"),
        currency="INR",
        status=ScholarshipStatus.ENDED,
        end_date=datetime.date(2025, 10, 31),
    )
    await name_outside(session, scholarship, value="a-1")
    document = """query($id: ID!) { scholarship(id: $id) {
        name provider basis amount currency status startDate endDate student { id } externalIds { value }
    } }"""
    assert (await execute(document, id=gid(scholarship))).found["scholarship"] == {
        "name": "Merit",
        "provider": None,
        "basis": None,
        "amount": "12500.5",
        "currency": "INR",
        "status": "ENDED",
        "startDate": "2025-06-01",
        "endDate": "2025-10-31",
        "student": {"id": gid(student)},
        "externalIds": [{"value": "a-1"}],
    }


async def test_the_latest_come_first(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school)
    for year in (2024, 2025, 2023):
        await create_scholarship(session, student, name=str(year), start_date=datetime.date(year, 6, 1))
    document = """query($id: ID!) {
        student(id: $id) { all: scholarships { name } one: scholarships(first: 1) { name } }
        scholarships(where: { startDate: { lt: "2025-01-01" } }) { nodes { name } }
    }"""
    assert (await execute(document, id=gid(student))).found == {
        "student": {"all": [{"name": name} for name in ("2025", "2024", "2023")], "one": [{"name": "2025"}]},
        "scholarships": {"nodes": [{"name": "2024"}, {"name": "2023"}]},
    }


async def test_students_are_filtered_by_their_aid(session: AsyncSession, school: School, execute: Execute) -> None:
    for last_name, status in (("Runs", ScholarshipStatus.ACTIVE), ("Ran", ScholarshipStatus.REVOKED)):
        await create_scholarship(session, await create_student(session, school, last_name=last_name), status=status)
    await create_student(session, school, last_name="Never")
    document = "query($where: StudentWhere) { students(where: $where) { nodes { lastName } } }"
    for condition, names in (
        ({"scholarships": {"status": {"eq": "ACTIVE"}}}, ["Runs"]),
        ({"scholarships": {}}, ["Ran", "Runs"]),
        ({"NOT": {"scholarships": {}}}, ["Never"]),
        ({"scholarships": {"NOT": {"status": {"eq": "ACTIVE"}}}}, ["Ran"]),
    ):
        found = (await execute(document, where=condition)).found["students"]["nodes"]
        assert [node["lastName"] for node in found] == names
