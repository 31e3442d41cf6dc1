"""Fixtures of the reports' tests: the small schools that were counted by hand, and who looks at them."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models import Role
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import create_guardian, create_user, link_guardian, teach
from tests.reports.aggregate_school import Grouped, make_grouped
from tests.reports.attendance_asking import Eyes
from tests.reports.attendance_school import Register, make_register
from tests.reports.marks_reader import Reader


@pytest.fixture
def reader(connections: OneConnection, school: School) -> Reader:
    return Reader(connections, school)


@pytest.fixture
async def register(session: AsyncSession, school: School) -> Register:
    return await make_register(session, school)


@pytest.fixture
async def grouped(session: AsyncSession, school: School) -> Grouped:
    return await make_grouped(session, school)


@pytest.fixture
async def eyes(session: AsyncSession, school: School, register: Register) -> Eyes:
    users = {role: await create_user(session, school) for role in Role}
    await teach(session, register.courses["5A"], users[Role.TEACHER])
    guardian = await create_guardian(session, school, user_id=users[Role.GUARDIAN].id)
    await link_guardian(session, register.students["Asha"], guardian, may_access_records=True)
    register.students["Asha"].user_id = users[Role.STUDENT].id
    await session.flush()
    return Eyes(school, {role: user.id for role, user in users.items()})
