"""Grade levels: in their own order, each leading to the next."""

from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Execute, School
from tests.factories import (
    admit,
    create_course,
    create_grade_level,
    create_school_year,
    create_student,
    gid,
    name_outside,
)


async def test_a_level_by_id_with_all_that_hangs_on_it(session: AsyncSession, school: School, execute: Execute) -> None:
    following = await create_grade_level(session, school, code="X11", sequence=211, leaves_after=True)
    level = await create_grade_level(
        session, school, code="X10", name="Class X", sequence=210, next_level_id=following.id
    )
    year = await create_school_year(session, school)
    course = await create_course(session, year, grade_level_id=level.id)
    span = await admit(session, await create_student(session, school), year, grade_level_id=level.id)
    await name_outside(session, level, value="l-1")
    document = """query($id: ID!) { gradeLevel(id: $id) {
        code name sequence leavesAfter nextLevel { code leavesAfter nextLevel { code } } externalIds { value }
        courses { totalCount nodes { id } } schoolEnrollments { totalCount nodes { id } }
    } }"""
    assert (await execute(document, id=gid(level))).found["gradeLevel"] == {
        "code": "X10",
        "name": "Class X",
        "sequence": 210,
        "leavesAfter": False,
        "nextLevel": {"code": "X11", "leavesAfter": True, "nextLevel": None},
        "externalIds": [{"value": "l-1"}],
        "courses": {"totalCount": 1, "nodes": [{"id": gid(course)}]},
        "schoolEnrollments": {"totalCount": 1, "nodes": [{"id": gid(span)}]},
    }


async def test_ten_comes_after_nine(execute: Execute) -> None:
    """Every school is made with twelve levels, the last of which leads out of it."""
    found = (await execute("{ gradeLevels { nodes { code nextLevel { code } leavesAfter } } }")).found["gradeLevels"]
    following = [{"code": str(n + 1)} for n in range(1, 12)]
    assert found["nodes"] == [
        {"code": str(n), "nextLevel": next_level, "leavesAfter": n == 12}
        for n, next_level in enumerate([*following, None], 1)
    ]


async def test_levels_are_filtered_by_number(execute: Execute) -> None:
    document = "query($where: GradeLevelWhere) { gradeLevels(where: $where) { nodes { code } } }"
    found = (await execute(document, where={"sequence": {"gte": 9, "lt": 11}})).found["gradeLevels"]["nodes"]
    assert found == [{"code": "9"}, {"code": "10"}]
    found = (await execute(document, where={"sequence": {"in": [12, 1]}})).found["gradeLevels"]["nodes"]
    assert found == [{"code": "1"}, {"code": "12"}]


async def test_retired_courses_leave_the_level(session: AsyncSession, school: School, execute: Execute) -> None:
    level, year = await create_grade_level(session, school), await create_school_year(session, school)
    course = await create_course(session, year, grade_level_id=level.id)
    course.deleted_at = course.created_at
    await session.flush()
    document = "query($id: ID!) { gradeLevel(id: $id) { courses { totalCount nodes { id } } } }"
    assert (await execute(document, id=gid(level))).found["gradeLevel"]["courses"] == {"totalCount": 0, "nodes": []}
