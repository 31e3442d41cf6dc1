"""Search: which records are found, the best hits first, page by page."""

import datetime
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models import Gender, Student
from resolvers.searching import HIT_LIMIT
from tests.conftest import Execute, School
from tests.factories import (
    create_course,
    create_guardian,
    create_school_year,
    create_student,
    create_subject,
    create_user,
)

BORN, REGISTERED = datetime.date(2013, 5, 17), datetime.date(2025, 6, 1)
STUDENTS = "query($search: String) { students(search: $search) { totalCount nodes { lastName } } }"


async def names(execute: Execute, search: str) -> list[str]:
    page = (await execute(STUDENTS, search=search)).found["students"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["lastName"] for node in page["nodes"]]


PARTS = ["Priya", "priya", "PRIYA", "riy", "sharma", "iya Sha", "  sharma   priya ", "pri", "STU-2031", "00042"]
PARTS += ["98765", "4321", "080-12", "priya@", "@EXAMPLE.org", "pippi", "priya 4321 00042"]


@pytest.mark.parametrize("search", PARTS)
async def test_any_part_of_names_numbers_phones_and_e_mails(
    session: AsyncSession, school: School, execute: Execute, search: str
) -> None:
    await create_student(
        session,
        school,
        student_number="STU-2031-00042",
        first_name="Priya",
        last_name="Sharma",
        preferred_name="Pippi",
        mobile="9876504321",
        phone="080-123456",
        email="Priya@example.org",
    )
    await create_student(session, school, student_number="OTHER", first_name="Other", last_name="Person")
    assert await names(execute, search) == ["Sharma"]


async def test_all_words_must_be_found(session: AsyncSession, school: School, execute: Execute) -> None:
    await create_student(session, school, first_name="Asha", last_name="Rao")
    assert await names(execute, "asha rao") == ["Rao"]
    assert await names(execute, "asha nair") == []


async def test_best_hits_come_first(session: AsyncSession, school: School, execute: Execute) -> None:
    """A whole line, then the beginning of one, then the beginning of a word, then any part; ties by key."""
    for last_name, values in {
        "Inside": {"first_name": "Vasanth"},
        "Santhan": {"first_name": "Zoya"},
        "Begins": {"first_name": "Santhi"},
        "Begins too": {"first_name": "Santhi"},
        "Whole": {"first_name": "Zoya", "preferred_name": "Santh"},
    }.items():
        await create_student(session, school, last_name=last_name, **values)
    assert await names(execute, "santh") == ["Whole", "Begins", "Begins too", "Santhan", "Inside"]


LETTERS = [("%", ["Percent%Sign"]), ("t%s", ["Percent%Sign"]), ("_", ["Under_Score"]), ("r_s", ["Under_Score"])]
LETTERS += [("\\", ["Back\\Slash"]), ("'", ["O'Brien"]), ("é", ["Émile"]), ("ÉMI", ["Émile"]), ("a%b", []), ("\\%", [])]


@pytest.mark.parametrize(("search", "found"), LETTERS)
async def test_wildcards_are_letters(
    session: AsyncSession, school: School, execute: Execute, search: str, found: list[str]
) -> None:
    for last_name in ("Percent%Sign", "Under_Score", "Back\\Slash", "O'Brien", "Émile", "Plain"):
        await create_student(session, school, last_name=last_name)
    assert await names(execute, search) == found


@pytest.mark.parametrize("search", ["", "   ", "\0", "a b c d e f g h i", "x" * 101])
async def test_searches_that_cannot_be_meant_are_refused(execute: Execute, search: str) -> None:
    answer = await execute(STUDENTS, refused=True, search=search)
    assert answer.refusal == ("BAD_USER_INPUT", "search")


async def test_null_is_no_search(session: AsyncSession, school: School, execute: Execute) -> None:
    await create_student(session, school)
    assert (await execute(STUDENTS, search=None)).found["students"]["totalCount"] == 1


