"""Settings are what their types and bounds allow, and the current school year follows its setting."""

import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ConfigurationSetting, SettingType
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_course,
    create_grading_scale,
    create_school_year,
    create_setting,
    create_student,
    create_subject,
    gid,
    grade,
)
from tests.mutating import done, mutate, refused

_day = datetime.date.fromisoformat
SHOWN = "configurationSetting { key value valueType description version }"
CURRENT = {"category": "ACADEMIC", "key": "CURRENT_ACADEMIC_YEAR", "version": 1}
VALUES: list[tuple[str, str, bool]] = [
    ("STRING", "anything at all", True),
    ("INTEGER", "-12", True),
    ("INTEGER", "1.5", False),
    ("INTEGER", "٣", False),
    ("INTEGER", "1" * 19, False),
    ("DECIMAL", "1.2500", True),
    ("DECIMAL", "1,25", False),
    ("DECIMAL", "NaN", False),
    ("BOOLEAN", "true", True),
    ("BOOLEAN", "True", False),
    ("DATE", "2025-02-28", True),
    ("DATE", "2025-02-29", False),
    ("DATE", "20250228", False),
    ("MONTH", "12", True),
    ("MONTH", "13", False),
    ("MONTH", "06", False),
    ("TIMEZONE", "Asia/Kathmandu", True),
    ("TIMEZONE", "Asia/Nowhere", False),
    ("TIMEZONE", "../etc/passwd", False),
    ("CURRENCY", "NPR", True),
    ("CURRENCY", "npr", False),
    ("JSON", '{"a": [1]}', True),
    ("JSON", "{a: 1}", False),
    ("JSON", "[" * 1500, False),
]


@pytest.mark.parametrize(("kind", "value", "good"), VALUES, ids=range(len(VALUES)))
async def test_a_value_parses_as_its_type(
    connections: OneConnection, school: School, execute: Execute, kind: str, value: str, good: bool
) -> None:
    given = {"category": "GENERAL", "key": "OUR_OWN", "value": value, "valueType": kind}
    async with audited(connections, school, nothing=not good):
        errors = (await mutate(execute, "setSetting", SHOWN, **given))["errors"]
    assert [(error["code"], error["field"]) for error in errors] == ([] if good else [("BAD_USER_INPUT", ["value"])])


BOUNDED: list[tuple[str, str, str, bool]] = [
    ("GENERAL", "DATE_FORMAT", "d MMM yyyy", True),
    ("GENERAL", "DATE_FORMAT", "%d-%m-%Y", False),
    ("GENERAL", "LANGUAGE", "te-IN", True),
    ("GENERAL", "LANGUAGE", "english!", False),
    ("GENERAL", "SESSION_TIMEOUT_MINUTES", "1440", True),
    ("GENERAL", "SESSION_TIMEOUT_MINUTES", "0", False),
    ("GENERAL", "SESSION_TIMEOUT_MINUTES", "1441", False),
    ("GENERAL", "MAX_FILE_UPLOAD_MB", "0", False),
    ("GENERAL", "REQUIRED_STUDENT_FIELDS", "address, mobile", True),
    ("GENERAL", "REQUIRED_STUDENT_FIELDS", "previousSchool,guardian", True),
    ("GENERAL", "REQUIRED_STUDENT_FIELDS", "none", True),
    ("GENERAL", "REQUIRED_STUDENT_FIELDS", "none, mobile", False),
    ("GENERAL", "REQUIRED_STUDENT_FIELDS", "address;mobile", False),
    ("GENERAL", "REQUIRED_STUDENT_FIELDS", "mobile, shoeSize", False),
    ("GENERAL", "MIN_PASSWORD_LENGTH", "7", False),
    ("GENERAL", "RETENTION_DAYS_SESSION", "-1", False),
    ("GENERAL", "SCHOOL_TIMEZONE", "UTC+5", False),
    ("ACADEMIC", "ACADEMIC_YEAR_START_MONTH", "0", False),
    ("ACADEMIC", "MIN_STUDENT_AGE", "18", True),
    ("ACADEMIC", "MIN_STUDENT_AGE", "19", False),
    ("ACADEMIC", "MAX_STUDENT_AGE", "2", False),
    ("ACADEMIC", "MIN_NAME_LENGTH", "1", True),
    ("ACADEMIC", "MIN_NAME_LENGTH", "0", False),
    ("ACADEMIC", "WORKING_DAYS_PER_WEEK", "7", True),
    ("ACADEMIC", "WORKING_DAYS_PER_WEEK", "8", False),
    ("ACADEMIC", "GRADE_SCALE_MIN", "5", True),
    ("ACADEMIC", "GRADE_SCALE_MIN", "6", False),
    ("ACADEMIC", "GRADE_SCALE_MAX", "4.5", False),
    ("ACADEMIC", "PASS_MARK", "10", True),
    ("ACADEMIC", "PASS_MARK", "10.5", False),
    ("FINANCIAL", "CURRENCY_SYMBOL", "R s", False),
    ("FINANCIAL", "TAX_RATE_PERCENT", "100.1", False),
    ("FINANCIAL", "LATE_FEE_GRACE_DAYS", "1.5", False),
]


