"""Who teaches a course: in their positions."""

from sqlalchemy.ext.asyncio import AsyncSession

from models import TeacherRole
from tests.conftest import Execute, School
from tests.factories import create_course, create_school_year, create_user, gid, name_outside, teach


async def test_a_teacher_of_a_course_by_id_leads_both_ways(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    user = await create_user(session, school, first_name="Meera", last_name="Nair")
    teacher = await teach(session, course, user, role=TeacherRole.SUBSTITUTE, position=2)
    await name_outside(session, teacher, value="t-1")
    document = """query($id: ID!) { courseTeacher(id: $id) {
        role position course { id teachers { id } } user { fullName courses { id } } externalIds { value }
    } }"""
    assert (await execute(document, id=gid(teacher))).found["courseTeacher"] == {
        "role": "SUBSTITUTE",
        "position": 2,
        "course": {"id": gid(course), "teachers": [{"id": gid(teacher)}]},
        "user": {"fullName": "Meera Nair", "courses": [{"id": gid(teacher)}]},
        "externalIds": [{"value": "t-1"}],
    }


async def test_teachers_come_by_position(session: AsyncSession, school: School, execute: Execute) -> None:
    year = await create_school_year(session, school)
    courses = [await create_course(session, year) for _ in range(2)]
    for course in courses:
        for position in (3, 1, 2):
            user = await create_user(session, school, last_name=f"T{position}")
            await teach(session, course, user, position=position)
    document = """{
        courses { nodes { teachers { user { lastName } } } }
        courseTeachers { nodes { position } }
    }"""
    found = (await execute(document)).found
    names = [{"user": {"lastName": f"T{position}"}} for position in (1, 2, 3)]
    assert found["courses"]["nodes"] == [{"teachers": names}] * 2
    assert [node["position"] for node in found["courseTeachers"]["nodes"]] == [1, 2, 3, 1, 2, 3]


async def test_users_are_filtered_by_what_they_teach(session: AsyncSession, school: School, execute: Execute) -> None:
    course = await create_course(session, await create_school_year(session, school))
    for n, role in enumerate((TeacherRole.LEAD, TeacherRole.SUPPORT)):
        await teach(session, course, await create_user(session, school, last_name=role), role=role, position=n + 1)
    await create_user(session, school, last_name="OFFICE")
    document = "query($where: UserWhere) { users(where: $where) { nodes { lastName } } }"
    found = (await execute(document, where={"courses": {"role": {"eq": "LEAD"}}})).found["users"]["nodes"]
    assert found == [{"lastName": "LEAD"}]
    found = (await execute(document, where={"NOT": {"courses": {"course": {"eq": gid(course)}}}})).found
    assert found["users"]["nodes"] == [{"lastName": "OFFICE"}]
