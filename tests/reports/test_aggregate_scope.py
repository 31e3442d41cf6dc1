"""Who counts whom: aggregates are of the students whose rows one sees, by what one sees of all of them."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import Role
from tests.conftest import Execute, School
from tests.factories import create_user, gid, teach
from tests.reports.aggregate_asking import ASK, table
from tests.reports.aggregate_school import Grouped

WHOLE = [("FEMALE", 17, 17, "58.82"), ("MALE", 13, 13, "56.15")]
BY_ROLE: dict[Role, list[tuple[Any, ...]] | None] = {
    Role.SUPERADMIN: WHOLE,
    Role.ADMIN: WHOLE,
    Role.REGISTRAR: WHOLE,
    Role.REPORTER: WHOLE,
    # 5 A alone.
    Role.TEACHER: [("FEMALE", 5, 5, "60"), ("MALE", 3, 3, "50")],
    Role.GUARDIAN: None,
    Role.STUDENT: None,
}


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
async def test_everybody_counts_those_whom_they_see(
    session: AsyncSession, school: School, execute: Execute, grouped: Grouped, role: Role
) -> None:
    user = await create_user(session, school)
    await teach(session, grouped.courses["5A"], user)
    grouped.students[0].user_id = user.id
    await session.flush()
    asked = {"viewer": school.viewer(role, user_id=user.id), "of": "GRADES", "by": ["GENDER"]}

    answer = await execute(ASK, refused=None, **asked)

    if BY_ROLE[role] is None:
        assert answer.refusal == ("FORBIDDEN", "of")
    else:
        assert table(answer.found["aggregate"]["groups"], "GRADES", "GENDER") == BY_ROLE[role]


async def test_what_one_sees_as_family_is_in_no_group(
    session: AsyncSession, school: School, execute: Execute, grouped: Grouped
) -> None:
    """A teacher of 5 A who is a student in 8 A."""
    user = await create_user(session, school)
    await teach(session, grouped.courses["5A"], user)
    grouped.students[20].user_id = user.id
    await session.flush()
    viewer = school.viewer(Role.TEACHER, Role.STUDENT, user_id=user.id)

    found = (await execute(ASK, viewer=viewer, of="GRADES", by=["GRADE_LEVEL"])).found["aggregate"]

    assert table(found["groups"], "GRADES", "GRADE_LEVEL") == [("5", 8, 8, "56.25")]


HIDDEN = ["RELIGION", "CASTE", "VACCINATED", "NEEDS_CLOTHES", "NEEDS_MATERIALS", "NEEDS_TRANSPORT"]
HIDDEN += ["POVERTY_CARD", "OWN_HOUSE", "SCHOLARSHIP"]


async def test_what_a_teacher_does_not_see_is_forbidden_by_its_name(
    session: AsyncSession, school: School, execute: Execute, grouped: Grouped
) -> None:
    user = await create_user(session, school)
    await teach(session, grouped.courses["5A"], user)
    asked = {"viewer": school.viewer(Role.TEACHER, user_id=user.id), "of": "GRADES", "refused": True}

    for by in HIDDEN:
        answer = await execute(ASK, **asked, by=[by])
        assert answer.refusal == ("FORBIDDEN", "groupBy")
        assert by in answer.errors[0].message
    filtered = await execute(ASK, **asked, by=[], where={"povertyCard": {"eq": True}})
    assert filtered.refusal == ("FORBIDDEN", "where.povertyCard")
    scholarships = await execute(ASK, **{**asked, "of": "SCHOLARSHIPS"}, by=[])
    assert scholarships.refusal == ("FORBIDDEN", "of")


async def test_another_school_s_year_is_not_there_and_its_students_are_not_counted(
    session: AsyncSession, school: School, other_school: School, execute: Execute, grouped: Grouped
) -> None:
    asked = {"of": "GRADES", "by": ["GENDER"]}
    theirs = await execute(ASK, viewer=other_school.admin, **asked, year=gid(grouped.year))
    none = await execute(ASK, refused=True, viewer=other_school.admin, **asked)

    assert theirs.found == {"aggregate": None}
    assert none.refusal == ("BAD_USER_INPUT", "schoolYear")
