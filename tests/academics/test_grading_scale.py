"""Grading scales with their letters, and the courses that use them."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from models import RoundingMode
from tests.conftest import Execute, School
from tests.factories import create_band, create_course, create_grading_scale, create_school_year, gid, name_outside


async def test_a_scale_by_id_with_its_letters_and_courses(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    scale = await create_grading_scale(
        session, school, name="Twenty", pass_mark=Decimal("9.5"), rounding_mode=RoundingMode.HALF_EVEN, decimals=1
    )
    for letter, bound in (("B", 10), ("C", 0), ("A", 16)):
        await create_band(session, scale, letter=letter, lower_bound=Decimal(bound))
    course = await create_course(session, await create_school_year(session, school), grading_scale_id=scale.id)
    await name_outside(session, scale, value="s-1")
    document = """query($id: ID!) { gradingScale(id: $id) {
        name minScore maxScore passMark roundingMode decimals schoolDefault externalIds { value }
        bands { letter lowerBound } courses { totalCount nodes { id gradingScale { id } } }
    } }"""
    assert (await execute(document, id=gid(scale))).found["gradingScale"] == {
        "name": "Twenty",
        "minScore": "0",
        "maxScore": "20",
        "passMark": "9.5",
        "roundingMode": "HALF_EVEN",
        "decimals": 1,
        "schoolDefault": False,
        "externalIds": [{"value": "s-1"}],
        "bands": [
            {"letter": "A", "lowerBound": "16"},
            {"letter": "B", "lowerBound": "10"},
            {"letter": "C", "lowerBound": "0"},
        ],
        "courses": {"totalCount": 1, "nodes": [{"id": gid(course), "gradingScale": {"id": gid(scale)}}]},
    }


async def test_the_schools_own_scale_is_a_filter(session: AsyncSession, school: School, execute: Execute) -> None:
    await create_grading_scale(session, school, name="Own", school_default=True)
    await create_grading_scale(session, school, name="Another")
    document = """{
        own: gradingScales(where: { schoolDefault: { eq: true } }) { nodes { name } }
        gradingScales { nodes { name } }
    }"""
    assert (await execute(document)).found == {
        "own": {"nodes": [{"name": "Own"}]},
        "gradingScales": {"nodes": [{"name": "Another"}, {"name": "Own"}]},
    }
