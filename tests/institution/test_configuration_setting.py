"""Settings: by category, each by key."""

from sqlalchemy.ext.asyncio import AsyncSession

from models import SettingCategory, SettingType
from tests.conftest import Execute, School
from tests.factories import create_setting, gid

ACADEMIC = {
    "ACADEMIC_YEAR_START_MONTH": ("MONTH", "6"),
    "CURRENT_ACADEMIC_YEAR": ("STRING", "2025-2026"),
    "GRADE_SCALE_MAX": ("DECIMAL", "10"),
    "GRADE_SCALE_MIN": ("DECIMAL", "0"),
    "MAX_STUDENT_AGE": ("INTEGER", "18"),
    "MIN_NAME_LENGTH": ("INTEGER", "2"),
    "MIN_STUDENT_AGE": ("INTEGER", "3"),
    "PASS_MARK": ("DECIMAL", "5"),
    "REPORT_CARD_RANKS": ("STRING", "COMPETITION"),
    "WORKING_DAYS_PER_WEEK": ("INTEGER", "6"),
}


async def test_settings_of_a_category_come_by_key(execute: Execute) -> None:
    answer = await execute("{ settings(category: ACADEMIC) { key valueType value category } }")
    assert answer.found["settings"] == [
        {"key": key, "valueType": kind, "value": value, "category": "ACADEMIC"}
        for key, (kind, value) in ACADEMIC.items()
    ]
    assert answer.statements == 1


async def test_all_settings_come_by_category_in_one_statement(execute: Execute) -> None:
    answer = await execute("{ settings { category key } }")
    found = [(each["category"], each["key"]) for each in answer.found["settings"]]
    order = ["GENERAL", "ACADEMIC", "FINANCIAL"]
    assert found == sorted(found, key=lambda each: (order.index(each[0]), each[1]))
    assert len(found) == 25
    assert answer.statements == 1


async def test_a_schools_own_setting_by_id(session: AsyncSession, school: School, execute: Execute) -> None:
    setting = await create_setting(
        session,
        school,
        category=SettingCategory.FINANCIAL,
        key="BUS_FEE",
        value="450.50",
        value_type=SettingType.DECIMAL,
        description="A month of the school bus",
    )
    document = """query($id: ID!) {
        configurationSetting(id: $id) { category key value valueType description }
        settings(category: FINANCIAL) { key }
    }"""
    found = (await execute(document, id=gid(setting))).found
    assert found["configurationSetting"] == {
        "category": "FINANCIAL",
        "key": "BUS_FEE",
        "value": "450.50",
        "valueType": "DECIMAL",
        "description": "A month of the school bus",
    }
    assert found["settings"][0] == {"key": "BUS_FEE"}


async def test_one_setting_by_its_key(execute: Execute) -> None:
    document = """{ configurationSettings(
        where: { category: { eq: GENERAL }, key: { eq: "SCHOOL_TIMEZONE" } }
    ) { nodes { value valueType description } } }"""
    assert (await execute(document)).found["configurationSettings"]["nodes"] == [
        {"value": "Asia/Kolkata", "valueType": "TIMEZONE", "description": "Time zone that days are counted in"}
    ]
