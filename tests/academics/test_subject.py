"""What is taught."""

from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import (
    create_assessment,
    create_course,
    create_school_year,
    create_student,
    create_subject,
    gid,
    grade,
    name_outside,
    teach_subject,
)


async def test_a_subject_by_id_with_all_that_hangs_on_it(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    subject = await create_subject(session, school, name="Mathematics", code="MAT")
    course = await create_course(session, await create_school_year(session, school))
    await teach_subject(session, course, subject)
    assessment = await create_assessment(session, course, subject_id=subject.id)
    mark = await grade(session, await create_student(session, school), course, subject)
    await name_outside(session, subject, value="m-1")
    document = """query($id: ID!) { subject(id: $id) {
        name code courses { course { id } } externalIds { value }
        assessments { totalCount nodes { id } } grades { totalCount nodes { id } }
    } }"""
    assert (await execute(document, id=gid(subject))).found["subject"] == {
        "name": "Mathematics",
        "code": "MAT",
        "courses": [{"course": {"id": gid(course)}}],
        "externalIds": [{"value": "m-1"}],
        "assessments": {"totalCount": 1, "nodes": [{"id": gid(assessment)}]},
        "grades": {"totalCount": 1, "nodes": [{"id": gid(mark)}]},
    }


async def test_subjects_come_by_name_and_may_have_no_code(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    for name, code in (("Physics", None), ("Art", "ART"), ("Latin", "LAT")):
        await create_subject(session, school, name=name, code=code)
    document = "query($where: SubjectWhere) { subjects(where: $where) { nodes { name code } } }"
    found = (await execute(document)).found["subjects"]["nodes"]
    assert [node["name"] for node in found] == ["Art", "Latin", "Physics"]
    found = (await execute(document, where={"code": {"eq": None}})).found["subjects"]["nodes"]
    assert found == [{"name": "Physics", "code": None}]
