"""Letters of grading scales."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import create_band, create_grading_scale, gid, name_outside


async def test_a_letter_by_id_leads_to_its_scale(session: AsyncSession, school: School, execute: Execute) -> None:
    scale = await create_grading_scale(session, school)
    band = await create_band(session, scale, letter="A+", lower_bound=Decimal("18.50"), points=Decimal("4.0"))
    await name_outside(session, band, value="b-1")
    document = """query($id: ID!) { gradingScaleBand(id: $id) {
        letter lowerBound points gradingScale { id bands { id } } externalIds { value }
    } }"""
    assert (await execute(document, id=gid(band))).found["gradingScaleBand"] == {
        "letter": "A+",
        "lowerBound": "18.5",
        "points": "4",
        "gradingScale": {"id": gid(scale), "bands": [{"id": gid(band)}]},
        "externalIds": [{"value": "b-1"}],
    }


async def test_letters_of_one_scale(session: AsyncSession, school: School, execute: Execute) -> None:
    for letter in ("A", "B"):
        await create_band(session, await create_grading_scale(session, school, name=letter), letter=letter)
    document = """{
        gradingScaleBands(where: { letter: { eq: "B" } }) { nodes { gradingScale { name } points } }
        gradingScales(where: { bands: { letter: { eq: "A" } } }) { nodes { name } }
    }"""
    assert (await execute(document)).found == {
        "gradingScaleBands": {"nodes": [{"gradingScale": {"name": "B"}, "points": None}]},
        "gradingScales": {"nodes": [{"name": "A"}]},
    }
