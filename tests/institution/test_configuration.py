"""The whole configuration as one object."""

from sqlalchemy.ext.asyncio import AsyncSession

from models import SettingCategory
from tests.conftest import Execute, School
from tests.factories import create_setting

WHOLE = """{ configuration {
    profile { schoolName country }
    general { key value } academic { key value } financial { key value }
} }"""


async def test_the_configuration_costs_two_statements(execute: Execute) -> None:
    """Question ten of those that one request must answer: one for the profile, one for all settings."""
    answer = await execute(WHOLE)
    found = answer.found["configuration"]
    assert found["profile"] == {"schoolName": "Alpha School", "country": "IN"}
    assert [each["key"] for each in found["financial"]] == [
        "CURRENCY_CODE",
        "CURRENCY_SYMBOL",
        "LATE_FEE_GRACE_DAYS",
        "TAX_RATE_PERCENT",
    ]
    assert {"key": "CURRENCY_SYMBOL", "value": "₹"} in found["financial"]
    assert (len(found["general"]), len(found["academic"])) == (11, 10)
    assert answer.statements == 2


async def test_a_schools_own_keys_are_among_them(session: AsyncSession, school: School, execute: Execute) -> None:
    await create_setting(session, school, category=SettingCategory.ACADEMIC, key="A_KEY", value="own")
    found = (await execute(WHOLE)).found["configuration"]
    assert found["academic"][0] == {"key": "ACADEMIC_YEAR_START_MONTH", "value": "6"}
    assert found["academic"][1] == {"key": "A_KEY", "value": "own"}
