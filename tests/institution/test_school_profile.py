"""How the school presents itself."""

import dataclasses
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models import SchoolProfile
from tests.conftest import Execute, School


async def test_the_own_profile(session: AsyncSession, school: School, execute: Execute) -> None:
    shown = {"address": "1 School Road", "phone": "+91(20)123-456", "email": "office@alpha.example"}
    await session.execute(update(SchoolProfile).values(**shown))
    document = "{ schoolProfile { schoolName address phone email country timeZone institution { code } } }"
    assert (await execute(document)).found["schoolProfile"] == {
        "schoolName": "Alpha School",
        **shown,
        "country": "IN",
        "timeZone": "Asia/Kolkata",
        "institution": {"code": "ALPHA"},
    }


async def test_it_is_the_same_by_every_way(school: School, execute: Execute) -> None:
    document = "{ schoolProfile { id } configuration { profile { id schoolName } } }"
    found = (await execute(document)).found
    key = found["schoolProfile"]["id"]
    assert found["configuration"]["profile"] == {"id": key, "schoolName": "Alpha School"}
    assert (await execute("query($id: ID!) { node(id: $id) { id } }", id=key)).found["node"] == {"id": key}


async def test_the_time_zone_is_the_setting_that_the_viewer_came_with(school: School, execute: Execute) -> None:
    viewer = dataclasses.replace(school.admin, time_zone=ZoneInfo("Asia/Kathmandu"))
    found = (await execute("{ schoolProfile { timeZone } }", viewer=viewer)).found
    assert found == {"schoolProfile": {"timeZone": "Asia/Kathmandu"}}
