"""Which subjects a course teaches, with their weights."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import create_course, create_school_year, create_subject, gid, name_outside, teach_subject


async def test_a_subject_of_a_course_by_id_leads_both_ways(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    subject = await create_subject(session, school)
    taught = await teach_subject(session, course, subject, coefficient=Decimal("2.50"), credits=Decimal(4))
    await name_outside(session, taught, value="c-1")
    document = """query($id: ID!) { courseSubject(id: $id) {
        coefficient credits course { id subjects { id } } subject { id courses { id } } externalIds { value }
    } }"""
    assert (await execute(document, id=gid(taught))).found["courseSubject"] == {
        "coefficient": "2.5",
        "credits": "4",
        "course": {"id": gid(course), "subjects": [{"id": gid(taught)}]},
        "subject": {"id": gid(subject), "courses": [{"id": gid(taught)}]},
        "externalIds": [{"value": "c-1"}],
    }


async def test_a_subject_weighs_one_where_nothing_is_said(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    await teach_subject(session, course, await create_subject(session, school))
    found = (await execute("{ courseSubjects { nodes { coefficient credits } } }")).found["courseSubjects"]["nodes"]
    assert found == [{"coefficient": "1", "credits": None}]