@pytest.mark.parametrize(("category", "key", "value", "good"), BOUNDED)
async def test_what_drives_the_server_has_bounds(
    connections: OneConnection, school: School, execute: Execute, category: str, key: str, value: str, good: bool
) -> None:
    given = {"category": category, "key": key, "value": value, "version": 1}
    async with audited(connections, school, nothing=not good):
        errors = (await mutate(execute, "setSetting", SHOWN, **given))["errors"]
    assert [(error["code"], error["field"]) for error in errors] == ([] if good else [("BAD_USER_INPUT", ["value"])])


async def test_a_setting_that_every_school_has_keeps_its_type_and_stays(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    known = (await session.scalars(select(ConfigurationSetting).where(ConfigurationSetting.key == "PASS_MARK"))).one()
    async with audited(connections, school, nothing=True):
        given = {"category": "ACADEMIC", "key": "PASS_MARK", "value": "5", "valueType": "STRING", "version": 1}
        assert await refused(execute, "setSetting", **given) == [("BAD_USER_INPUT", ["valueType"])]
        given = {"category": "GENERAL", "key": "PASS_MARK", "value": "5"}
        assert await refused(execute, "setSetting", **given) == [("BAD_USER_INPUT", ["category"])]
        assert await refused(execute, "removeSetting", id=gid(known), version=1) == [("CONFLICT", ["id"])]


async def test_a_setting_of_the_schools_own(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    given: dict[str, Any] = {"category": "GENERAL", "key": "HOUSE", "value": "red"}
    async with audited(connections, school):
        payload = await done(execute, "setSetting", SHOWN, **given, description="Colour")
    setting = {"key": "HOUSE", "value": "red", "valueType": "STRING", "description": "Colour", "version": 1}
    assert payload == {"configurationSetting": setting}
    payload = await done(execute, "setSetting", SHOWN, **given | {"value": "blue", "version": 1})
    assert payload == {"configurationSetting": setting | {"value": "blue", "version": 2}}
    given |= {"value": "3", "valueType": "INTEGER", "description": None, "version": 2}
    changed = {"value": "3", "valueType": "INTEGER", "description": None, "version": 3}
    assert await done(execute, "setSetting", SHOWN, **given) == {"configurationSetting": setting | changed}
    async with audited(connections, school, nothing=True):
        await done(execute, "setSetting", SHOWN, **given | {"version": 3})
        payload = await mutate(execute, "setSetting", SHOWN, category="GENERAL", key="HOUSE", value="4")
        (error,) = payload["errors"]
        assert (error["code"], error["field"], error["currentVersion"]) == ("CONFLICT", ["key"], 3)
        assert payload["configurationSetting"] == setting | changed
        new = {"category": "GENERAL", "key": "NEW", "value": "4", "version": 1}
        assert await refused(execute, "setSetting", **new) == [("CONFLICT", ["version"])]


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"key": "lower"}, ["key"]),
    ({"key": "X" * 101}, ["key"]),
    ({"value": " "}, ["value"]),
    ({"value": "x" * 2001}, ["value"]),
    ({"description": "x" * 501}, ["description"]),
    ({"key": "RETENTION_DAYS_AUDIT_LOG", "value": "never"}, ["value"]),
    ({"key": "RETENTION_DAYS_AUDIT_LOG", "value": "7", "valueType": "STRING"}, ["valueType"]),
    ({"category": "ACADEMIC", "key": "AGGREGATE_SMALLEST_GROUP", "value": "2"}, ["value"]),
    ({"category": "ACADEMIC", "key": "AGGREGATE_CROSSED_BY", "value": "HEIGHT"}, ["value"]),
    ({"key": "AGGREGATE_CROSSED_BY", "value": "GENDER"}, ["category"]),
]


