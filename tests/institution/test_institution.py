"""The school that one is signed in to, and what a new school is made with."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.urls import Urls
from models import AttendanceCode, ConfigurationSetting, GradeLevel, Institution, SchoolProfile
from resolvers.errors import Conflict, Invalid
from resolvers.institution.institution import create_institution
from tests.conftest import Execute, School
from tests.database import owner_session


async def test_the_own_school(school: School, other_school: School, execute: Execute) -> None:
    document = """query($id: ID!, $other: ID!) {
        institution { id code name status }
        node(id: $id) { id }
        other: node(id: $other) { id }
    }"""
    answer = await execute(document, id=f"ins_{school.id}", other=f"ins_{other_school.id}")
    assert answer.found == {
        "institution": {"id": f"ins_{school.id}", "code": "ALPHA", "name": "Alpha School", "status": "ACTIVE"},
        "node": {"id": f"ins_{school.id}"},
        "other": None,
    }


async def test_a_new_school_has_all_that_a_school_starts_with(empty_database: Urls) -> None:
    async with owner_session(empty_database) as session:
        made = await create_institution(session, "NEW1", "New School", country="NP")
        profile = (await session.scalars(select(SchoolProfile))).one()
        assert (profile.institution_id, profile.school_name, profile.country) == (made.id, "New School", "NP")
        counts = {ConfigurationSetting: 25, AttendanceCode: 4, GradeLevel: 12}
        for model, count in counts.items():
            assert await session.scalar(select(func.count()).select_from(model)) == count
        bare = await create_institution(session, "NEW2", "Without levels", levels=False)
        levels = select(func.count()).select_from(GradeLevel).where(GradeLevel.institution_id == bare.id)
        assert await session.scalar(levels) == 0


@pytest.mark.parametrize("code", ["", "A", "alpha", "AL PHA", "ALPHA-1", "A" * 21, "ÄLPHA", "AL\0PHA"])
async def test_codes_are_capital_letters_and_digits(session: AsyncSession, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await create_institution(session, code, "School")
    assert refused.value.field == "code"


async def test_a_code_is_given_once_in_the_deployment(empty_database: Urls) -> None:
    async with owner_session(empty_database) as session:
        await create_institution(session, "ALPHA", "Alpha")
        with pytest.raises(Conflict):
            await create_institution(session, "ALPHA", "Another")
        assert await session.scalar(select(func.count()).select_from(Institution)) == 1
