"""What comes with the students of a file: guardians, belonging to the school, and the class."""

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Enrollment, Guardian, SchoolEnrollment, Student, StudentGuardian
from tests.academics.marking import outcomes, refusals
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_course, create_grade_level, create_guardian, create_school_year, create_user
from tests.mutating import mutate
from tests.people.importing import ANJU, RAVI, Row, importing, stored
from tests.writing.locks import check_order
from tests.writing.sent import sent

PLACED: Row = {"gradeLevel": "VII", "section": "B"}
LEELA: Row = {
    "guardian1Relation": "mother",
    "guardian1FirstName": "Leela",
    "guardian1LastName": "Menon",
    "guardian1Mobile": "9876500000",
    "guardian1MayAccessRecords": "yes",
}
HARI: Row = {"guardian2SingleName": "Hari", "guardian2Email": "hari@example.org", "guardian2ContactPriority": "2"}


async def structure(session: AsyncSession, school: School) -> tuple[Any, Any, Any]:
    """The current school year, the seventh grade level, and the class of its section B beside a lesson."""
    year = await create_school_year(session, school)
    level = await create_grade_level(session, school, code="VII")
    of = {"grade_level_id": level.id, "section": "B"}
    await create_course(session, year, name="Swimming", **of)
    return year, level, await create_course(session, year, name="7 B", class_type="HOMEROOM", **of)


async def rows(session: AsyncSession, model: Any, *names: str) -> Sequence[Any]:
    found = await session.execute(select(*(getattr(model, name) for name in names)).order_by(model.id))
    return [tuple(row) for row in found]


