"""Where and how a student's family lives: one record a student."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import create_family_info, create_student, gid, name_outside


async def test_family_info_by_id_leads_to_its_student(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school)
    info = await create_family_info(
        session, student, living_with="Grandparents", own_house=True, help_amount=Decimal("1500.00"), poverty_card="B-7"
    )
    await name_outside(session, info, value="f-1")
    document = """query($id: ID!) { familyInfo(id: $id) {
        livingWith livingCondition ownHouse canHelpSchool helpAmount povertyCard
        student { id familyInfo { id } } externalIds { value }
    } }"""
    assert (await execute(document, id=gid(info))).found["familyInfo"] == {
        "livingWith": "Grandparents",
        "livingCondition": None,
        "ownHouse": True,
        "canHelpSchool": None,
        "helpAmount": "1500",
        "povertyCard": "B-7",
        "student": {"id": gid(student), "familyInfo": {"id": gid(info)}},
        "externalIds": [{"value": "f-1"}],
    }


async def test_a_student_may_have_none(session: AsyncSession, school: School, execute: Execute) -> None:
    with_info, without = [await create_student(session, school) for _ in range(2)]
    info = await create_family_info(session, with_info)
    document = """{
        students(orderBy: [{ field: STUDENT_NUMBER }]) { nodes { id familyInfo { id } } }
        familyInfos { totalCount }
    }"""
    assert (await execute(document)).found == {
        "students": {
            "nodes": [{"id": gid(with_info), "familyInfo": {"id": gid(info)}}, {"id": gid(without), "familyInfo": None}]
        },
        "familyInfos": {"totalCount": 1},
    }
