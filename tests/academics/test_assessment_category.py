"""Kinds of assessments and their weights."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import (
    create_assessment,
    create_assessment_category,
    create_course,
    create_school_year,
    gid,
    name_outside,
)


async def test_a_kind_by_id_with_its_assessments(session: AsyncSession, school: School, execute: Execute) -> None:
    kind = await create_assessment_category(session, school, name="Exam", weight=Decimal("0.6000"))
    course = await create_course(session, await create_school_year(session, school))
    assessment = await create_assessment(session, course, category_id=kind.id)
    await create_assessment(session, course)
    await name_outside(session, kind, value="k-1")
    document = """query($id: ID!) { assessmentCategory(id: $id) {
        name weight externalIds { value } assessments { totalCount nodes { id category { id } } }
    } }"""
    assert (await execute(document, id=gid(kind))).found["assessmentCategory"] == {
        "name": "Exam",
        "weight": "0.6",
        "externalIds": [{"value": "k-1"}],
        "assessments": {"totalCount": 1, "nodes": [{"id": gid(assessment), "category": {"id": gid(kind)}}]},
    }


async def test_kinds_come_by_name(session: AsyncSession, school: School, execute: Execute) -> None:
    for name in ("Test", "Exam"):
        await create_assessment_category(session, school, name=name)
    found = (await execute("{ assessmentCategories { nodes { name weight } } }")).found["assessmentCategories"]
    assert found["nodes"] == [{"name": "Exam", "weight": None}, {"name": "Test", "weight": None}]