@pytest.mark.parametrize(("given", "field"), BAD, ids=range(len(BAD)))
async def test_a_new_setting_is_refused(
    connections: OneConnection, school: School, execute: Execute, given: dict[str, Any], field: list[str]
) -> None:
    new: dict[str, Any] = {"category": "GENERAL", "key": "HOUSE", "value": "red"}
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "setSetting", **new | given) == [("BAD_USER_INPUT", field)]


async def test_the_type_of_an_own_setting_fits_the_value_that_it_has(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    row = await create_setting(session, school, value="red", value_type=SettingType.STRING)
    given = {"category": "GENERAL", "key": row.key, "value": "red", "valueType": "INTEGER", "version": 1}
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "setSetting", **given) == [("BAD_USER_INPUT", ["value"])]


async def test_the_current_year_follows_the_setting(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    await create_school_year(session, school)
    await create_school_year(
        session, school, code="Next", start_date=_day("2026-06-01"), end_date=_day("2027-04-30"), current=False
    )
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "setSetting", **CURRENT, value="2030-2031") == [("BAD_USER_INPUT", ["value"])]
        await done(execute, "setSetting", SHOWN, **CURRENT, value="2025-2026")
    async with audited(connections, school):
        payload = await done(execute, "setSetting", SHOWN, **CURRENT, value=" Next ")
    assert payload["configurationSetting"]["value"] == "Next"
    years = (await execute("{ schoolYears(first: 5) { nodes { code current } } }")).found["schoolYears"]["nodes"]
    assert sorted((year["code"], year["current"]) for year in years) == [("2025-2026", False), ("Next", True)]


async def test_bounds_stay_around_the_marks_that_were_given(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    course = await create_course(session, await create_school_year(session, school))
    await grade(session, await create_student(session, school), course, await create_subject(session, school))
    given = {"category": "ACADEMIC", "key": "GRADE_SCALE_MAX", "version": 1}
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "setSetting", **given, value="7.4") == [("CONFLICT", ["value"])]
    await done(execute, "setSetting", SHOWN, **given, value="7.5")
    await create_grading_scale(session, school, school_default=True)
    await done(execute, "setSetting", SHOWN, **given | {"version": 2}, value="7")


PROFILE: list[tuple[dict[str, Any], str]] = [
    ({"schoolName": " "}, "schoolName"),
    ({"schoolName": "x" * 201}, "schoolName"),
    ({"phone": "12345"}, "phone"),
    ({"email": "office"}, "email"),
    ({"country": "Nepal"}, "country"),
    ({"country": "np"}, "country"),
]


@pytest.mark.parametrize(("given", "field"), PROFILE, ids=range(len(PROFILE)))
async def test_a_profile_is_refused(
    connections: OneConnection, school: School, execute: Execute, given: dict[str, Any], field: str
) -> None:
    known = (await execute("{ schoolProfile { id version } }")).found["schoolProfile"]
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "updateSchoolProfile", **known, **given) == [("BAD_USER_INPUT", [field])]