async def test_a_row_puts_its_student_into_the_school_and_a_class_with_guardians(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    _, level, homeroom = await structure(session, school)
    there = await create_guardian(session, school, single_name="HARI", email="Hari@example.org")
    sister = ANJU | {"firstName": "Asha", "entryDate": "2025-08-01", "entryType": "transfer"}
    async with audited(connections, school):
        payload = await importing(execute, ANJU | PLACED | LEELA | HARI, sister | LEELA, RAVI)
    assert (payload["errors"], outcomes(payload)) == ([], ["CREATED"] * 3)
    anju, asha, _ = [student.id for student in await stored(session)]
    assert await rows(session, SchoolEnrollment, "student_id", "grade_level_id", "entry_date", "entry_type") == [
        (anju, level.id, datetime.date(2025, 11, 20), "NEW"),
        (asha, None, datetime.date(2025, 8, 1), "TRANSFER"),
    ]
    assert await rows(session, Enrollment, "student_id", "course_id", "begin_date", "status") == [
        (anju, homeroom.id, datetime.date(2025, 11, 20), "ACTIVE")
    ]
    (_, leela) = await session.scalars(select(Guardian).order_by(Guardian.id))
    assert (leela.full_name, leela.mobile) == ("Leela Menon", "9876500000")
    shown = "student_id", "guardian_id", "relation", "may_access_records", "contact_priority"
    assert await rows(session, StudentGuardian, *shown) == [
        (anju, leela.id, "MOTHER", True, 1),
        (anju, there.id, "UNKNOWN", False, 2),
        (asha, leela.id, "MOTHER", True, 1),
    ]
    warned = [[error["field"][2] for error in each["warnings"]] for each in payload["results"]]
    assert ["guardians" in fields for fields in warned] == [False, False, True]


BAD: list[tuple[Row, str, str]] = [
    ({"schoolYear": "1999-2000"}, "schoolYear", "'1999-2000' is the code of no school year"),
    ({"gradeLevel": "13"}, "gradeLevel", "'13' is the code of no grade level"),
    ({"section": "B"}, "gradeLevel", "must be given with a section"),
    ({"gradeLevel": "VII", "section": "C"}, "section", "'C' has no class of the grade level in 2025-2026"),
    ({"entryDate": "tomorrow"}, "entryDate", "'tomorrow' is not a day in the form YYYY-MM-DD or dd-MM-yyyy"),
    (
        {"entryDate": "2024-08-01"},
        "entryDate",
        "2024-08-01 is not in the school year 2025-2026, from 2025-06-01 to 2026-04-30",
    ),
    ({"guardian2FirstName": "Hari"}, "guardian2LastName", "a first and a last name must be given, or a single name"),
    (
        {"guardian3SingleName": "H"},
        "guardian3SingleName",
        "'H' has fewer than 2 characters, the school's shortest name",
    ),
    (HARI | {"guardian2ContactPriority": "0"}, "guardian2ContactPriority", "'0' is not between 1 and 99"),
    (HARI | {"guardian2Email": "hari"}, "guardian2Email", "'hari' is not an e-mail address"),
    (LEELA | {name.replace("1", "3"): value for name, value in LEELA.items()}, "guardian3", "is the same as guardian1"),
]


@pytest.mark.parametrize(("change", "field", "words"), BAD, ids=[str(place) for place in range(len(BAD))])
async def test_what_is_wrong_with_a_part_is_told_by_its_column(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    change: Row,
    field: str,
    words: str,
) -> None:
    await structure(session, school)
    async with audited(connections, school, nothing=True):
        payload = await importing(execute, RAVI, ANJU | change)
    ((_, told, message),) = refusals(payload["errors"])
    assert (told, message) == (f"file.3.{field}", f"file.3.{field}: {words}")


TWICE: Row = {
    "guardian1Relation": "father",
    "guardian1SingleName": "Ravi",
    "guardian1Mobile": "9876500001",
    "guardian1LegalGuardian": "yes",
    "guardian2SingleName": "RAVI",
    "guardian2Email": "ravi@example.org",
}


@pytest.mark.parametrize("dry", [False, True])
@pytest.mark.parametrize("known", [True, False])
async def test_nobody_is_the_guardian_of_a_student_twice(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, known: bool, dry: bool
) -> None:
    """Neither one at the school nor one further up; the row that is refused adds nobody, and no name for anybody."""
    both = {"guardian1SingleName": "Ravi", "guardian1Mobile": "9876500001", "guardian1Email": "ravi@example.org"}
    if known:
        await create_guardian(session, school, single_name="Ravi", mobile="9876500001", email="ravi@example.org")
    given = [
        RAVI | ({} if known else both),
        ANJU | TWICE | {"guardian3SingleName": "Uma", "guardian3Mobile": "9876500009"},
    ]
    async with audited(connections, school, nothing=True):
        payload = await importing(execute, *given, dryRun=dry)
    words = "file.3.guardian2: is the same person as guardian1"
    assert refusals(payload["errors"]) == [("CONFLICT", "file.3.guardian2", words)]
    async with audited(connections, school, nothing=dry):
        payload = await importing(execute, *given, mode="VALID_ROWS", dryRun=dry)
    assert (outcomes(payload), len(await rows(session, Guardian, "id"))) == (
        ["CREATED", "REFUSED"],
        int(known or not dry),
    )


@pytest.mark.parametrize("dry", [False, True])
async def test_whoever_will_see_records_with_an_account_that_is_there_is_told(
    session: AsyncSession, school: School, execute: Execute, dry: bool
) -> None:
    user = await create_user(session, school)
    await create_guardian(session, school, single_name="Leela Menon", mobile="9876500000", user_id=user.id)
    await create_guardian(session, school, single_name="Hari", email="hari@example.org")
    seeing = {"guardian2MayAccessRecords": "yes"}
    payload = await importing(
        execute, ANJU | LEELA | HARI | seeing, RAVI | LEELA | {"guardian1MayAccessRecords": "no"}, dryRun=dry
    )
    assert (payload["errors"], outcomes(payload)) == ([], ["CREATED"] * 2)
    told = [
        (error["code"], error["message"])
        for each in payload["results"]
        for error in each["warnings"]
        if error["field"][2].startswith("guardian1")
    ]
    words = "is at the school, and will see the records with the account that they have"
    assert told == [("CONFLICT", f"file.2.guardian1: {words}")]


async def test_an_import_is_taken_back_with_its_parts_unless_something_depends_on_one(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    await structure(session, school)
    payload = await importing(execute, ANJU | PLACED | LEELA)
    (leela,) = await session.scalars(select(Guardian))
    other = await mutate(execute, "createStudent", "student { id }", **_another(leela.id))
    async with audited(connections, school, nothing=True):
        (error,) = (await mutate(execute, "undo", "removed", operation=payload["operation"]))["errors"]
    assert error["message"] == "operation: its guardians have 1 link of a guardian by now"
    link = (await rows(session, StudentGuardian, "id"))[-1][0]
    assert (await mutate(execute, "unlinkGuardian", "__typename", id=f"sgu_{link}", version=1))["errors"] == []
    async with audited(connections, school), sent(connections) as statements:
        undone = await mutate(execute, "undo", "removed restored", operation=payload["operation"])
    check_order(statements)
    assert undone == {"removed": 5, "restored": 0, "errors": []}
    assert [await rows(session, model, "id") for model in (Guardian, Enrollment, SchoolEnrollment)] == [[], [], []]
    assert [f"stu_{key}" for (key,) in await rows(session, Student, "id")] == [other["student"]["id"]]


def _another(guardian: int) -> dict[str, Any]:
    about = {"mobile": "9876511112", "street": "Mill Road"}
    return RAVI | about | {"gender": "MALE", "guardians": [{"guardian": f"gua_{guardian}", "relation": "AUNT_UNCLE"}]}
