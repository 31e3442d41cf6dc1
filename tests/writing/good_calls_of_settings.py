"""Good calls about settings and the school's profile: see `tests/writing/good_calls.py`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import SchoolProfile
from tests import factories as make
from tests.writing.calls import Call, Input, on


async def _set(session: AsyncSession, school: Any) -> Input:
    row = await make.create_setting(session, school)
    return {
        "category": "GENERAL",
        "key": row.key,
        "value": "7",
        "valueType": "INTEGER",
        "description": "Lucky number",
        "version": 1,
    }


async def profile(session: AsyncSession, school: Any) -> Any:
    return (await session.scalars(select(SchoolProfile).where(SchoolProfile.institution_id == school.id))).one()


CALLS_OF_SETTINGS: Mapping[str, Call] = {
    "setSetting": _set,
    "removeSetting": on(make.create_setting),
    "updateSchoolProfile": on(
        profile,
        schoolName="Hill School",
        address="1 Hill Road",
        phone="+919876543210",
        email="office@example.org",
        country="NP",
    ),
}