async def test_a_character_that_the_database_has_no_place_for_parts_words(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    await create_student(session, school, first_name="Asha", last_name="Rao")
    assert await names(execute, "as\0rao") == ["Rao"]


async def test_a_search_has_its_own_order(execute: Execute) -> None:
    document = '{ students(search: "asha", orderBy: [{ field: LAST_NAME }]) { totalCount } }'
    answer = await execute(document, refused=True)
    assert answer.refusal == ("BAD_USER_INPUT", "orderBy")


async def test_a_search_goes_with_a_filter(session: AsyncSession, school: School, execute: Execute) -> None:
    for first_name in ("Asha", "Ashok"):
        await create_student(session, school, first_name=first_name, last_name="Rao")
    document = '{ students(search: "ash", where: { firstName: { eq: "Ashok" } }) { totalCount nodes { firstName } } }'
    answer = await execute(document)
    assert answer.found["students"] == {"totalCount": 1, "nodes": [{"firstName": "Ashok"}]}
    assert answer.statements == 3


async def test_retired_records_are_not_found(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_student(session, school, last_name="Gone")
    student.deleted_at = student.created_at
    await session.flush()
    assert await names(execute, "gone") == []


async def test_every_searchable_list(session: AsyncSession, school: School, execute: Execute) -> None:
    single = {"first_name": None, "last_name": None, "single_name": "Needle Devi"}
    await create_guardian(session, school, **single, mobile="9876500001")
    await create_user(session, school, username="needle.user", first_name=None, last_name="Needle")
    await create_course(session, await create_school_year(session, school), name="Needlework", section="B")
    await create_subject(session, school, name="Crafts", code="NEEDLE")
    document = """{
        guardians(search: "needle 987") { totalCount nodes { fullName } }
        users(search: "needle") { totalCount nodes { fullName } }
        courses(search: "needle b") { totalCount nodes { name } }
        subjects(search: "needle") { totalCount nodes { name } }
    }"""
    assert (await execute(document)).found == {
        "guardians": {"totalCount": 1, "nodes": [{"fullName": "Needle Devi"}]},
        "users": {"totalCount": 1, "nodes": [{"fullName": "Needle"}]},
        "courses": {"totalCount": 1, "nodes": [{"name": "Needlework"}]},
        "subjects": {"totalCount": 1, "nodes": [{"name": "Crafts"}]},
    }


async def walk(execute: Execute, size: int, *, backward: bool) -> list[str]:
    document = """query($first: Int, $after: String, $last: Int, $before: String) {
        students(search: "as", first: $first, after: $after, last: $last, before: $before) {
            nodes { lastName } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
    }"""
    found: list[str] = []
    variables: dict[str, Any] = {"last": size} if backward else {"first": size}
    while True:
        page = (await execute(document, **variables)).found["students"]
        names = [node["lastName"] for node in page["nodes"]]
        found = names + found if backward else found + names
        if not page["pageInfo"]["hasPreviousPage" if backward else "hasNextPage"]:
            return found
        variables["before" if backward else "after"] = page["pageInfo"]["startCursor" if backward else "endCursor"]


async def test_hits_are_paged_from_both_ends(session: AsyncSession, school: School, execute: Execute) -> None:
    """Ranks tie and differ: seven begin with it, seven have it in the middle."""
    for n in range(14):
        await create_student(session, school, first_name="Asha" if n % 2 else "Vasu", last_name=f"Name{n}")
    expected = [f"Name{n}" for n in (*range(1, 14, 2), *range(0, 14, 2))]
    for size in (3, 7, 100):
        assert await walk(execute, size, backward=False) == expected
        assert await walk(execute, size, backward=True) == expected


async def many_students(session: AsyncSession, school: School, count: int) -> None:
    alike = {"first_name": "Many", "gender": Gender.FEMALE, "date_of_birth": BORN, "registration_date": REGISTERED}
    rows = [
        {"institution_id": school.id, "student_number": f"MANY-{n}", "last_name": f"{n:04}", **alike}
        for n in range(count)
    ]
    await session.execute(insert(Student), rows)


async def test_hits_are_capped_and_then_not_counted(session: AsyncSession, school: School, execute: Execute) -> None:
    await many_students(session, school, HIT_LIMIT)
    document = '{ students(search: "many", last: 1) { totalCount nodes { lastName } } }'
    assert (await execute(document)).found["students"] == {"totalCount": HIT_LIMIT, "nodes": [{"lastName": "0999"}]}
    await create_student(session, school, first_name="Many", last_name="Last")
    assert (await execute(document)).found["students"] == {"totalCount": None, "nodes": [{"lastName": "0999"}]}


async def test_a_search_is_two_statements_and_its_count_one_more(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    await create_student(session, school)
    assert (await execute('{ students(search: "rao") { nodes { id } } }')).statements == 2
    assert (await execute('{ students(search: "rao") { totalCount } }')).statements == 2
    twice = '{ a: students(search: "rao") { totalCount nodes { id } } b: students(search: "RAO") { nodes { age } } }'
    assert (await execute(twice)).statements == 4
