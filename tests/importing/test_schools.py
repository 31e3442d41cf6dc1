"""Packages of several schools, and schools that were there before."""

from typing import Any

from app.importing.report import Outcome
from app.urls import Urls
from resolvers.institution.institution import create_institution
from tests.database import owner_session
from tests.importing.conftest import Import
from tests.importing.packages import Tables, row, sound

Rows = Any
# Columns that name what both schools share, and the sourcedIds that each has for itself.
COMMON = ["parentSourcedId", "termSourcedIds", "schoolYearSourcedId", "academicSessionSourcedId", "categorySourcedId"]
OWN = ("org-", "crs-", "cls-", "stu-", "gua-", "tea-", "rol-", "enr-", "li-", "res-")


def second(tables: Tables) -> Tables:
    """The rows of another school of the district, under sourcedIds of their own."""
    renamed: Tables = {}
    for name in tables.keys() - {"academicSessions", "categories"}:
        own = [each for each in tables[name] if each["sourcedId"] != "org-d"]
        renamed[name] = [{c: v if c in COMMON else _other(v) for c, v in each.items()} for each in own]
    renamed["orgs"][0] |= {"name": "West School", "identifier": "WEST"}
    for each in renamed["users"]:
        if "username" in each:
            each |= {"username": each["sourcedId"], "email": f"{each['sourcedId']}@example.org"}
    return renamed


def _other(value: str) -> str:
    return f"{value}w2" if value.startswith(OWN) else value


def district() -> Tables:
    tables = sound()
    for name, listed in second(sound()).items():
        tables[name] += listed
    return tables


async def test_each_school_of_a_district_becomes_an_institution(bring: Import, rows: Rows) -> None:
    report = await bring(district())
    assert [(each.code, each.outcome) for each in report.institutions] == [
        ("NORTH", Outcome.IMPORTED),
        ("WEST", Outcome.IMPORTED),
    ]
    assert await rows(
        "SELECT i.code, count(*) FROM student s JOIN institution i ON i.id = s.institution_id GROUP BY 1 ORDER BY 1"
    ) == [("NORTH", 3), ("WEST", 3)]
    assert await rows("SELECT count(*) FROM school_year") == [(2,)]


async def test_a_school_with_errors_leaves_the_others_their_data(bring: Import, rows: Rows) -> None:
    tables = district()
    tables["results"][3]["score"] = "99"
    tables["demographics"][5]["birthDate"] = "2010-13-01"
    report = await bring(tables, refused=True)
    assert [(each.code, each.outcome) for each in report.institutions] == [
        ("NORTH", Outcome.IMPORTED),
        ("WEST", Outcome.FAILED),
    ]
    assert sorted((each.code, each.file, each.line, each.institution) for each in report.findings.errors) == [
        ("date", "demographics.csv", 7, "WEST"),
        ("out_of_range", "results.csv", 5, "WEST"),
    ]
    assert await rows("SELECT code FROM institution") == [("NORTH",)]


async def test_a_wrong_course_is_an_error_of_each_school_that_teaches_it(bring: Import, rows: Rows) -> None:
    tables = district()
    tables["classes"][2]["courseSourcedId"] = "crs-1"
    tables["courses"][0]["title"] = ""
    report = await bring(tables, refused=True)
    assert [(each.code, each.line, each.institution) for each in report.findings.errors] == [
        ("required", 2, "NORTH"),
        ("required", 2, "WEST"),
    ]
    assert await rows("SELECT count(*) FROM institution") == [(0,)]


async def test_one_school_can_be_chosen(bring: Import, rows: Rows) -> None:
    tables = district()
    tables["results"][0]["score"] = "99"
    await bring(tables, institution="WEST")
    assert await rows("SELECT code FROM institution") == [("WEST",)]


async def test_a_user_of_two_schools_is_a_record_in_each(bring: Import, rows: Rows) -> None:
    tables = district()
    tables["roles"].append(row("rol-both", userSourcedId="tea-1", role="teacher", orgSourcedId="org-1w2"))
    await bring(tables)
    assert await rows(
        "SELECT i.code, u.username FROM app_user u JOIN institution i ON i.id = u.institution_id"
        " WHERE u.username = 'teacher1' ORDER BY 1, 2"
    ) == [("NORTH", "teacher1"), ("WEST", "teacher1")]


async def test_an_institution_that_was_set_up_by_hand_has_to_be_named(
    bring: Import, empty_database: Urls, rows: Rows
) -> None:
    async with owner_session(empty_database) as session:
        await create_institution(session, "NORTH", "The North School")
    refused = await bring(sound(), refused=True)
    assert [(each.code, each.line) for each in refused.findings.errors] == [("code_taken", 3)]
    report = await bring(sound(), institution="NORTH")
    assert report.institutions[0].outcome is Outcome.IMPORTED
    assert await rows("SELECT value FROM configuration_setting WHERE key = 'WORKING_DAYS_PER_WEEK'") == [("6",)]
    assert (await bring(sound())).institutions[0].outcome is Outcome.NO_CHANGE


async def test_the_same_sourced_id_of_another_district_is_another_school(bring: Import, rows: Rows) -> None:
    await bring(sound())
    foreign = sound()
    foreign["orgs"][1].update(name="Far School", identifier="FAR")
    report = await bring(foreign)
    assert [(each.code, each.outcome) for each in report.institutions] == [("FAR", Outcome.IMPORTED)]
    assert await rows("SELECT code FROM institution ORDER BY 1") == [("FAR",), ("NORTH",)]
    assert await rows("SELECT count(DISTINCT institution_id), count(*) FROM grade") == [(2, 6)]


async def test_a_delta_for_a_school_that_two_districts_call_alike_has_to_say_which(bring: Import, rows: Rows) -> None:
    await bring(sound())
    foreign = sound()
    foreign["orgs"][1].update(name="Far School", identifier="FAR")
    await bring(foreign)
    delta = {"users": sound()["users"][:1]}
    delta["users"][0]["preferredGivenName"] = "Ash"
    report = await bring(delta, mode="delta", refused=True)
    assert [each.code for each in report.findings.errors] == ["ambiguous_institution"]
    await bring(delta, mode="delta", institution="FAR")
    assert await rows(
        "SELECT i.code, s.preferred_name FROM student s JOIN institution i ON i.id = s.institution_id"
        " WHERE s.first_name = 'Asha' ORDER BY 1"
    ) == [("FAR", "Ash"), ("NORTH", None)]
