"""Roles that users hold."""

import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import Role
from tests.conftest import Execute, School
from tests.factories import create_user, gid, give_role, name_outside


async def test_a_role_by_id_leads_to_its_user(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_user(session, school)
    role = await give_role(session, user, Role.TEACHER, begin_date=datetime.date(2025, 6, 1))
    await name_outside(session, role, value="r-1")
    document = "query($id: ID!) { userRole(id: $id) { role beginDate endDate user { id } externalIds { value } } }"
    assert (await execute(document, id=gid(role))).found["userRole"] == {
        "role": "TEACHER",
        "beginDate": "2025-06-01",
        "endDate": None,
        "user": {"id": gid(user)},
        "externalIds": [{"value": "r-1"}],
    }


async def test_all_roles_are_listed_past_ones_too(session: AsyncSession, school: School, execute: Execute) -> None:
    user, other = [await create_user(session, school, last_name=name) for name in ("Nair", "Zed")]
    await give_role(session, user, Role.TEACHER, end_date=datetime.date(2024, 4, 30))
    await give_role(session, user, Role.REGISTRAR)
    await give_role(session, other, Role.REPORTER)
    document = """query($where: UserRoleWhere) {
        users(where: { roles: {} }) { nodes { lastName roles { role } } }
        userRoles(where: $where) { nodes { role } }
    }"""
    assert (await execute(document, where={"user": {"eq": gid(user)}})).found == {
        "users": {
            "nodes": [
                {"lastName": "Nair", "roles": [{"role": "REGISTRAR"}, {"role": "TEACHER"}]},
                {"lastName": "Zed", "roles": [{"role": "REPORTER"}]},
            ]
        },
        "userRoles": {"nodes": [{"role": "REGISTRAR"}, {"role": "TEACHER"}]},
    }


async def test_users_are_filtered_by_role(session: AsyncSession, school: School, execute: Execute) -> None:
    for role in (Role.TEACHER, Role.REPORTER):
        await give_role(session, await create_user(session, school, last_name=role.value), role)
    document = "query($role: Role!) { users(where: { roles: { role: { eq: $role } } }) { nodes { lastName } } }"
    assert (await execute(document, role="TEACHER")).found["users"]["nodes"] == [{"lastName": "TEACHER"}]
